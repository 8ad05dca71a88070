"""The modules of a program, read when they are first asked for, and what their names mean across imports."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from schemagen.codemod.scopes import Binding, Defined, Imported, Scope, Scopes, absolute_module, dotted, scopes_of

_BUILTINS: Final = frozenset(dir(builtins))


@dataclass(frozen=True, slots=True)
class Source:
    """One file of a program."""

    module: str
    """Its full name, `backend.schema.contacts`; of a package's `__init__.py` the package's."""
    path: str
    """As it is shown and written: below the project folder, or an absolute path."""
    text: str

    @property
    def is_package(self) -> bool:
        return self.path.endswith("__init__.py")


@dataclass(eq=False)
class Module:
    source: Source
    tree: cst.Module

    @property
    def name(self) -> str:
        return self.source.module

    @cached_property
    def package(self) -> str:
        """Where its relative imports begin."""
        return self.name if self.source.is_package else self.name.rpartition(".")[0]

    @cached_property
    def scopes(self) -> Scopes:
        return scopes_of(self.tree, self.package)

    def line(self, node: cst.CSTNode) -> tuple[int, int]:
        """Line and column of a node, from 1."""
        start = self._positions[node].start
        return start.line, start.column + 1

    @cached_property
    def _positions(self) -> Mapping[cst.CSTNode, CodeRange]:
        return MetadataWrapper(self.tree, unsafe_skip_copy=True).resolve(PositionProvider)


@dataclass(eq=False)
class Class:
    module: Module
    node: cst.ClassDef
    name: str
    """Its full name, `backend.schema.contacts.Contact`."""

    @property
    def scope(self) -> Scope:
        return self.module.scopes.owned[self.node]


@dataclass(eq=False)
class Function:
    module: Module
    node: cst.FunctionDef
    name: str

    @property
    def scope(self) -> Scope:
        return self.module.scopes.owned[self.node]

    @cached_property
    def params(self) -> tuple[cst.Param, ...]:
        """Those that can be given by position, then those by keyword."""
        params = self.node.params
        return (*params.posonly_params, *params.params, *params.kwonly_params)


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """A name that is no class, function or module: what it is bound to, and where."""

    module: Module
    scope: Scope
    name: str
    bindings: tuple[Binding, ...]

    @property
    def full_name(self) -> str:
        return f"{self.module.name}.{self.name}"


@dataclass(frozen=True, slots=True)
class ModuleName:
    name: str


@dataclass(frozen=True, slots=True)
class External:
    """A name of a library or of Python that nobody looks into, `typing.Annotated`, `builtins.list`; "" if unknown."""

    name: str


Definition: TypeAlias = Class | Function | Value | ModuleName | External
Reader: TypeAlias = Callable[[str], Source | None]


class Program:
    """`read` gives the source of a module by its full name, None for one that is not to be looked into."""

    def __init__(self, read: Reader) -> None:
        self._read = read
        self._modules: dict[str, Module | None] = {}
        self._by_path: dict[str, Module] = {}
        self._classes: dict[cst.ClassDef, Class] = {}
        self._functions: dict[cst.FunctionDef, Function] = {}
        self.by_name: dict[str, Class] = {}
        """Classes that were met, by full name."""

    def module(self, name: str) -> Module | None:
        if name not in self._modules:
            source = self._read(name)
            self._modules[name] = None if source is None else self.add(source)
        return self._modules[name]

    @property
    def modules(self) -> tuple[Module, ...]:
        """Those that were read, each once."""
        return tuple(self._by_path.values())

    def add(self, source: Source) -> Module:
        """A module. Raises `libcst.ParserSyntaxError`."""
        if source.path not in self._by_path:  # a file that is imported by two names is one module
            self._by_path[source.path] = Module(source, cst.parse_module(source.text))
        made = self._modules[source.module] = self._by_path[source.path]
        return made

    def class_of(self, module: Module, node: cst.ClassDef) -> Class:
        if node not in self._classes:
            made = self._classes[node] = Class(module, node, f"{module.name}.{_qualified(module, node)}")
            self.by_name[made.name] = made
        return self._classes[node]

    def function_of(self, module: Module, node: cst.FunctionDef) -> Function:
        if node not in self._functions:
            self._functions[node] = Function(module, node, f"{module.name}.{_qualified(module, node)}")
        return self._functions[node]

    def find_class(self, full_name: str) -> Class | None:
        """A class of the module's own level, by full name, wherever it is really declared; None if there is none."""
        if full_name not in self.by_name:
            module, _, name = full_name.rpartition(".")
            found = self.exported(module, name) if module else None
            if isinstance(found, Class):
                self.by_name[full_name] = found
        return self.by_name.get(full_name)

    def exported(self, module_name: str, name: str) -> Definition:
        """What `from module_name import name` gives."""
        module = self.module(module_name)
        if module is None:
            return External(f"{module_name}.{name}")
        scope = module.scopes.module
        own = [b for b in scope.bindings.get(name, ()) if not _is(b, module_name, name)]
        if own:
            return self.bound(module, scope, name)
        if self.module(f"{module_name}.{name}") is not None:
            return ModuleName(f"{module_name}.{name}")
        for star in stars(module):
            found = self.exported(star, name)
            if found != External("") and not isinstance(found, External):
                return found
        return External(f"{module_name}.{name}")

    def named(self, module: Module, scope: Scope, name: str) -> Definition:
        """What a name means in a scope."""
        found = scope.find(name)
        if found is not None:
            return self.bound(module, found, name)
        for star in stars(module):
            definition = self.exported(star, name)
            if not isinstance(definition, External):
                return definition
        return External(f"builtins.{name}" if name in _BUILTINS else "")

    def bound(self, module: Module, scope: Scope, name: str) -> Definition:
        """What a name of this very scope means, through however many imports."""
        bindings = scope.bindings[name]
        declared = [b for b in bindings if isinstance(b, Defined | Imported)]
        chosen = _implementation(declared) if declared else bindings[-1]
        match chosen:
            case Imported(module=source, name=None):
                return ModuleName(source)
            case Imported(module=source, name=str() as imported):
                if _is(chosen, module.name, name):
                    return ModuleName(f"{source}.{imported}")
                return self.exported(source, imported)
            case Defined(node=cst.ClassDef() as node):
                return self.class_of(module, node)
            case Defined(node=cst.FunctionDef() as node):
                return self.function_of(module, node)
            case _:
                return Value(module, scope, name, tuple(bindings))

    def expressed(self, module: Module, scope: Scope, node: cst.CSTNode) -> Definition:
        """What `a` or `a.b.c` means, as far as that takes no types: modules, and classes in classes."""
        match node:
            case cst.Name(value=name):
                return self.named(module, scope, name)
            case cst.Attribute(value=inner, attr=cst.Name(value=name)):
                match self.expressed(module, scope, inner):
                    case ModuleName(name=left):
                        return self.exported(left, name)
                    case External(name=left):
                        return External(f"{left}.{name}" if left else "")
                    case Class(module=home, scope=inside) if name in inside.bindings:
                        return self.bound(home, inside, name)
                    case _:
                        return External("")
            case _:
                return External("")


