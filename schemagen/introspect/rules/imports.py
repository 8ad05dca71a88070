"""Rules of importing: the package, its modules, and that there is anything in them."""

from __future__ import annotations

import re

from schemagen.introspect.diagnostics import Diagnostic, Place
from schemagen.model.contract import Origin

__all__ = ["empty_backend", "import_failed", "invalid_module_name"]


def empty_backend(package: str, what: str) -> Diagnostic:
    return Diagnostic(
        rule="empty_backend",
        message=f'the backend package "{package}" {what}',
        place=None,
        why="a contract needs at least one function or table",
        fix=f"declare a function in {package}/messages.py:\n"
        "from schemagen import QueryCtx, query\n\n"
        "@query\n"
        "async def hello(ctx: QueryCtx, *, name: str) -> str:\n"
        '    return f"Hello {name}"',
    )


def invalid_module_name(name: str, problem: str) -> Diagnostic:
    return Diagnostic(
        rule="invalid_module_name",
        message=f'"{name}" {problem}',
        place=None,
        why="the path of a module is part of the names of its functions",
        fix="rename it, using small letters, digits and underscores",
    )


def import_failed(error: BaseException, module: str, file: str | None, line: int, text: str) -> Diagnostic:
    what = f"{type(error).__name__}: {_first_line(error)}" if str(error) else type(error).__name__
    return Diagnostic(
        rule="import_failed",
        message=f"importing this module failed with {what}",
        place=_whole_line(file, line, text),
        why="a backend is imported to read its declarations, so all of its modules must import",
        fix=_fix(error, module),
    )


def import_failed_syntax(error: SyntaxError, file: str | None) -> Diagnostic:
    line, column = error.lineno or 1, error.offset or 1
    end = error.end_offset if error.end_lineno == line and error.end_offset else 0
    place = Place(Origin(file, line, max(1, column)), max(1, end - column)) if file else None
    return Diagnostic(
        rule="import_failed",
        message=f"this is not Python: {error.msg}",
        place=place,
        why="a backend is imported to read its declarations, so all of its modules must import",
        fix="correct the syntax",
    )


def _whole_line(file: str | None, line: int, text: str) -> Place | None:
    if file is None:
        return None
    lines = text.split("\n")
    shown = lines[line - 1] if 0 < line <= len(lines) else ""
    indent = len(shown) - len(shown.lstrip())
    return Place(Origin(file, line, indent + 1), max(1, len(shown.strip())))


def _first_line(error: BaseException) -> str:
    line = str(error).strip().split("\n")[0].partition(". Set `arbitrary_types_allowed")[0]  # which would not help
    return re.sub(r" \([^()]*\)$", "", line) if isinstance(error, ImportError) else line  # "(/path/of/module.py)"


def _fix(error: BaseException, module: str) -> str:
    match error:
        case ModuleNotFoundError(name=str() as name):
            return f'install what provides "{name}", or correct the name'
        case ImportError() if "circular import" in str(error) or "partially initialized" in str(error):
            return "the two modules import each other: move what both need into a third one"
        case ImportError(name=str() as name):
            return f"declare it in {name}, or correct the name"
        case _ if type(error).__name__ == "PydanticSchemaGenerationError":
            return "give its fields types from docs/types.md"
        case SystemExit():
            return "a module must not end the process when it is imported: move that under a function"
        case _:
            return f"make `python -c 'import {module}'` work; its traceback says more"
