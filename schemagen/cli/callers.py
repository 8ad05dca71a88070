"""Where the configured consumers use what breaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from schemagen.check.call_sites import call_sites
from schemagen.check.changes import Change
from schemagen.check.names import imported_names_gone
from schemagen.check.report import Finding
from schemagen.check.usage import Usage
from schemagen.cli.compiling import temporary_folder
from schemagen.cli.config import Config
from schemagen.cli.consumers import read_usage
from schemagen.cli.mistake import CommandError
from schemagen.cli.terminal import Terminal
from schemagen.model.contract import Contract


def with_call_sites(
    changes: Iterable[Change], config: Config, old: Contract, new: Contract, terminal: Terminal
) -> tuple[tuple[Change, ...], tuple[Finding, ...]]:
    """The changes, the breaking ones with their call sites; and a finding for each consumer that cannot be read.

    Types that consumers import and `new` does not have are changes, too. Sources are read as written against `old`,
    which still has what is gone; they are not read if nothing breaks and no type is gone.
    """
    changes = tuple(changes)
    names = old.public.types_by_name.keys() - new.public.types_by_name.keys()
    if not config.consumers or not (names or any(change.breaking for change in changes)):
        return changes, ()
    usages: list[Usage] = []
    findings: list[Finding] = []
    with _former_sdk(config, old) as sdk:
        for consumer in config.consumers:
            terminal.progress(f"reading {consumer.path}")
            try:
                usages.append(read_usage(config, consumer, old, sdk))
            except CommandError as error:
                says = f"the call sites in {consumer.name} are not known: {error.mistakes[0].message}"
                findings.append(Finding("consumer_unread", says, error.mistakes[0].fix, fails=False))
    found = tuple(replace(c, call_sites=call_sites(c, usages)) if c.breaking else c for c in changes)
    return (*found, *imported_names_gone(old, new, usages)), tuple(findings)


@contextmanager
def _former_sdk(config: Config, old: Contract) -> Iterator[Path | None]:
    """The TypeScript SDK of before, for a while: the one that is written may be of the new contract already."""
    target = config.typescript
    if target is None or all(consumer.language != "typescript" for consumer in config.consumers):
        yield None
        return
    from schemagen.emit.typescript import emit_typescript

    with temporary_folder(config, "sdk-") as folder:
        for path, text in emit_typescript(old, target.package, "").items():
            if path.name.endswith((".d.ts", ".json")):
                file = folder / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, "utf-8")
        yield folder
