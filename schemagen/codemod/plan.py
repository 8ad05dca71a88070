"""From what is asked for to what is renamed in the backend: the declarations, and whether the new name is free."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

import libcst as cst

from schemagen.codemod.annotations import Annotations
from schemagen.codemod.declarations import Declaration, OfField, OfFunction, OfTable
from schemagen.codemod.program import Class, Function, Module, Program
from schemagen.codemod.request import (
    RenameArgument,
    RenameField,
    RenameFunction,
    RenameTable,
    RenameType,
    Request,
    module_spelled,
)
from schemagen.codemod.scopes import Assigned, Defined
from schemagen.codemod.targets import Argument, CannotRename, Member, Symbol, Target, Text
from schemagen.codemod.types import Instance
from schemagen.model.contract import Contract, ErrorType, Field, ObjectType, Origin
from schemagen.model.contract import Function as ContractFunction
from schemagen.model.naming import camel_case


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done in the backend."""

    says: str
    """`contacts.list to contacts.search`, as Python spells them."""
    targets: tuple[Target, ...]
    declarations: tuple[Declaration, ...] = ()
    origins: frozenset[Origin] = frozenset()
    """Of a field: the lines that declare it."""


@dataclass(frozen=True, slots=True)
class Declares:
    """A backend: its contract, its modules, and where each function stands."""

    contract: Contract
    modules: tuple[Module, ...]
    functions: Mapping[str, tuple[str, str]]
    """Path on the wire → module and name in Python."""


def plan(request: Request, backend: Declares, program: Program) -> Plan:
    """Raises `CannotRename` if there is no such thing, the new name is taken, or it is not written as a name."""
    planner = _Planner(backend, program)
    match request:
        case RenameFunction():
            return planner.function(request)
        case RenameArgument():
            return planner.argument(request)
        case RenameField():
            return planner.field(request)
        case RenameTable():
            return planner.table(request)
        case RenameType():
            return planner.type(request)
        case _:
            assert_never(request)


