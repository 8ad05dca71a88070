"""What must hold between the paths and names of a configuration."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from schemagen.cli.mistake import Mistake
from schemagen.cli.toml_place import TomlPlaces

if TYPE_CHECKING:
    from schemagen.cli.config import Config

_NPM_NAME = re.compile(r"(@[a-z0-9~-][a-z0-9._~-]*/)?[a-z0-9~-][a-z0-9._~-]*")


def python_name_mistake(package: str) -> str:
    """What keeps a name from being a package of its own; "" if nothing does."""
    if not package.isidentifier() or not package.isascii():
        return "is no Python identifier"
    if keyword.iskeyword(package):
        return "is a word of the Python language"
    if package == "schemagen" or package in sys.stdlib_module_names:
        return "is the name of a package that is already there"
    return ""


def npm_name_mistake(package: str) -> str:
    """What keeps a name from being an npm package; "" if nothing does."""
    return "" if _NPM_NAME.fullmatch(package) and len(package) <= 214 else "is no npm package name"


def check_folders(config: Config, places: TomlPlaces) -> Iterator[Mistake]:
    """Mistakes of folders that each look right alone."""
    if not (config.root / config.backend).is_dir():
        yield places.mistake(
            ("backend",),
            "config_no_backend",
            f'backend is "{config.backend}", but there is no such folder in {config.root}',
            why="the backend is the Python package that everything is generated from",
            fix=f'create it, or set backend = "…" in [tool.schemagen] of {places.file}',
        )
    python = config.python
    if python is not None and python.package == config.backend.name:
        yield places.mistake(
            ("python", "package"),
            "config_value",
            f'package "{python.package}" is also the name of the backend',
            why="a program that imports one of them could not import the other",
            fix="give the SDK the name of your product",
        )
    yield from _outside(config, places)
    yield from _overlaps(config, places)


def _outside(config: Config, places: TomlPlaces) -> Iterator[Mistake]:
    """Output folders that a symlink leads out of the project."""
    root = config.root.resolve()
    for key, folder in _outputs(config):
        real = (root / folder).resolve()
        if not real.is_relative_to(root):
            yield places.mistake(
                key,
                "config_folder_outside",
                f'"{folder}" leads to {real}, outside the project folder',
                why="a build writes nothing outside its project",
                fix="replace the symbolic link by a folder, or choose another path",
            )


def _overlaps(config: Config, places: TomlPlaces) -> Iterator[Mistake]:
    outputs = list(_outputs(config))
    used = [("the backend", config.backend)] if config.backend.parts else []
    for key, folder in outputs:
        for what, other in used:
            if _meet(folder, other):
                yield places.mistake(
                    key,
                    "config_folder_overlap",
                    f'"{folder}" and "{other}" ({what}) overlap',
                    why="files that one build step writes, another would read, overwrite or remove",
                    fix="give each its own folder, such as generated/python and generated/typescript",
                )
        used.append((".".join(key), folder))


def _outputs(config: Config) -> Iterator[tuple[tuple[str, ...], PurePosixPath]]:
    for language, target in config.targets:
        yield (language, "out"), target.out
    yield ("contract",), config.contract


def _meet(one: PurePosixPath, other: PurePosixPath) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)
