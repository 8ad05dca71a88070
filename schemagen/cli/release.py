"""`schemagen release`: remembers what one version of one client uses, so that no later change breaks it unseen."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from schemagen.cli.config import Config, Consumer, Language, load_config
from schemagen.cli.mistake import CommandError, Mistake, did_you_mean
from schemagen.cli.options import Project
from schemagen.cli.released_clients import FOLDER
from schemagen.cli.terminal import Terminal, counted

if TYPE_CHECKING:
    from schemagen.check.released import Released
    from schemagen.check.usage import Use
    from schemagen.model.contract import Contract

EPILOG = "Example: schemagen release mobile 3.2.0 --sunset 2027-06-30"
SHOWN_MAX = 20
"""How many places that use all of something are shown."""


def release(
    client: Annotated[
        str, typer.Argument(help="The client: a consumer of the configuration, or any name with --source.")
    ],
    version: Annotated[str, typer.Argument(help="The version that is released, as the client counts.")],
    project: Project = Path(),
    source: Annotated[Path | None, typer.Option(help="The client's source, if it is no configured consumer.")] = None,
    language: Annotated[str | None, typer.Option(help="python or typescript; goes with --source.")] = None,
    sunset: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="From this day on nobody cares whether it breaks.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write a version anew that is there already.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")] = False,
) -> None:
    """Remember what a released client uses.

    Its source is read for the functions, arguments and fields it uses of the SDK, and these are written to
    contracts/<client>/<version>.json. `schemagen check` fails for what breaks it, until its sunset.
    """
    terminal = Terminal(machine=json_)
    config = load_config(project)
    today = datetime.now(UTC).date()
    ends = None if sunset is None else _sunset(sunset, today)
    path = _path(client, version)
    consumer = _consumer(config, client, source, language)
    terminal.progress(f"reading {source or consumer.path}")
    made = _Made(config, path, *_release(config, consumer, version, today, ends))
    terminal.say(f"{made.write(force=force)} {path}\n{made}")
    terminal.answer(made.to_json())


def _release(
    config: Config, consumer: Consumer, version: str, today: date, sunset: date | None
) -> tuple[Released, Contract]:
    from schemagen.check.released import release_of
    from schemagen.cli.consumers import committed_contract, read_usage

    contract = committed_contract(config)
    usage = read_usage(config, consumer, contract)
    if not any(use.target.function or use.why_all for use in usage.uses):
        raise CommandError(_uses_nothing(config, consumer))
    return release_of(contract, usage, client=consumer.name, version=version, released=today, sunset=sunset), contract


@dataclass(frozen=True)
class _Made:
    """A release, and the file for it."""

    config: Config
    path: PurePosixPath
    release: Released
    contract: Contract
    """All there is, of which it uses a part."""

    def write(self, *, force: bool) -> str:
        """What was done with the file. Raises CommandError if there is another one already."""
        from schemagen.check.released import from_text, to_text

        file = self.config.root / self.path
        if file.exists() and not force:
            try:
                known = from_text(file.read_text("utf-8"))
            except ValueError:
                known = None
            if known is None or replace(known, released=self.release.released) != self.release:
                raise CommandError(_exists(self.release, self.path))
            return "unchanged:"
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary = file.with_name(f".schemagen-{file.name}.tmp")
        temporary.write_text(to_text(self.release), "utf-8")
        temporary.replace(file)
        return "wrote"

    @property
    def counts(self) -> dict[str, int]:
        from schemagen.model.contract import ObjectType

        used = self.release.contract
        return {
            "functions": len(used.functions),
            "arguments": sum(len(f.args) for f in used.functions),
            "types": len(used.types),
            "fields": sum(len(t.fields) for t in used.types if isinstance(t, ObjectType)),
        }

    @property
    def uses_all(self) -> list[Use]:
        return [use for use in self.release.usage.uses if use.why_all]

    def __str__(self) -> str:
        """How much it uses, and where the source does not say how much."""
        counts, whole = self.counts, len(self.contract.public.functions)
        said = ", ".join(counted(counts[name], name[:-1]) for name in ("arguments", "types", "fields"))
        lines = [f"{self.release.name} uses {counts['functions']} of {counted(whole, 'function')}, with {said}"]
        lines += [_shown(use) for use in self.uses_all[:SHOWN_MAX]]
        hidden = len(self.uses_all) - SHOWN_MAX
        lines += [f"… and {hidden} more"] if hidden > 0 else []
        lines += [f"it counts until {self.release.sunset}"] if self.release.sunset else []
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        every = [{"at": str(use.place), "of": _whole(use), "why": use.why_all} for use in self.uses_all]
        return {"file": str(self.path), "client": self.release.name, **self.counts, "usesAll": every}


def _shown(use: Use) -> str:
    """`  web/main.ts:3:9 uses all of Contact: JSON.stringify(contact)`."""
    return f"  {use.place} uses all of {_whole(use)}: {use.why_all}"


def _whole(use: Use) -> str:
    target = use.target
    if target.function:
        return f"{target.function}'s arguments" if target.argument else target.function
    return "every type" if target.type == "*" else target.type or "the SDK"


# --- what was asked for ---


def _consumer(config: Config, client: str, source: Path | None, language: str | None) -> Consumer:
    known = {consumer.name: consumer for consumer in config.consumers}
    if source is None and client in known:
        return known[client]
    if source is None:
        raise CommandError(_unknown(client, known))
    given = language or (known[client].language if client in known else None)
    return Consumer(client, PurePosixPath(source.absolute().as_posix()), _language(given))


def _language(given: str | None) -> Language:
    for language in get_args(Language):
        if language == given:
            found: Language = language
            return found
    raise CommandError(
        Mistake(
            "release_language",
            "--source needs --language" if given is None else f'--language "{given}" is neither python nor typescript',
            why="the source is read as a program of its language",
            fix="add --language python or --language typescript",
        )
    )


def _sunset(text: str, today: date) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is not None and found > today:
        return found
    raise CommandError(
        Mistake(
            "release_sunset",
            f'--sunset "{text}" is ' + ("no date" if found is None else "over already"),
            why="from its sunset on a client does not count, so that nothing would be checked for it",
            fix=f"a day to come, such as --sunset {today.replace(year=today.year + 1, day=1)}, or no sunset",
        )
    )


def _path(client: str, version: str) -> PurePosixPath:
    for what, name in (("client", client), ("version", version)):
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._+-]*", name):
            raise CommandError(
                Mistake(
                    "release_name",
                    f'the {what} "{name}" is no name for a file',
                    why=f"what it uses is kept in {FOLDER}/<client>/<version>.json",
                    fix="letters, digits, and . _ + - after the first",
                )
            )
    return PurePosixPath(FOLDER, client, f"{version}.json")


# --- mistakes ---


def _unknown(client: str, known: dict[str, Consumer]) -> Mistake:
    names = f"the configured ones are {', '.join(known)}" if known else "none is configured"
    return Mistake(
        "release_unknown_client",
        f'there is no consumer "{client}"{did_you_mean(client, known)}: {names}',
        why="what a client uses is read from its source, and the configuration says where that is",
        fix="add it as [[tool.schemagen.consumers]], or say --source <folder> --language <language>",
    )


def _uses_nothing(config: Config, consumer: Consumer) -> Mistake:
    target = config.python if consumer.language == "python" else config.typescript
    package = "" if target is None else target.package
    return Mistake(
        "release_uses_nothing",
        f'"{consumer.name}" uses no function of {package}: nothing in {consumer.path} calls one',
        why="a client that uses nothing is never broken, so that its file would be of no use",
        fix="see that this is the folder of its source, and that it imports the SDK by that name",
    )


def _exists(release: Released, path: PurePosixPath) -> Mistake:
    return Mistake(
        "release_exists",
        f"{release.name} was released before, and used something else",
        why="what is in people's hands does not change any more",
        fix="release the next version; if this one never left the house, --force writes it anew",
        file=str(path),
    )
