"""The source of consumers, read from disk: which of the SDK's functions and fields they use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

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


def read_usage(config: Config, consumer: Consumer, contract: Contract | None = None) -> Usage:
    """What a consumer uses of its SDK; places are paths below the project folder.

    `contract` is what its SDK was generated from, by default the committed one. Raises CommandError: the folder is not
    there, the SDK is not configured, a file is no valid source.
    """
    folder = config.root / consumer.path
    if not folder.exists():
        raise CommandError(
            Mistake(
                "consumer_missing",
                f'consumer "{consumer.name}" is at {consumer.path}, where nothing is',
                why="what a consumer uses is read from its source",
                fix="correct its path in [[tool.schemagen.consumers]], or remove the consumer",
                file="pyproject.toml",
            )
        )
    known = committed_contract(config) if contract is None else contract
    return _read_python(config, consumer, known) if consumer.language == "python" else _read_ts(config, consumer, known)


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


def _read_python(config: Config, consumer: Consumer, contract: Contract) -> Usage:
    target = config.python
    if target is None:
        raise CommandError(sdk_missing(consumer))
    sources = {
        str(path): _text(config.root / path)
        for path in source_files(config.root, consumer.path, (".py",), skipped=(target.out, config.backend))
    }
    try:
        return python_usage(consumer.name, target.package, contract, sources)
    except UnreadableSource as error:
        raise CommandError(*(_unreadable(file, sources) for file in error.files)) from None


def _read_ts(config: Config, consumer: Consumer, contract: Contract) -> Usage:
    target = config.typescript
    if target is None:
        raise CommandError(sdk_missing(consumer))
    folder, sdk = config.root / consumer.path, config.root / target.out
    uses = read_typescript(folder, target.package, sdk, config.root, consumer.name)
    return typescript_usage(consumer.name, contract, uses)


def source_files(
    root: Path, path: PurePosixPath, endings: tuple[str, ...], skipped: tuple[PurePosixPath, ...]
) -> Iterator[PurePosixPath]:
    """The files below `path` with one of these endings, by their paths below `root`, in order."""
    if (root / path).is_file():
        yield path
        return
    for folder, folders, files in os.walk(root / path):
        below = PurePosixPath(Path(folder).relative_to(root).as_posix())
        if "pyvenv.cfg" in files or below in skipped:
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if name not in NOT_SOURCE and not name.startswith("."))
        yield from (below / name for name in sorted(files) if name.endswith(endings))


def sdk_missing(consumer: Consumer) -> Mistake:
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
