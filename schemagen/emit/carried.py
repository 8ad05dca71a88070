"""Modules of schemagen that travel inside an SDK: those that its checker needs, found by following imports."""

from __future__ import annotations

import re
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
    for module, names in _IMPORT.findall(text):
        module = module.removeprefix(".")
        found.append(module)
        inside = (f"{module}.{name}" for name in re.findall(r"\w+", names))
        found += (name for name in inside if (_PACKAGE / _path(name)).with_suffix(".py").is_file())
    return found


_IMPORT = re.compile(r"^ *from schemagen((?:\.\w+)+) import (\([^)]*\)|.*)$", re.MULTILINE)


def module_text(module: str) -> str:
    """The source of one module of schemagen; "" if there is none."""
    file = _file(module)
    return _text(file) if (_PACKAGE / file).is_file() else ""


def _file(module: str) -> PurePosixPath:
    path = _path(module)
    return path / "__init__.py" if (_PACKAGE / path).is_dir() else path.with_suffix(".py")


def _path(module: str) -> PurePosixPath:
    return PurePosixPath(*module.split("."))


@cache
def _text(file: PurePosixPath) -> str:
    return (_PACKAGE / file).read_text("utf-8")
