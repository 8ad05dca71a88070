"""The Python files that may speak of a backend: its own, those of consumers, and tests or scripts that import it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

import schemagen
from schemagen.cli.config import Config
from schemagen.cli.mistake import CommandError, Mistake
from schemagen.codemod.program import Source

_LEFT_OUT = frozenset({"node_modules", "__pycache__", "site-packages"})


@dataclass(frozen=True)
class ProjectFiles:
    """Reads modules by name: the backend's, the project's, the SDK's as a build would write it, and schemagen's own."""

    config: Config
    sdk: Mapping[PurePosixPath, str] = field(default_factory=dict)
    """The files of the Python SDK, by their path below its folder."""

    @property
    def root(self) -> Path:
        return self.config.root

    def read(self, module: str) -> Source | None:
        """The source of a module; None for a library's, which nobody looks into."""
        parts = module.split(".")
        if parts[0] in sys.stdlib_module_names:
            return None
        path = PurePosixPath(*parts)
        for candidate in (path / "__init__.py", path.with_name(f"{path.name}.py")):
            if candidate in self.sdk:
                return Source(module, f"<sdk>/{candidate}", self.sdk[candidate])
            for root in self._roots if parts[0] != "schemagen" else (Path(schemagen.__file__).parents[1],):
                if (root / candidate).is_file():
                    return self.source(root / candidate, module)
        return None

    def source(self, file: Path, module: str) -> Source:
        """A file as a module. Raises `CommandError` if it is not UTF-8."""
        shown = file.relative_to(self.root).as_posix() if file.is_relative_to(self.root) else str(file)
        try:
            return Source(module, shown, file.read_bytes().decode())
        except UnicodeDecodeError as error:
            raise CommandError(
                Mistake(
                    "rename_unreadable",
                    f"{shown} is not UTF-8 text: {error.reason} at byte {error.start}",
                    why="a file that cannot be read cannot be searched for what is renamed",
                    fix="save it as UTF-8, or move it out of the project",
                )
            ) from None

    def backend(self) -> Iterator[Source]:
        """Every module of the backend."""
        folder = self.root / self.config.backend
        for file in [folder] if folder.is_file() else sorted(_python_files(folder, ())):
            yield self.source(file, _module_name(file, folder.parent))

    def consumers(self) -> Iterator[Source]:
        """Every file of the configured Python consumers."""
        for file in sorted(self._consumer_files):
            yield self.source(file, self._name(file))

    def others(self) -> Iterator[Source]:
        """Files of the project besides, that import the backend or its SDK: tests, scripts."""
        packages = [self.config.backend.stem, *([self.config.python.package] if self.config.python else [])]
        imports = re.compile(rf"^\s*(?:from|import)\s+(?:{'|'.join(map(re.escape, packages))})\b", re.MULTILINE)
        backend = self.root / self.config.backend
        for file in sorted(_python_files(self.root, self._generated)):
            if file in self._consumer_files or file == backend or backend in file.parents:
                continue
            if imports.search(file.read_text("utf-8", errors="ignore")):
                yield self.source(file, self._name(file))

    @cached_property
    def _generated(self) -> tuple[Path, ...]:
        return tuple(self.root / target.out for _, target in self.config.targets)

    @cached_property
    def _consumer_files(self) -> frozenset[Path]:
        folders = [self.root / c.path for c in self.config.consumers if c.language == "python"]
        files = [file for folder in folders if folder.is_file() for file in [folder]]
        files += [file for folder in folders for file in _python_files(folder, self._generated)]
        backend = self.root / self.config.backend
        return frozenset(file for file in files if backend not in file.parents)

    @cached_property
    def _roots(self) -> tuple[Path, ...]:
        """Folders that imports may begin at."""
        consumers = [self.root / c.path for c in self.config.consumers if c.language == "python"]
        sources = [folder / "src" for folder in (self.root, *consumers)]
        scripts = sorted({file.parent for file in self._consumer_files if not (file.parent / "__init__.py").exists()})
        return tuple(
            dict.fromkeys([(self.root / self.config.backend).parent, self.root, *consumers, *sources, *scripts])
        )

    def _name(self, file: Path) -> str:
        """A module's name from the project folder, or of `src` on the way to it."""
        parts = file.relative_to(self.root).with_suffix("").parts
        inner = parts[parts.index("src") + 1 :] if "src" in parts[:-1] else parts
        return ".".join(inner).removesuffix(".__init__")


def _module_name(file: Path, root: Path) -> str:
    return ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def _python_files(folder: Path, left_out: Iterable[Path]) -> Iterator[Path]:
    """Below a folder, without hidden folders, environments, packages of npm, and links."""
    outside = set(left_out)
    for path, folders, files in os.walk(folder):
        here = Path(path)
        folders[:] = sorted(name for name in folders if not _is_left_out(here / name, outside))
        yield from (here / name for name in files if name.endswith(".py") and not (here / name).is_symlink())


def _is_left_out(folder: Path, outside: set[Path]) -> bool:
    hidden = folder.name.startswith(".") or folder.name in _LEFT_OUT
    return hidden or folder in outside or folder.is_symlink() or (folder / "pyvenv.cfg").exists()
