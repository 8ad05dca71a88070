"""`schemagen rename`: one name, in the backend and in everything that uses it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from schemagen.cli.config import Config, load_config
from schemagen.cli.mistake import CommandError, Mistake
from schemagen.cli.options import Project
from schemagen.cli.terminal import Terminal, counted

if TYPE_CHECKING:
    from schemagen.codemod.targets import CannotRename, Doubt

EPILOG = "Example: schemagen rename Contact.full_name Contact.name --dry-run"


def rename(
    old: Annotated[str, typer.Argument(help="Its name now: contacts.list, Contact.full_name, table:contacts.")],
    new: Annotated[str, typer.Argument(help="The name it gets.")],
    project: Project = Path(),
    table: Annotated[bool, typer.Option("--table", help="Both names are names of tables.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing; print the changes as a diff.")] = False,
) -> None:
    """Rename a function, an argument, a field, a table or a type, in the backend and in its consumers.

    Stored data follows through renamed_from=, which is written where the thing is declared, and so do callers of a
    function. Places that may mean it, and may not, are listed and left as they are.

    Exits with 0 if it was renamed, 2 if it cannot be; then nothing was written.
    """
    terminal = Terminal()
    config = load_config(project)
    changes = find_changes(config, old, new, terminal, table=table)
    if dry_run:
        terminal.clear()
        print(unified_diff(changes), end="", flush=True)
        terminal.warn(_summary(changes, "would be renamed"))
    else:
        from schemagen.cli.replacing import replace_all

        replace_all(config.root, changes.before, changes.after)
        terminal.say(_summary(changes, "renamed"))
        terminal.say("next: schemagen build")


@dataclass(frozen=True, slots=True)
class Changes:
    """What a rename changes, by path below the project folder."""

    says: str
    """`contacts.list to contacts.search`."""
    before: Mapping[str, str]
    after: Mapping[str, str]
    doubts: tuple[Doubt, ...]


def find_changes(config: Config, old: str, new: str, terminal: Terminal, *, table: bool = False) -> Changes:
    """Everything a rename changes, in memory. Raises `InvalidBackend`, and `CommandError` if it cannot be done."""
    from schemagen.cli.renaming import Renaming

    with _told_as_mistakes(config):
        renaming = Renaming(config, old, new, terminal, table=table)
        found = renaming.everywhere()
    return Changes(renaming.plan.says, found.before, found.after, found.doubts)


def unified_diff(changes: Changes) -> str:
    """As `git apply` takes it; "" if nothing changes."""
    lines: list[str] = []
    for path, after in changes.after.items():
        before = changes.before[path].splitlines(keepends=True)
        for line in difflib.unified_diff(before, after.splitlines(keepends=True), f"a/{path}", f"b/{path}"):
            lines.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return "".join(lines)


def _summary(changes: Changes, done: str) -> str:
    lines = [f"{done}: {changes.says}, in {counted(len(changes.after), 'file')}"]
    lines += [f"  {path}" for path in changes.after]
    if changes.doubts:
        lines.append(f"{counted(len(changes.doubts), 'place')} to look at, which may mean it and stayed as before:")
        lines += [f"  {doubt}" for doubt in changes.doubts]
    return "\n".join(lines)


@contextmanager
def _told_as_mistakes(config: Config) -> Iterator[None]:
    from schemagen.codemod.targets import CannotRename

    try:
        yield
    except CannotRename as cannot:
        raise CommandError(_mistake(cannot, config)) from None


def _mistake(cannot: CannotRename, config: Config) -> Mistake:
    source = ""
    if cannot.path and cannot.line:
        lines = (config.root / cannot.path).read_text("utf-8").splitlines()
        source = lines[cannot.line - 1] if cannot.line <= len(lines) else ""
    return Mistake(
        "rename_refused",
        cannot.message,
        why=cannot.why,
        fix=cannot.fix,
        file=cannot.path,
        line=cannot.line,
        column=cannot.column,
        source=source,
    )
