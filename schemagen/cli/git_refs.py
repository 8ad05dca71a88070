"""Which commit a branch or tag stands at, read from `.git` itself: starting git would take longer than all else.

What this cannot read (a reference table, `main~2`, an abbreviated id) is unknown here, and left to git.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_LINKS_MAX = 5
"""How many names may lead to one another; git allows as many."""


@dataclass(frozen=True, slots=True)
class GitFolder:
    """Where a work tree keeps its own names (`HEAD`), and where all work trees of a repository keep the shared ones."""

    own: Path
    shared: Path

    def resolve(self, name: str) -> str | None:
        """The id of the object that a name stands for, in git's own order of places; None if it cannot be told."""
        for full in (name, f"refs/{name}", f"refs/tags/{name}", f"refs/heads/{name}", f"refs/remotes/{name}"):
            found = self._read(full, _LINKS_MAX)
            if found is not None:
                return found
        return self._read(f"refs/remotes/{name}/HEAD", _LINKS_MAX)

    def _read(self, full: str, links: int) -> str | None:
        if full.startswith("/") or ".." in full or (not full.startswith("refs/") and not full.isupper()):
            return None
        text = self._loose(full)
        if text is None:
            return self._packed(full)
        if text.startswith("ref: "):
            return self._read(text[len("ref: ") :].strip(), links - 1) if links else None
        return text if _ID.fullmatch(text) else None

    def _loose(self, full: str) -> str | None:
        for folder in (self.own, self.shared):
            try:
                return (folder / full).read_text("utf-8").strip()
            except (OSError, ValueError):
                continue
        return None

    def _packed(self, full: str) -> str | None:
        try:
            lines = (self.shared / "packed-refs").read_text("utf-8").splitlines()
        except (OSError, ValueError):
            return None
        found = (line.split(" ", 1) for line in lines if line[:1] not in ("#", "^"))
        return next((parts[0] for parts in found if parts[1:] == [full] and _ID.fullmatch(parts[0])), None)


def find_git_folder(start: Path) -> GitFolder | None:
    """Of the work tree that a folder lies in; None if there is none, or if GIT_DIR says that it is elsewhere."""
    if "GIT_DIR" in os.environ and not _is_usual(os.environ["GIT_DIR"]):
        return None
    for folder in (start, *start.parents):
        own = folder / ".git"
        if own.is_dir():
            return GitFolder(own, own)
        if own.is_file():
            return _linked(own)
    return None


def _is_usual(git_dir: str) -> bool:
    """Hooks are run with GIT_DIR set to where it is anyway."""
    return Path(git_dir).name == ".git" or "worktrees" in Path(git_dir).parts


def _linked(file: Path) -> GitFolder | None:
    """A further work tree, or a submodule: its `.git` is a file that says where the folder is."""
    try:
        key, _, path = file.read_text("utf-8").strip().partition(": ")
        if key != "gitdir":
            return None
        own = file.parent / path
        shared = own / (own / "commondir").read_text("utf-8").strip() if (own / "commondir").is_file() else own
        return GitFolder(own, shared)
    except (OSError, ValueError):
        return None
