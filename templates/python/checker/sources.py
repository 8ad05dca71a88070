"""The source of a consumer, read from disk. Nothing is imported or run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from schemagen.check.python_usage import python_usage
from schemagen.check.usage import UnreadableSource, Usage
from schemagen.model.contract import Contract

from .mistakes import CannotCheck, Mistake

NOT_SOURCE = frozenset({"node_modules", "__pycache__", "site-packages", "venv", "build", "dist"})
"""Folders in which nobody writes code by hand; those that begin with a dot besides."""


def read_sources(source: Path, sdk_folder: Path) -> dict[str, str]:
    """{path: text} of every Python file below `source`, but those of the SDK; raises CannotCheck if there is none."""
    found = {_shown(file): file.read_text("utf-8", errors="surrogateescape") for file in _files(source, sdk_folder)}
    if not found:
        raise CannotCheck(
            Mistake(
                "source_missing",
                f"there is no Python source in {source}",
                why="what is used of the SDK is read from the source of the program that uses it",
                fix="run this in the program's folder, or name that with --source",
            )
        )
    return found


def usage_in(sources: dict[str, str], consumer: str, package: str, contract: Contract) -> Usage:
    """What the sources use of a contract. Raises CannotCheck if a file is no valid Python."""
    try:
        return python_usage(consumer, package, contract, sources)
    except UnreadableSource as error:
        raise CannotCheck(
            *(
                Mistake(
                    "source_syntax",
                    f"not valid Python: {file.says}",
                    why="what is used of the SDK is read from the source, all of it",
                    fix="repair this line; files for another Python version belong outside the --source folder",
                    place=str(file.place),
                )
                for file in error.files
            )
        ) from None


def _files(source: Path, sdk_folder: Path) -> Iterator[Path]:
    if source.is_file():
        yield source
        return
    for folder, folders, files in os.walk(source):
        if "pyvenv.cfg" in files or Path(folder).resolve() == sdk_folder:
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if name not in NOT_SOURCE and not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(files) if name.endswith(".py"))


def _shown(file: Path) -> str:
    """As people find it from where they are."""
    try:
        return file.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return file.as_posix()
