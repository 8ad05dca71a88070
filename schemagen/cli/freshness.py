"""Knowing that nothing changed without importing anything: a hash of all that the last build read, beside its output.

The memory is local (its folder ignores itself in git). It holds a hash of the configuration, of every source file of
the backend, of every other file of yours that the backend imported, of the installed packages' folders and of
schemagen itself. What it cannot see: data files and environment variables that a backend reads while it is imported.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import site
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import schemagen
from schemagen.cli.config import Config
from schemagen.cli.manifest import MANIFEST, digest, read_manifest
from schemagen.cli.output import Plan, replace_file

FOLDER = ".schemagen-cache"


@dataclass(frozen=True, slots=True)
class Memory:
    """What the last complete build read and wrote."""

    inputs: str  # hash of everything read
    outside: tuple[str, ...]  # files that the backend imported from outside its folder
    manifests: dict[str, str]  # output folder → hash of its manifest
    counts: dict[str, int]  # functions, tables, files


def fresh_by_memory(config: Config) -> dict[str, int] | None:
    """What the last build counted, if neither what it read nor what it wrote has changed since; else None."""
    memory = _recall(config)
    if memory is None or memory.inputs != hash_inputs(config, memory.outside):
        return None
    folders = {str(folder) for folder in output_folders(config)}
    if folders != memory.manifests.keys():
        return None
    for shown, hashed in memory.manifests.items():
        if hash_file(config.root / shown / MANIFEST) != hashed or not _as_written(config.root / shown):
            return None
    return memory.counts


def remember(config: Config, plans: Iterable[Plan], outside: tuple[str, ...], counts: dict[str, int]) -> None:
    """Keep what a build read and wrote. Best effort: without it, builds are only slower."""
    inputs = hash_inputs(config, outside)
    manifests = {str(plan.output.shown): hash_file(plan.output.folder / MANIFEST) for plan in plans}
    text = json.dumps({"inputs": inputs, "outside": outside, "manifests": manifests, "counts": counts}, indent=1)
    folder = cache_folder(config)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".gitignore").write_text("*\n")
        replace_file(folder / "build.json", text.encode())
    except OSError:
        forget(config)


def forget(config: Config) -> None:
    """Make the next build look at everything again."""
    (cache_folder(config) / "build.json").unlink(missing_ok=True)


def cache_folder(config: Config) -> Path:
    return config.root / config.contract.parent / FOLDER


def output_folders(config: Config) -> list[Any]:
    """Every folder we write to, below the project folder."""
    return [config.contract.parent, *(target.out for _, target in config.targets)]


def hash_inputs(config: Config, outside: Iterable[str]) -> str:
    """One hash of everything that can change what a build writes."""
    whole = hashlib.sha256()
    facts = (schemagen.__version__, platform.python_version(), *_own_code(), *_installed())
    whole.update(repr((config.backend, config.contract, config.python, config.typescript, facts)).encode())
    backend = config.root / config.backend
    for file in (*sorted(source_files(backend)), *sorted(outside)):
        whole.update(f"\0{file}\0{hash_file(Path(file))}".encode())
    return whole.hexdigest()


def source_files(folder: Path) -> Iterator[str]:
    """Every .py file below a folder, caches and hidden folders aside."""
    for at, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__" and not name.startswith(".")]
        yield from (f"{at}/{name}" for name in files if name.endswith(".py"))


def files_outside(modules: Iterable[ModuleType], config: Config) -> tuple[str, ...]:
    """Source files of imported modules that belong to neither Python, installed packages, schemagen nor the backend."""
    known = [*_package_folders(), *map(sysconfig.get_path, ("stdlib", "platstdlib"))]
    known += [str(Path(schemagen.__file__).parent), str(config.root / config.backend)]
    ours = tuple(f"{os.path.realpath(folder)}{os.sep}" for folder in known)
    found = {os.path.realpath(file) for module in modules if (file := getattr(module, "__file__", None))}
    return tuple(sorted(file for file in found if file.endswith(".py") and not file.startswith(ours)))


def _as_written(folder: Path) -> bool:
    for path, hashes in read_manifest(folder).files.items():
        try:
            content = (folder / path).read_bytes()
        except OSError:
            return False
        if len(hashes) != 1 or digest(content) != hashes[0]:
            return False
    return True


def _recall(config: Config) -> Memory | None:
    try:
        found = json.loads((cache_folder(config) / "build.json").read_bytes())
        return Memory(found["inputs"], tuple(found["outside"]), dict(found["manifests"]), dict(found["counts"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def hash_file(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""


def _own_code() -> Iterator[tuple[str, int, int]]:
    """Name, size and time of every file of ours: in a checkout the version alone says little."""
    package = Path(schemagen.__file__).parent
    templates = package / "_templates"
    below = (
        [package]
        if templates.is_dir()
        else [package, *(package.parent / "templates" / x for x in ("python", "typescript/dist"))]
    )
    for folder in below:
        yield from _stats(folder, lambda name: not name.endswith(".pyc"))


def _stats(folder: Path, wanted: Callable[[str], bool]) -> Iterator[tuple[str, int, int]]:
    for at, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__pycache__", "node_modules")))
        for name in sorted(filter(wanted, files)):
            path = f"{at}/{name}"
            stat = Path(path).stat()
            yield path, stat.st_size, stat.st_mtime_ns


def _installed() -> Iterator[tuple[str, int]]:
    """Installing or removing a package changes the time of the folder it is installed in."""
    for folder in _package_folders():
        try:
            yield folder, Path(folder).stat().st_mtime_ns
        except OSError:
            continue


def _package_folders() -> list[str]:
    return sorted(
        {path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")}
        | set(site.getsitepackages())
    )
