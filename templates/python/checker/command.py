"""`python -m <package> check`: the lock, the installed SDK and a server, compared by what the source uses."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from schemagen.check.changes import Change
from schemagen.check.consumer import Checked, Comparison
from schemagen.check.locking import lock_of, unlocked
from schemagen.check.released import Released
from schemagen.check.reports.consumer import (
    github_of,
    json_of,
    mistakes_github,
    mistakes_json,
    mistakes_text,
    text_of,
)
from schemagen.check.usage import Usage
from schemagen.model.contract import Contract

from .deployed import Deployed, deployed_contract
from .lock_file import read_lock, today, write_lock
from .mistakes import CannotCheck, ContractChanged, Mistake
from .sdk import Sdk, installed_sdk
from .sources import read_sources, usage_in

LOCK = "schemagen.lock.json"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be checked, and where."""

    lock: Path
    source: Path
    url: str | None = None

    def update(self, sdk: Sdk) -> str:
        """The command that writes the lock anew."""
        options = [f"--lock {self.lock}"] if self.lock != Path(LOCK) else []
        options += [f"--source {self.source}"] if self.source != Path() else []
        return " ".join([f"python -m {sdk.package} check --update", *options])


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 if all fits, 1 if something does not, 2 if it could not be found out."""
    given = _parser(installed_sdk().package).parse_args(arguments)
    asked = Asked(Path(given.lock), Path(given.source), given.url)
    try:
        return _update(asked, given.format) if given.update else _report(asked, given.format)
    except CannotCheck as error:
        if given.format == "json":
            sys.stdout.write(mistakes_json(error.mistakes))
        elif given.format == "github":
            sys.stdout.write(mistakes_github(error.mistakes))
        else:
            sys.stderr.write(mistakes_text(error.mistakes))
        return 2


def check(*, lock: str = LOCK, source: str = ".", url: str | None = None) -> None:
    """Raises ContractChanged with the report as its text, or CannotCheck; both paths are below the working folder."""
    asked = Asked(Path(lock), Path(source), url)
    checked = _checked(asked)
    if not checked.ok:
        raise ContractChanged("\n" + text_of(checked, asked.update(installed_sdk())))


def _parser(package: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m {package}", description=f"What comes with the SDK {package}.")
    command = parser.add_subparsers(required=True, metavar="check").add_parser(
        "check",
        help="compare what this program uses with the installed SDK, and with a server",
        description="Compares what this program uses of the SDK, as the lock holds it, with the installed SDK; with "
        "--url also the SDK with a server. Exits with 0 if all fits, 1 if not, 2 if that could not be found out.",
    )
    command.add_argument("--lock", default=LOCK, metavar="FILE", help=f"the committed lock; {LOCK} by default")
    command.add_argument("--source", default=".", metavar="DIR", help="where the program's source is; here by default")
    command.add_argument("--update", action="store_true", help="write the lock from the source and the installed SDK")
    command.add_argument("--url", metavar="URL", help="the address of a server that the program has to get along with")
    command.add_argument("--format", choices=("text", "json", "github"), default="text", help="text by default")
    return parser


def _report(asked: Asked, form: str) -> int:
    checked = _checked(asked)
    match form:
        case "json":
            sys.stdout.write(json_of(checked))
        case "github":
            sys.stdout.write(github_of(checked, asked.update(installed_sdk())))
        case _:
            sys.stdout.write(text_of(checked, asked.update(installed_sdk())))
    return 0 if checked.ok else 1


def _checked(asked: Asked) -> Checked:
    sdk = installed_sdk()
    lock = read_lock(asked.lock, asked.update(sdk))
    sources = read_sources(asked.source, sdk.folder)
    usage = usage_in(sources, lock.client, sdk.package, sdk.contract)
    comparisons: list[Comparison] = []
    if lock.fingerprint != sdk.fingerprint:
        before = usage_in(sources, lock.client, sdk.package, lock.contract)
        changes = _felt(lock.contract, sdk.contract, before)
        comparisons.append(Comparison(str(asked.lock), sdk.package, changes))
    if asked.url is not None:
        comparisons += _compared_with_server(deployed_contract(asked.url), sdk, usage)
    return Checked(tuple(comparisons), unlocked(usage, lock.usage))


def _compared_with_server(server: Deployed, sdk: Sdk, usage: Usage) -> list[Comparison]:
    """What is built now calls as the installed SDK says."""
    if server.fingerprint == sdk.fingerprint:
        return []
    used = lock_of(sdk.contract, usage, "", today()).contract
    return [Comparison(sdk.package, server.url, _felt(used, server.contract, usage))]


def _felt(used: Contract, now: Contract, usage: Usage) -> tuple[Change, ...]:
    from schemagen.check.felt import felt  # the relation is loaded only where something differs

    return felt(used, now, usage)


def _update(asked: Asked, form: str) -> int:
    sdk = installed_sdk()
    client = _client_name(asked)
    usage = usage_in(read_sources(asked.source, sdk.folder), client, sdk.package, sdk.contract)
    if not usage.uses:
        raise CannotCheck(_unused(asked, sdk))
    lock = lock_of(sdk.contract, usage, client, today())
    written = write_lock(asked.lock, lock)
    functions = len(lock.contract.functions)
    told = f"{functions} function{'' if functions == 1 else 's'} of {sdk.package}"
    sys.stderr.write(f"{asked.lock}: {told}, {'written; commit it' if written else 'as before'}\n")
    return 0 if asked.url is None else _report(asked, form)


def _client_name(asked: Asked) -> str:
    """As the lock calls it, or as its folder is called."""
    try:
        lock: Released = read_lock(asked.lock, "")
    except CannotCheck:
        source = asked.source.resolve()
        return (source.parent if source.is_file() else source).name or "client"
    return lock.client


def _unused(asked: Asked, sdk: Sdk) -> Mistake:
    return Mistake(
        "source_without_uses",
        f"nothing in {asked.source} uses {sdk.package}",
        why="the lock holds what is used of the SDK, and would be empty",
        fix=f"name the folder of the source that imports {sdk.package} with --source",
    )