class _Planner:
    def __init__(self, backend: Declares, program: Program) -> None:
        self.backend = backend
        self.contract = backend.contract
        self.program = program
        self.annotations = Annotations(program)

    # --- functions ---

    def function(self, request: RenameFunction) -> Plan:
        old = self._contract_function(request.old)
        if request.new == request.old:
            raise _same(module_spelled(request.old))
        if request.new in self.contract.functions_by_path:
            taken = self.contract.functions_by_path[request.new]
            raise _exists(f"the function {taken.python_path}", taken.origin)
        declared = self._declared_function(old)
        module, name = self.backend.functions[old.path]
        new = f"{old.module}.{module_spelled(request.new).rpartition('.')[2]}".lstrip(".")
        paths = tuple(dict.fromkeys((old.python_path, old.path, f"{module}.{name}")))
        symbol = Symbol(module, name, request.name, paths)
        return Plan(f"{old.python_path} to {new}", (symbol,), (OfFunction(declared.node, old.python_path, new),))

    def _contract_function(self, path: str) -> ContractFunction:
        found = self.contract.functions_by_path.get(path)
        if found is not None:
            return found
        known = [f.python_path for f in self.contract.functions]
        raise CannotRename(
            f"there is no function {module_spelled(path)}{_did_you_mean(module_spelled(path), known)}",
            why="a function is named as clients call it: module and function, contacts.list",
            fix=f"functions: {_some(known)}",
        )

    def _declared_function(self, function: ContractFunction) -> Function:
        module, name = self.backend.functions[function.path]
        found = self.program.exported(module, name)
        if isinstance(found, Function) and found.module.name == module and found.node.name.value == name:
            return found
        raise CannotRename(
            f"{function.python_path} is not declared by a def called {name} in {module}",
            why="only a name that is written can be rewritten",
            fix=f'rename it by hand, and give it renamed_from="{function.python_path}"',
        )

    def argument(self, request: RenameArgument) -> Plan:
        function = self._contract_function(request.function)
        found = next((a for a in function.args if request.old in (a.name, a.wire_name)), None)
        if found is None:
            known = [a.name for a in function.args]
            raise CannotRename(
                f"{function.python_path} has no argument {request.old}{_did_you_mean(request.old, known)}",
                why="an argument is written function(argument)",
                fix=f"its arguments: {_some(known) or 'none'}",
            )
        if request.new == found.name:
            raise _same(f"{function.python_path}({found.name})")
        if any(request.new in (a.name, a.wire_name) for a in function.args):
            raise _exists(f"the argument {request.new} of {function.python_path}", function.origin)
        declared = self._declared_function(function)
        param = next(p for p in declared.params if p.name.value == found.name)
        assert param.annotation is not None, "the backend is valid: every argument has its type"
        target = Argument(frozenset([declared.name]), found.name, request.new, found.wire_name)
        says = f"{function.python_path}({found.name}) to {function.python_path}({request.new})"
        return Plan(says, (target,), (OfField(param.annotation, found.name, request.new),))

    # --- fields ---

    def field(self, request: RenameField) -> Plan:
        cls = self._class(request.cls)
        name, home = self._declared_field(cls, request)
        if request.new == name:
            raise _same(f"{request.cls}.{name}")
        if home.name != cls.name:
            base = home.name.rpartition(".")[2]
            raise CannotRename(
                f"{request.cls}.{name} is declared in {base}, and all that is derived from it has it",
                why="renaming it renames it in all of them",
                fix=f"schemagen rename {base}.{name} {base}.{request.new}",
            )
        declared = list(self._redeclared(home, name))
        for each in self._derived(home):
            self._refuse_taken(each, request.new)
        wire = next((f.wire_name for f in self._contract_fields(name, declared)), camel_case(name))
        target = Member(frozenset([home.name]), name, request.new, wire if wire != name else "")
        origins = frozenset(Origin(m.source.path, m.line(node.target)[0]) for m, node in declared)
        notes = tuple(OfField(node.annotation, name, request.new) for _, node in declared)
        return Plan(f"{request.cls}.{name} to {request.cls}.{request.new}", (target,), notes, origins)

    def _declared_field(self, cls: Class, request: RenameField) -> tuple[str, Class]:
        """The name of a field in Python, and the class that declares it."""
        known: dict[str, Class] = {}
        for base in self.annotations.mro(Instance(cls.name)):
            found = self.program.find_class(base.name)
            if found is not None and self._is_ours(found):
                for name in _fields(found):
                    known.setdefault(name, found)
        for name, home in known.items():
            if request.old == name or request.old == camel_case(name):
                return name, home
        if request.old in cls.scope.bindings:
            if any(base.name.startswith("enum.") for base in self.annotations.mro(Instance(cls.name))):
                raise CannotRename(
                    f"{request.cls}.{request.old} is a member of an enum",
                    why="clients send and store its value, and know it by that; nothing would keep the old one",
                    fix="rename it by hand and keep its value, then schemagen build shows consumers what to change",
                )
            raise CannotRename(
                f"{request.cls}.{request.old} is no field",
                why="indexes, constants and methods have no data and no client: nothing has to be kept",
                fix="rename it in your editor",
            )
        raise CannotRename(
            f"{request.cls} has no field {request.old}{_did_you_mean(request.old, known)}",
            why="a field is written Class.field",
            fix=f"its fields: {_some(known) or 'none'}",
        )

    def _contract_fields(self, name: str, declared: list[tuple[Module, cst.AnnAssign]]) -> Iterator[Field]:
        origins = frozenset(Origin(m.source.path, m.line(node.target)[0]) for m, node in declared)
        for t in (*self.contract.types, *self.contract.errors):
            if isinstance(t, ObjectType | ErrorType):
                yield from (field for field in t.fields if is_declared_at(field, name, origins))

    def _redeclared(self, home: Class, name: str) -> Iterator[tuple[Module, cst.AnnAssign]]:
        """The field where it is declared, and where a derived class declares it anew."""
        for cls in self._derived(home):
            node = _fields(cls).get(name)
            if node is not None:
                yield cls.module, node

    def _derived(self, home: Class) -> list[Class]:
        """The class, and those derived from it."""
        return [c for c in self._classes() if home.name in {b.name for b in self.annotations.mro(Instance(c.name))}]

    def _refuse_taken(self, cls: Class, new: str) -> None:
        for base in self.annotations.mro(Instance(cls.name)):
            found = self.program.find_class(base.name)
            if found is not None and new in found.scope.bindings:
                node = _bound_at(found, new)
                line = found.module.line(node)[0] if node is not None else 1
                short = found.name.rpartition(".")[2]
                raise _exists(f"{short}.{new}", Origin(found.module.source.path, line))

    # --- tables and types ---

    def table(self, request: RenameTable) -> Plan:
        table = self.contract.tables_by_name.get(request.old)
        if table is None:
            known = list(self.contract.tables_by_name)
            raise CannotRename(
                f'there is no table "{request.old}"{_did_you_mean(request.old, known)}',
                why="a table is named as its ids begin",
                fix=f"tables: {_some(known)}",
            )
        if request.old == request.new:
            raise _same(f"table {request.old}")
        if request.new in self.contract.tables_by_name:
            raise _exists(f'the table "{request.new}"', self.contract.tables_by_name[request.new].origin)
        document = self.contract.document(request.old)
        cls = self._class(document.name, document.origin)
        text = Text(request.old, request.new)
        declared = OfTable(cls.node, request.old, request.new)
        return Plan(f"table {request.old} to {request.new}", (text,), (declared,))

    def type(self, request: RenameType) -> Plan:
        named = self.contract.types_by_name.get(request.old)
        home, name = self._type_home(request.old, named.origin if named is not None else None)
        if request.old == request.new:
            raise _same(request.old)
        if any(error.name == request.old for error in self.contract.errors):
            raise CannotRename(
                f"{request.old} is an error, and its name is its code on the wire",
                why="deployed clients tell errors apart by that code, and nothing would keep the old one",
                fix="declare the new error beside it, raise both where it matters, and drop the old one later",
            )
        taken = self.contract.types_by_name.get(request.new)
        if taken is not None:
            raise _exists(f"the type {request.new}", taken.origin)
        return Plan(f"{request.old} to {request.new}", (Symbol(home.name, name, request.new),))

    def _type_home(self, name: str, origin: Origin | None) -> tuple[Module, str]:
        found = [m for m in self.backend.modules if self._declares(m, name)]
        exact = [m for m in found if origin is not None and m.source.path == origin.file]
        if len(exact or found) == 1:
            return (exact or found)[0], name
        raise self._not_one(name, found)

    def _declares(self, module: Module, name: str) -> bool:
        bindings = module.scopes.module.bindings.get(name, ())
        return any(isinstance(b, Defined | Assigned) for b in bindings)

    def _class(self, name: str, origin: Origin | None = None) -> Class:
        """A class at the level of its module, by its name, or by module and name where two have it."""
        short = name.rpartition(".")[2]
        found = [c for c in self._classes() if c.name == name or c.name.endswith(f".{name}")]
        if origin is None:
            named = self.contract.types_by_name.get(short) or next(
                (error for error in self.contract.errors if error.name == short), None
            )
            origin = named.origin if named is not None else None
        exact = [c for c in found if origin is not None and c.module.source.path == origin.file]
        if len(found) > 1 and len(exact) == 1 and name == short:
            return exact[0]
        if len(found) == 1:
            return found[0]
        raise self._not_one(name, [c.module for c in found])

    def _not_one(self, name: str, found: list[Module]) -> CannotRename:
        if found:
            return CannotRename(
                f"{len(found)} modules declare {name}: {', '.join(m.source.path for m in found)}",
                why="only one of them can be meant",
                fix=f"name the module too: {found[0].name}.{name}",
            )
        known = {c.name.rpartition(".")[2] for c in self._classes()}
        known |= {
            name for name in self.contract.types_by_name if any(self._declares(m, name) for m in self.backend.modules)
        }
        return CannotRename(
            f"the backend declares no class {name}{_did_you_mean(name, known)}",
            why="fields and types are named as the backend names them, not as an SDK does",
            fix=f"classes: {_some(sorted(known))}",
        )

    def _classes(self) -> Iterator[Class]:
        for module in self.backend.modules:
            for bindings in module.scopes.module.bindings.values():
                for binding in bindings:
                    if isinstance(binding, Defined) and isinstance(binding.node, cst.ClassDef):
                        yield self.program.class_of(module, binding.node)

    def _is_ours(self, cls: Class) -> bool:
        return any(cls.module is module for module in self.backend.modules)


