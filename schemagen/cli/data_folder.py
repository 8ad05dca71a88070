"""A folder of documents: a `<table>.jsonl` for each table, and a manifest that says that they are all there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from schemagen.cli.mistake import CommandError, Mistake

MANIFEST: Final = "manifest.json"
SUFFIX: Final = ".jsonl"
UNFINISHED: Final = ".part"
"""How the names of files end that are being written."""

_FORMAT = 1
_BUFFER_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class DataManifest:
    """What an export holds."""

    schema: str
    """`schema_digest` of the contract it was exported by."""
    ts: int
    """The commit it stands at."""
    tables: Mapping[str, int]
    """Documents by table."""

    def to_json(self) -> str:
        found = {"format": _FORMAT, "schema": self.schema, "ts": self.ts, "tables": dict(sorted(self.tables.items()))}
        return json.dumps(found, indent=2) + "\n"


class DataFolder:
    """A folder that is there to be imported."""

    def __init__(self, path: Path) -> None:
        """Raises `CommandError` for what is no such folder, or only a part of one."""
        if not path.is_dir():
            raise CommandError(_no_folder(path))
        if unfinished := sorted(path.glob(f"*{UNFINISHED}")):
            raise CommandError(_incomplete(path, f"holds {unfinished[0].name}, which an export did not finish"))
        self.path = path
        self.manifest = _read_manifest(path)
        found = sorted(file.name.removesuffix(SUFFIX) for file in path.glob(f"*{SUFFIX}"))
        if self.manifest is not None and (missing := sorted(self.manifest.tables.keys() - set(found))):
            raise CommandError(_incomplete(path, f"has no {missing[0]}{SUFFIX}, which its manifest names"))
        if not found:
            raise CommandError(_no_folder(path))
        self.tables = tuple(found)

    def lines(self, table: str) -> Iterator[tuple[int, bytes]]:
        """The lines of a table's file with their numbers, from 1; empty ones aside."""
        with (self.path / f"{table}{SUFFIX}").open("rb", buffering=_BUFFER_BYTES) as file:
            for number, line in enumerate(file, start=1):
                if not line.isspace():
                    yield number, line

    def check_count(self, table: str, count: int) -> None:
        """Raises `CommandError` if the manifest knows of another number of documents."""
        known = count if self.manifest is None else self.manifest.tables.get(table, count)
        if count != known:
            raise CommandError(
                _incomplete(self.path, f"has {count} documents in {table}{SUFFIX}; {known} were exported")
            )


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A folder to export to: new, or empty. What was written is taken away again if the block fails."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise CommandError(
            Mistake(
                "data_folder",
                f"{path} is there already, and not an empty folder",
                why="files of two exports in one folder would be imported as one",
                fix="name another folder with --out, or remove this one first",
            )
        )
    was_there = path.exists()
    path.mkdir(parents=True, exist_ok=True)
    try:
        yield path
    except BaseException:
        for file in (*path.glob(f"*{UNFINISHED}"), *path.glob(f"*{SUFFIX}")):
            file.unlink()
        if not was_there:
            path.rmdir()
        raise


def write_table(folder: Path, table: str, lines: Iterable[bytes]) -> int:
    """How many lines there were."""
    unfinished = folder / f"{table}{SUFFIX}{UNFINISHED}"
    count = 0
    with unfinished.open("wb", buffering=_BUFFER_BYTES) as file:
        for line in lines:
            file.write(line)
            count += 1
    return count


def finish(folder: Path, manifest: DataManifest) -> None:
    """Give the files their names; the manifest comes last, so that it stands for all of them."""
    for table in manifest.tables:
        (folder / f"{table}{SUFFIX}{UNFINISHED}").rename(folder / f"{table}{SUFFIX}")
    (folder / MANIFEST).write_text(manifest.to_json(), "utf-8", newline="\n")


def _read_manifest(path: Path) -> DataManifest | None:
    file = path / MANIFEST
    if not file.exists():
        return None
    try:
        found = json.loads(file.read_text("utf-8"))
        if found["format"] == _FORMAT:
            tables = {str(name): int(count) for name, count in found["tables"].items()}
            return DataManifest(str(found["schema"]), int(found["ts"]), tables)
        problem = f"was written by another version of schemagen (format {found['format']})"
    except (ValueError, KeyError, TypeError, AttributeError):
        problem = "is none that an export wrote"
    raise CommandError(
        Mistake(
            "data_folder",
            f"{file} {problem}",
            why="it says which documents the folder has to hold",
            fix="export again; or remove it if you wrote the .jsonl files yourself",
        )
    )


def _no_folder(path: Path) -> Mistake:
    return Mistake(
        "data_folder",
        f"{path} is no folder with .jsonl files",
        why="an import reads what an export wrote: a <table>.jsonl for each table",
        fix="name the folder that `schemagen data export` wrote",
    )


def _incomplete(path: Path, problem: str) -> Mistake:
    return Mistake(
        "data_incomplete",
        f"{path} {problem}",
        why="a part of the documents would pass for all of them",
        fix="export or copy it again; or remove manifest.json if the files are meant to be as they are",
    )
