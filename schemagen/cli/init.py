"""`schemagen init`: a small project that works."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from shlex import quote
from typing import Annotated

import typer

from schemagen.cli.config_check import npm_name_mistake, python_name_mistake
from schemagen.cli.mistake import CommandError, Mistake
from schemagen.cli.terminal import Terminal

EPILOG = "Example: schemagen init shop"

HARMLESS = {".git", ".gitkeep", ".DS_Store", ".venv", ".idea", ".vscode"}
"""What a folder may hold and still count as empty; none of it is touched."""


def init(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder; its name becomes the name of the SDKs.")],
) -> None:
    """Write a small project that works.

    A backend, its configuration, an example client, a Makefile, pre-commit and CI files; the README says how to go on.
    """
    terminal = Terminal()
    _refuse_full(folder)
    files = project_files(folder.absolute().name)
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8", newline="\n")
    for path in files:
        terminal.say(f"  {folder / path}")
    go = "" if folder.absolute() == Path.cwd() else f"cd {quote(str(folder))} && "
    terminal.say(f"\nNext: {go}schemagen build && schemagen dev")


def project_files(name: str) -> dict[PurePosixPath, str]:
    """The files of a new project called `name`, by path below its folder."""
    from jinja2 import Environment, StrictUndefined

    from schemagen.emit.templates import template_root

    root = template_root() / "init"
    package = package_name(name)
    client = package if package != "client" else "app"
    scope = package.replace("_", "-")
    words = {"name": name, "package": package, "client": client, "scope": scope}
    jinja = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)
    files = {}
    for file in sorted(file for file in root.rglob("*") if file.is_file() and "__pycache__" not in file.parts):
        parts = [re.sub("^dot_", ".", part) for part in file.relative_to(root).parts]
        path, text = PurePosixPath(*parts), file.read_text("utf-8")
        if path.suffix == ".j2":
            path, text = path.with_suffix(""), jinja.from_string(text).render(words)
        files[path] = text
    return files


def package_name(folder: str) -> str:
    """The Python package of an SDK, from a folder's name: `My Shop` → `my_shop`; `app` if nothing is left of it."""
    name = re.sub(r"[^a-z0-9]+", "_", folder.lower()).strip("_")
    if name[:1].isdigit():
        name = f"app_{name}"
    if not name or npm_name_mistake(f"@{name}/backend"):
        return "app"
    taken = python_name_mistake(name) or name in ("backend", "example")
    return f"{name}_sdk" if taken else name


def _refuse_full(folder: Path) -> None:
    if folder.is_dir():
        found = sorted(entry.name for entry in folder.iterdir() if entry.name not in HARMLESS)
        if not found:
            return
        what = f"{folder} is not empty: it holds {', '.join(found[:3])}{', …' if len(found) > 3 else ''}"
    elif folder.exists() or folder.is_symlink():
        what = f"{folder} is there already, and is no folder"
    else:
        return
    raise CommandError(
        Mistake("init_not_empty", what, why="init overwrites nothing", fix="choose a folder that is new or empty")
    )
