"""The lock: what a consumer uses of its SDK, as it was when somebody last looked. Committed beside the source."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from schemagen.check.locking import is_written
from schemagen.check.released import Released, from_text, to_text

from .mistakes import CannotCheck, Mistake


def read_lock(file: Path, update: str) -> Released:
    """Raises CannotCheck if there is none of a Python consumer; `update` is the command that makes it."""
    try:
        lock = from_text(file.read_text("utf-8"))
    except FileNotFoundError:
        raise CannotCheck(
            Mistake(
                "lock_missing",
                f"{file} does not exist",
                why="it holds what this program uses of the SDK, as it was when it was last checked",
                fix=f"make it with `{update}`, and commit it",
            )
        ) from None
    except (OSError, ValueError) as error:
        raise CannotCheck(_unreadable(file, str(error), update)) from None
    if lock.language != "python":
        raise CannotCheck(_unreadable(file, f"it is the lock of a {lock.language} program", update))
    return lock


def write_lock(file: Path, lock: Released) -> bool:
    """Whether the file had to change; if nothing but the day would, it is left alone."""
    try:
        if is_written(file.read_text("utf-8"), lock):
            return False
    except OSError:
        pass  # there is none
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(to_text(lock), "utf-8", newline="\n")
    return True


def today() -> str:
    return date.today().isoformat()


def _unreadable(file: Path, says: str, update: str) -> Mistake:
    return Mistake(
        "lock_unreadable",
        says,
        why="what is used now is compared with what the lock says was used",
        fix=f"take the file as it was committed, or write it anew with `{update}`; --lock names another one",
        place=str(file),
    )
