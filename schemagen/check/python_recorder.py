"""Takes down what a Python consumer uses, and where."""

from __future__ import annotations

import ast

from schemagen.check.changes import Place, Target
from schemagen.check.python_program import SourceFile
from schemagen.check.python_surface import PythonSurface
from schemagen.check.python_values import (
    NOTHING,
    UNKNOWN,
    ApiFunction,
    ApiModule,
    Client,
    ClientClass,
    ModuleClass,
    Record,
    SomeRecord,
    Value,
    Values,
)
from schemagen.check.usage import ANY_TYPE, EVERYTHING, Use


class Recorder:
    """Takes down uses, once nothing more is to be learned."""

    def __init__(self, surface: PythonSurface) -> None:
        self.surface = surface
        self.uses: set[Use] = set()
        self.lost = False
        """A client was given to code that is not read, so any object may be it."""
        self.settled = False
        """A name that nothing was assigned to so far never will be: it may be anything."""
        self.met_unresolved = False
        self.learned = False

    def unresolved(self) -> Values:
        """What a name stands for that nothing was assigned to, so far."""
        self.met_unresolved = True
        return UNKNOWN if self.settled else NOTHING

    def use(self, target: Target, file: SourceFile, node: ast.AST, why_all: str = "") -> None:
        if self.learned:
            self.uses.add(Use(target, place_of(file, node), why_all))

    def all_of(self, value: Value, file: SourceFile, node: ast.AST, why: str) -> None:
        """Everything that can be reached through a value."""
        if not self.learned:
            return
        match value:
            case Client() | ClientClass():
                self.use(EVERYTHING, file, node, why)
            case ApiModule(path=path, sure=True) | ModuleClass(path=path):
                for function in self.surface.below(path):
                    self.use(Target(function.path), file, node, why)
            case ApiFunction(path=path):
                self.use(Target(path), file, node, why)
            case Record(name=name):
                self.use(Target(type=name), file, node, why)
            case SomeRecord():
                self.use(Target(type=ANY_TYPE), file, node, why)
            case _:
                pass


def place_of(file: SourceFile, node: ast.AST) -> Place:
    """Where a name stands; of a chain `a.b.c`, where its last part does."""
    match node:
        case ast.Attribute(attr=attr, end_lineno=int(line), end_col_offset=int(end)):
            return file.place(line, end - len(attr.encode()))
        case ast.expr() | ast.alias() | ast.keyword() | ast.stmt() | ast.pattern() | ast.excepthandler():
            return file.place(node.lineno, node.col_offset)
        case _:
            return file.place(1, 0)
