"""The synthetic backend some weeks later: a handful of changes, as a release brings them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

EDITS: Final = (
    # a value more in a type that two functions of five use
    ("schema.py", '"won", "lost"]', '"won", "lost", "archived"]'),
    # a field that nobody has to know, a narrower one, and one that is gone
    ("schema.py", 'kind 3."""\n\n    name: str\n', 'kind 3."""\n\n    name: str\n    nick: str | None = None\n'),
    ("schema.py", 'things_4"):', 'things_4"):\n    rank: int = 0\n'),
    ("schema.py", "    country: str | None = None", "    country: str | None = None\n    zip_code: str | None = None"),
    # a new argument, a default that is gone, a function under another name, a field under another name
    ("module_1.py", "*, name: str, labels", "*, name: str, owner: str, labels"),
    ("module_4.py", "busy_from: int = 10", "busy_from: int"),
    ("module_3.py", "async def rename_3(", "async def retitle_3("),
    ("module_4.py", "    open: int\n", "    open_count: int\n"),
    ("module_4.py", "(open=count", "(open_count=count"),
    # words alone
    ("module_2.py", '"""One thing, or None."""', '"""One thing; None if it is gone."""'),
)
"""A file below `backend/`, what stands there (everywhere it stands), and what takes its place."""


def change_project(folder: Path) -> None:
    """Edit a project that `write_project` wrote; `schemagen build` is left to the caller."""
    for name, old, new in EDITS:
        file = folder / "backend" / name
        text = file.read_text("utf-8")
        assert old in text, f"{name} has no {old!r}"
        file.write_text(text.replace(old, new), "utf-8")