def is_declared_at(field: Field, name: str, origins: frozenset[Origin]) -> bool:
    """Whether a field of the contract is the one of that name that these lines declare."""
    return field.name == name and field.origin is not None and Origin(field.origin.file, field.origin.line) in origins


def _fields(cls: Class) -> dict[str, cst.AnnAssign]:
    """The annotated names in the body of a class."""
    found: dict[str, cst.AnnAssign] = {}
    for statement in cls.node.body.body:
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            if isinstance(small, cst.AnnAssign) and isinstance(small.target, cst.Name):
                found[small.target.value] = small
    return found


def _bound_at(cls: Class, name: str) -> cst.CSTNode | None:
    binding = cls.scope.bindings[name][0]
    match binding:
        case Assigned(name=node):
            return node
        case Defined(node=node):
            return node
        case _:
            return None


def _exists(what: str, origin: Origin | None) -> CannotRename:
    return CannotRename(
        f"{what} exists already",
        why="two things cannot have one name",
        fix="choose another name, or rename that one first",
        path=origin.file if origin else "",
        line=origin.line if origin else 0,
    )


def _same(name: str) -> CannotRename:
    return CannotRename(f"{name} is called so already", why="there is nothing to do", fix="give another new name")


def _did_you_mean(given: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(given, list(known), n=1, cutoff=0.6)
    return f' (did you mean "{close[0]}"?)' if close else ""


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:12]) + (", ..." if len(listed) > 12 else "")
