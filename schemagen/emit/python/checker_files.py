"""The checker that travels inside the package: its own files, and the parts of schemagen that these need.

Nothing is written anew for it: the relation that a consumer's build asks is the one that the backend's build asks.
"""

from __future__ import annotations

import re
from functools import cache

from schemagen.emit.carried import imported_modules, modules_needed
from schemagen.emit.python.text import HEADER
from schemagen.emit.templates import python_checker

MARKS = f"{HEADER}\n# ruff: noqa\n# type: ignore"
"""Where it comes from it is held to the rules of that place."""
_IMPORT = re.compile(r"^(\s*from )schemagen((?:\.\w+)*) import ", re.MULTILINE)


@cache
def checker_files() -> dict[str, str]:
    """The text of every file, by its path below `_checker`. The same for every contract."""
    files = {name: _carried(text, depth=1) for name, text in python_checker().items()}
    roots = [module for text in python_checker().values() for module in imported_modules(text)]
    for file, text in modules_needed(roots).values():
        files[str(file)] = _carried(text, depth=len(file.parts))
    return files


def _carried(text: str, depth: int) -> str:
    """With imports that hold wherever the package is: `from ..model.contract import Contract`."""
    dots = "." * depth
    moved = _IMPORT.sub(lambda found: f"{found[1]}{dots}{found[2][1:]} import ", text)
    return f"{MARKS}\n{moved}"
