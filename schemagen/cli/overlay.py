"""A project as it would be after some files changed: a temporary folder of links, with copies of what differs."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath


@contextmanager
def overlaid(root: Path, copied: PurePosixPath, texts: Mapping[str, str]) -> Iterator[Path]:
    """The project in a temporary folder: `copied` (below `root`) as files of its own, everything else as links.

    `texts` are the new texts, by path below `root`. The folder is gone afterwards.
    """
    with tempfile.TemporaryDirectory(prefix="schemagen-rename-") as temporary:
        target = Path(temporary).resolve() / root.name
        own = {root / path for path in texts} | {root / copied}
        _link(root, target, {parent for path in own for parent in path.parents} - set(root.parents))
        _copy(root / copied, target / copied)
        for path, text in texts.items():
            file = target / path
            file.unlink(missing_ok=True)
            file.write_bytes(text.encode())
        yield target


def _link(folder: Path, target: Path, opened: set[Path]) -> None:
    """Links to everything in a folder; folders with something of their own inside are made."""
    target.mkdir(parents=True)
    for entry in os.scandir(folder):
        path = Path(entry.path)
        if path in opened:
            _link(path, target / entry.name, opened)
        else:
            (target / entry.name).symlink_to(path)


def _copy(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True) if target.is_symlink() or target.is_file() else shutil.rmtree(target)
    if source.is_file():
        shutil.copyfile(source, target)
    else:
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
