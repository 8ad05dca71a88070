"""Where the text around the decisions is: `templates/` in a checkout, `schemagen/_templates/` in a wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


@cache
def template_root() -> Path:
    """The folder with one folder of templates per language."""
    packaged = _PACKAGE / "_templates"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "templates"


@cache
def typescript_runtime() -> dict[str, str]:
    """The text of every file of the compiled TypeScript runtime, by name."""
    folder = template_root() / "typescript"
    compiled = folder / "dist" if (folder / "dist").is_dir() else folder  # a wheel has what is in dist, and no sources
    return {file.name: file.read_text("utf-8") for file in sorted(compiled.iterdir()) if file.suffix in {".js", ".ts"}}


@cache
def python_runtime() -> dict[str, str]:
    """The text of every file of the Python runtime, by name."""
    folder = template_root() / "python" / "runtime"
    return {file.name: file.read_text("utf-8") for file in sorted(folder.iterdir()) if file.suffix == ".py"}


@cache
def python_checker() -> dict[str, str]:
    """The text of the checker's own files, by name. They import from schemagen what has to travel with them."""
    folder = template_root() / "python" / "checker"
    return {file.name: file.read_text("utf-8") for file in sorted(folder.iterdir()) if file.suffix == ".py"}


@cache
def typescript_checker() -> dict[str, str]:
    """The text of every file of the compiled checker, by its path below `check`."""
    folder = template_root() / "typescript"
    checker = (folder / "dist" if (folder / "dist").is_dir() else folder) / "check"
    found = {path.relative_to(checker).as_posix(): path for path in sorted(checker.rglob("*.mjs"))}
    del found["rename.mjs"]  # what `schemagen rename` runs, and no consumer
    found["command.d.mts"] = checker / "command.d.mts"
    return {name: path.read_text("utf-8") for name, path in found.items()}
