"""The checker that travels inside the package: its own files, and the parts of schemagen that these need.

Nothing is written anew for it: the relation that a consumer's build asks is the one that the backend's build asks.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path, PurePosixPath

from schemagen.emit.python.text import HEADER
from schemagen.emit.templates import python_checker

MARKS = f"{HEADER}\n# ruff: noqa\n# type: ignore"
"""Where it comes from it is held to the rules of that place."""
PACKAGE = Path(__file__).resolve().parents[2]
_IMPORT = re.compile(r"^(\s*from )schemagen((?:\.\w+)*) import ", re.MULTILINE)


@cache
def checker_files() -> dict[str, str]:
    """The text of every file, by its path below `_checker`. The same for every contract."""
    files = {name: _carried(text, depth=1) for name, text in python_checker().items()}
    for module in sorted(_closure(tuple(python_checker().values()))):
        path = PurePosixPath(*module.split("."))
        is_package = (PACKAGE / path).is_dir()
        file = path / "__init__.py" if is_package else path.with_suffix(".py")
        files[str(file)] = _carried((PACKAGE / file).read_text("utf-8"), depth=len(file.parts))
    return files


def _closure(texts: tuple[str, ...]) -> set[str]:
    """Every module of schemagen that the texts import, directly or through others: `check.compare`, `model`."""
    found: set[str] = set()
    todo = [module for text in texts for module in _imported(text)]
    while todo:
        module = todo.pop()
        if module not in found:
            found.add(module)
            folder, _, _ = module.rpartition(".")
            todo += [folder] if folder else []
            todo += _imported(_source(module))
    return found


def _imported(text: str) -> list[str]:
    found: list[str] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module is not None:
            root, _, module = node.module.partition(".")
            if root == "schemagen":
                assert module, "the package itself does not travel"
                found.append(module)
                inside = (f"{module}.{alias.name}" for alias in node.names)
                found += (name for name in inside if _file(name).is_file())
    return found


def _source(module: str) -> str:
    file = _file(module)
    return (file if file.is_file() else file.with_suffix("") / "__init__.py").read_text("utf-8")


def _file(module: str) -> Path:
    return PACKAGE.joinpath(*module.split(".")).with_suffix(".py")


def _carried(text: str, depth: int) -> str:
    """With imports that hold wherever the package is: `from ..model.contract import Contract`."""
    dots = "." * depth
    moved = _IMPORT.sub(lambda found: f"{found[1]}{dots}{found[2][1:]} import ", text)
    return f"{MARKS}\n{moved}"
