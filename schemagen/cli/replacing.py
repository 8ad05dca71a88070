"""Replaces many files or none."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from schemagen.cli.mistake import CommandError, Mistake
from schemagen.cli.output import TEMPORARY, replace_file


def replace_all(
    root: Path,
    before: Mapping[str, str],
    after: Mapping[str, str],
    replace: Callable[[Path, Path], None] = os.replace,
) -> None:
    """Put new texts in place of old ones, by path below `root`; whatever goes wrong, all are new or all are old.

    Every new text is on the disk before the first file is replaced. Raises `CommandError` if a file is not as it was
    read any more; then nothing has changed.
    """
    _refuse_changed(root, before)
    staged: dict[str, Path] = {}
    done: list[str] = []
    try:
        for number, (path, text) in enumerate(after.items()):
            file = (root / path).resolve()  # a link stays a link
            staged[path] = file.with_name(f"{TEMPORARY}rename-{os.getpid()}-{number}.tmp")
            staged[path].write_bytes(text.encode())
            staged[path].chmod(file.stat().st_mode)
        for path, temporary in staged.items():
            replace(temporary, (root / path).resolve())
            done.append(path)
    except BaseException:
        for path in done:
            replace_file((root / path).resolve(), before[path].encode())
        raise
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)


def _refuse_changed(root: Path, before: Mapping[str, str]) -> None:
    changed = [path for path, text in before.items() if (root / path).read_bytes() != text.encode()]
    if changed:
        raise CommandError(
            Mistake(
                "rename_changed",
                f"{', '.join(changed)} changed while it was read",
                why="a rename changes everything or nothing",
                fix="save what you are editing and run it again",
            )
        )
