"""Imports a backend package afresh: every module of it, whatever the others do."""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import cache_from_source
from keyword import iskeyword
from pathlib import Path
from time import perf_counter
from types import FrameType, ModuleType
from typing import TextIO

from schemagen.introspect.diagnostics import Diagnostic
from schemagen.introspect.rules import imports as rules
from schemagen.introspect.source import SourceIndex


@dataclass
class Imported:
    """What importing a backend gave."""

    package: str
    modules: dict[str, ModuleType] = field(default_factory=dict)  # by full name, sorted; without those that failed
    diagnostics: list[Diagnostic] = field(default_factory=list)
    output: str = ""  # what was printed on the way
    seconds: float = 0.0
    replaced: dict[str, ModuleType] = field(default_factory=dict)

    def undo(self) -> None:
        """Put back what `sys.modules` held before: the functions of the version before import lazily, too."""
        _forget(self.package)
        sys.modules.update(self.replaced)


def import_backend(folder: Path, sources: SourceIndex) -> Imported:
    """Every module below `folder`, or the single module that it is, imported anew.

    Nothing but KeyboardInterrupt comes out of it.
    """
    folder = folder.resolve()
    package = folder.stem if folder.suffix == ".py" else folder.name
    imported = Imported(package)
    mistake = _name_mistake(package)
    if mistake is not None:
        imported.diagnostics.append(mistake)
        return imported
    files = dict(_module_files(folder, imported.diagnostics, sources))
    if not files:
        imported.diagnostics.append(rules.empty_backend(package, "has no Python files"))
        return imported
    for file in files.values():
        _forget_racy_bytecode(file)
    imported.replaced = _forget(package)
    importlib.invalidate_caches()
    started = perf_counter()
    with _captured_output() as printed, _import_path(folder.parent):
        for name in sorted(files):
            _import_one(name, files[name], folder, imported, sources)
    imported.seconds = perf_counter() - started
    imported.output = printed()
    return imported


def _name_mistake(name: str) -> Diagnostic | None:
    if not _importable(name):
        return rules.invalid_module_name(name, "is no name for a Python module, so it cannot be imported")
    loaded = sys.modules.get(name)
    file = getattr(loaded, "__file__", None) or ""
    if name in sys.stdlib_module_names or name == "schemagen" or "site-packages" in Path(file).parts:
        return rules.invalid_module_name(name, "is also the name of a library that is in use")
    return None


def _module_files(folder: Path, diagnostics: list[Diagnostic], sources: SourceIndex) -> Iterator[tuple[str, Path]]:
    """Module names and their files. `__main__.py` is a program, not a module."""
    if folder.is_file():
        yield folder.stem, folder
        return
    for path, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name.isidentifier() and name != "__pycache__")
        package = ".".join((folder.name, *Path(path).relative_to(folder).parts))
        for name in sorted(files):
            stem, ending = os.path.splitext(name)  # noqa: PTH122  # a name, not a path
            if ending != ".py" or stem == "__main__" or stem.startswith("."):
                continue
            if not _importable(stem):
                shown = sources.file_name(str(Path(path, name))) or name
                diagnostics.append(
                    rules.invalid_module_name(shown, "is no name for a Python module, so nothing can import it")
                )
                continue
            yield (package if stem == "__init__" else f"{package}.{stem}"), Path(path, name)


def _importable(name: str) -> bool:
    return name.isidentifier() and not iskeyword(name)


def _forget_racy_bytecode(file: Path) -> None:
    """Python takes cached bytecode for fresh if the file has the same second and size: not so right after an edit."""
    try:
        cached = Path(cache_from_source(str(file)))
        if int(cached.stat().st_mtime) <= int(file.stat().st_mtime):
            cached.unlink()
    except (OSError, NotImplementedError):
        return


def _forget(package: str) -> dict[str, ModuleType]:
    names = [name for name in sys.modules if name == package or name.startswith(f"{package}.")]
    return {name: sys.modules.pop(name) for name in names}


def _import_one(name: str, file: Path, folder: Path, imported: Imported, sources: SourceIndex) -> None:
    try:
        imported.modules[name] = importlib.import_module(name)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a module may raise anything, SystemExit too
        imported.diagnostics.append(_failure(error, file, folder, sources))


def _failure(error: BaseException, file: Path, folder: Path, sources: SourceIndex) -> Diagnostic:
    """At the innermost line of the backend's own: where the author can do something about it."""
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).is_relative_to(folder):
        sources.of_path(error.filename)
        return rules.import_failed_syntax(error, sources.file_name(error.filename))
    frames = [(frame.f_code.co_filename, line) for frame, line in _frames(error)]
    own = [at for at in frames if Path(at[0]).is_relative_to(folder)]
    path, line = own[-1] if own else (str(file), 1)
    module = ".".join(Path(path).relative_to(folder.parent).with_suffix("").parts).removesuffix(".__init__")
    return rules.import_failed(error, module, sources.file_name(path), line, _text(sources, path))


def _text(sources: SourceIndex, path: str) -> str:
    sources.of_path(path)
    return sources.texts.get(sources.file_name(path) or "", "")


def _frames(error: BaseException) -> Iterator[tuple[FrameType, int]]:
    trace = error.__traceback__
    while trace is not None:
        yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next


@contextmanager
def _import_path(folder: Path) -> Iterator[None]:
    """`folder` first on the import path."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        if str(folder) in sys.path:
            sys.path.remove(str(folder))


class _Capture(io.TextIOBase):
    """Takes what is printed until `release`; later it passes on, for whoever kept this stream (a log handler does)."""

    def __init__(self, stream: TextIO | None, into: list[str]) -> None:
        self._stream = stream
        self._into: list[str] | None = into

    def release(self) -> None:
        self._into = None

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self._into is not None:
            self._into.append(text)
        elif self._stream is not None:
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        if self._into is None and self._stream is not None:
            self._stream.flush()

    def fileno(self) -> int:
        if self._stream is None:
            raise OSError("no file")
        return self._stream.fileno()

    def isatty(self) -> bool:
        return False


@contextmanager
def _captured_output() -> Iterator[Callable[[], str]]:
    printed: list[str] = []
    before = sys.stdout, sys.stderr
    captures = [_Capture(stream, printed) for stream in before]
    sys.stdout, sys.stderr = captures
    try:
        yield lambda: "".join(printed)
    finally:
        for capture in captures:
            capture.release()
        sys.stdout, sys.stderr = before