def stars(module: Module) -> Iterator[str]:
    """Modules that are imported with `*`."""
    for statement in module.tree.body:
        if isinstance(statement, cst.SimpleStatementLine):
            for small in statement.body:
                if isinstance(small, cst.ImportFrom) and isinstance(small.names, cst.ImportStar):
                    yield absolute_module(small, module.package)


def _implementation(declared: list[Defined | Imported]) -> Defined | Imported:
    """Of several the first, a property and not its setter; of overloads the last, their body."""
    first = declared[0]
    if isinstance(first, Defined) and isinstance(first.node, cst.FunctionDef):
        names = {dotted(decorator.decorator) for decorator in first.node.decorators}
        return declared[-1] if names & {"overload", "typing.overload"} else first
    return first


def _is(binding: Binding, module: str, name: str) -> bool:
    """Whether it is `from . import errors`, of a package's own submodule."""
    return isinstance(binding, Imported) and binding.module == module and binding.name == name


def _qualified(module: Module, node: cst.ClassDef | cst.FunctionDef) -> str:
    parts = [node.name.value]
    outer = module.scopes.enclosing(node, cst.ClassDef, cst.FunctionDef)
    while isinstance(outer, cst.ClassDef | cst.FunctionDef):
        parts.append(outer.name.value)
        outer = module.scopes.enclosing(outer, cst.ClassDef, cst.FunctionDef)
    return ".".join(reversed(parts))
