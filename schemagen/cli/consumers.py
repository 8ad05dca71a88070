"""The source of consumers, read from disk: which of the SDK's functions and fields they use."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from schemagen.check.python_usage import python_usage
from schemagen.check.typescript_usage import typescript_usage
from schemagen.check.usage import Unreadable, UnreadableSource, Usage
from schemagen.cli.config import Config, Consumer
from schemagen.cli.mistake import CommandError, Mistake
from schemagen.cli.typescript_reader import read_typescript
from schemagen.model import canonical
from schemagen.model.contract import Contract

NOT_SOURCE = frozenset({"node_modules", "__pycache__", "site-packages", "venv", "build", "dist"})
"""Folders in which nobody writes code by hand; those that begin with a dot besides."""


def read_usage(
    config: Config, consumer: Consumer, contract: Contract | None = None, typescript_sdk: Path | None = None
) -> Usage:
    """What a consumer uses of its SDK; places are paths below the project folder, or below its own if it is elsewhere.

    `contract` is what its SDK was generated from, by default the committed one; `typescript_sdk` is where the
    TypeScript SDK of that contract lies, by default where it is built. Raises CommandError: the folder is not there,
    the SDK is not configured, a file is no valid source.
    """
    folder = config.root / consumer.path
    if not folder.exists():
        raise CommandError(
            Mistake(
                "consumer_missing",
                f'consumer "{consumer.name}" is at {consumer.path}, where nothing is',
                why="what a consumer uses is read from its source",
                fix="correct its path in [[tool.schemagen.consumers]] (or --source), or remove the consumer",
            )
        )
    known = committed_contract(config) if contract is None else contract
    target = config.python if consumer.language == "python" else config.typescript
    if target is None:
        raise CommandError(_sdk_missing(consumer))
    root = config.root if folder.resolve().is_relative_to(config.root.resolve()) else folder
    if consumer.language == "python":
        skipped = (config.root / target.out, config.root / config.backend)
        return _read_python(consumer.name, target.package, known, folder, root, skipped)
    uses = read_typescript(folder, target.package, typescript_sdk or config.root / target.out, root, consumer.name)
    return typescript_usage(consumer.name, known, uses)


def committed_contract(config: Config) -> Contract:
    """The contract that the SDKs in the project were generated from. Raises CommandError if there is none."""
    file = config.root / config.contract
    try:
        return canonical.from_json(file.read_text("utf-8"))
    except FileNotFoundError:
        message, fix = "it does not exist", "run `schemagen build`"
    except (ValueError, UnicodeDecodeError) as error:
        message, fix = str(error), "run `schemagen build`, which writes it anew"
    raise CommandError(
        Mistake(
            "contract_unreadable",
            message,
            why="consumers are compiled against the SDK that was generated together with this file",
            fix=fix,
            file=str(config.contract),
        )
    )


def _read_python(
    name: str, package: str, contract: Contract, folder: Path, root: Path, skipped: tuple[Path, ...]
) -> Usage:
    files = source_files(folder, (".py",), {path.resolve() for path in skipped})
    sources = {file.relative_to(root.resolve()).as_posix(): _text(file) for file in files}
    try:
        return python_usage(name, package, contract, sources)
    except UnreadableSource as error:
        raise CommandError(*(_unreadable(file, sources) for file in error.files)) from None


def source_files(folder: Path, endings: tuple[str, ...], skipped: Collection[Path] = ()) -> Iterator[Path]:
    """The files below `folder` (or that file itself) with one of these endings, in order; `skipped` are folders."""
    whole = folder.resolve()
    if whole.is_file():
        yield whole
        return
    for at, folders, files in os.walk(whole):
        if "pyvenv.cfg" in files or Path(at) in skipped:
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if name not in NOT_SOURCE and not name.startswith("."))
        yield from (Path(at) / name for name in sorted(files) if name.endswith(endings))


def _sdk_missing(consumer: Consumer) -> Mistake:
    return Mistake(
        "consumer_without_sdk",
        f'consumer "{consumer.name}" is written in {consumer.language}, and no {consumer.language} SDK is configured',
        why="what it uses is found by the name of the SDK's package",
        fix=f"add [tool.schemagen.{consumer.language}] with out and package, or remove the consumer",
        file="pyproject.toml",
    )


def _text(file: Path) -> str:
    return file.read_text("utf-8", errors="surrogateescape")


def _unreadable(file: Unreadable, sources: dict[str, str]) -> Mistake:
    lines = sources.get(file.place.file, "").splitlines()
    return Mistake(
        "consumer_syntax",
        f"not valid Python: {file.says}",
        why="what a consumer uses is read from its source, all of it",
        fix="repair this line; a file that is not meant for this Python version belongs outside the consumer's folder",
        file=file.place.file,
        line=file.place.line,
        column=file.place.column,
        source=lines[file.place.line - 1] if file.place.line <= len(lines) else "",
    )
