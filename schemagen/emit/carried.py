"""Modules of schemagen that travel inside an SDK: those that its checker needs, found by following imports."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cache
from pathlib import Path, PurePosixPath

_PACKAGE = Path(__file__).resolve().parent.parent


def modules_needed(roots: Iterable[str]) -> dict[str, tuple[PurePosixPath, str]]:
    """`roots` (`check.compare`) and all that they import of schemagen, directly or through others, sorted.

    Each with its file below the package and its text.
    """
    found: dict[str, tuple[PurePosixPath, str]] = {}
    todo = list(roots)
    while todo:
        module = todo.pop()
        if module not in found:
            file = _file(module)
            found[module] = (file, _text(file))
            folder = module.rpartition(".")[0]
            todo += [folder] if folder else []
            todo += imported_modules(found[module][1])
    return dict(sorted(found.items()))


def imported_modules(text: str) -> list[str]:
    """What a text imports of schemagen: `model.contract`, `wire`."""
    found: list[str] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module is not None:
            root, _, module = node.module.partition(".")
            if root == "schemagen":
                assert module, "the package itself does not travel"
                found.append(module)
                inside = (f"{module}.{alias.name}" for alias in node.names)
                found += (name for name in inside if (_PACKAGE / _path(name)).with_suffix(".py").is_file())
    return found


def _file(module: str) -> PurePosixPath:
    path = _path(module)
    return path / "__init__.py" if (_PACKAGE / path).is_dir() else path.with_suffix(".py")


def _path(module: str) -> PurePosixPath:
    return PurePosixPath(*module.split("."))


@cache
def _text(file: PurePosixPath) -> str:
    return (_PACKAGE / file).read_text("utf-8")
