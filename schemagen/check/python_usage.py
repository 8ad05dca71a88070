"""What a Python consumer uses of an SDK, read from its source: nothing is imported or run.

All files are read together until no more is learned about what names and attributes stand for; then the uses are taken
down. What cannot be followed counts as used: by name where there is one, whole where there is none. Code that is text
(`exec`, templates) is not seen.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from schemagen.check.python_program import Program, SourceFile, parse_program
from schemagen.check.python_reader import FileReader
from schemagen.check.python_recorder import Recorder
from schemagen.check.python_surface import PythonSurface
from schemagen.check.usage import Usage, usage_of
from schemagen.model.contract import Contract

ROUNDS_MAX = 1_000
"""Every round learns at least one fact. Facts mostly travel with the text: three or four rounds are usual."""


def python_usage(consumer: str, package: str, contract: Contract, sources: Mapping[str, str]) -> Usage:
    """The uses of the SDK `package` in `sources` ({path: text}; paths with forward slashes, as they are to be shown).

    `contract` is what the SDK was generated from. Raises UnreadableSource if a file is no valid Python.
    """
    surface = PythonSurface(contract, package)
    program = parse_program(sources)
    if not any(_imports(file, package) for file in program.files):
        return usage_of(consumer, "python", set())
    recorder = Recorder(surface)
    _learn(program, surface, recorder)
    recorder.settled = True
    if recorder.met_unresolved:
        _learn(program, surface, recorder)
    recorder.learned = True
    _read(program, surface, recorder)
    return usage_of(consumer, "python", recorder.uses)


def _learn(program: Program, surface: PythonSurface, recorder: Recorder) -> None:
    for _ in range(ROUNDS_MAX):
        program.changed = recorder.met_unresolved = False
        _read(program, surface, recorder)
        if not program.changed:
            return
    raise AssertionError("names of a consumer still change")


def _read(program: Program, surface: PythonSurface, recorder: Recorder) -> None:
    for file in program.files:
        FileReader(program, surface, file, recorder).read()


def _imports(file: SourceFile, package: str) -> bool:
    """Whether a file names the package at all, be it as text in `import_module("crm")`."""
    for node in ast.walk(file.tree):
        match node:
            case ast.Import(names=names) if any(_is_in(alias.name, package) for alias in names):
                return True
            case ast.ImportFrom(module=str(module), level=0) if _is_in(module, package):
                return True
            case ast.Constant(value=str(text)) if _is_in(text, package):
                return True
    return False


def _is_in(dotted: str, package: str) -> bool:
    return dotted == package or dotted.startswith(f"{package}.")
