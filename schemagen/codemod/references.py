"""The places of a module that mean what is renamed, and those that may."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import assert_never

import libcst as cst

from schemagen.codemod.inference import Inference
from schemagen.codemod.program import Module, Program
from schemagen.codemod.scopes import Binding, Parameter, Scope, absolute_module
from schemagen.codemod.strings import Strings
from schemagen.codemod.symbols import Names, identity, stands_alone
from schemagen.codemod.targets import Argument, CannotRename, Doubt, Member, Symbol, Target, Text
from schemagen.codemod.types import ClassOf, FunctionValue, Instance, Type, Unknown
from schemagen.codemod.types import Module as ModuleType
from schemagen.codemod.verdict import Verdict, verdict


@dataclass
class Found:
    """What is to change in one module: nodes of its tree, by identity."""

    names: dict[cst.CSTNode, str] = field(default_factory=dict)
    """Names → their new text."""
    strings: dict[cst.CSTNode, str] = field(default_factory=dict)
    """String literals → their new source."""
    kept: dict[cst.CSTNode, str] = field(default_factory=dict)
    """Imports → the name to import, under the old name: `new as old`."""
    doubts: list[Doubt] = field(default_factory=list)


class References:
    def __init__(self, program: Program, targets: Iterable[Target]) -> None:
        self.program = program
        self.inference = Inference(program)
        self.targets = tuple(targets)
        self.names = {t: Names(program, t) for t in self.targets if isinstance(t, Symbol)}
        self.strings = Strings(self.inference)

    def in_module(self, module: Module) -> Found:
        """Every place of one module. Raises `CannotRename` if a name would come to mean something else."""
        found = Found()
        nodes = list(module.scopes.parents)
        for target in self.targets:
            if self._may_speak_of(module, target):
                finder = _Finder(self, module, target, found)
                for node in nodes:
                    finder.look_at(node)
        found.doubts.sort()
        return found

    def _may_speak_of(self, module: Module, target: Target) -> bool:
        """Most files have nothing to do with it, and are not looked at."""
        words = _spellings(target)
        if isinstance(target, Member) and target.is_field:
            words += _COMPUTING
        return any(word in module.source.text for word in words)


_COMPUTING = ("getattr(", "setattr(", "hasattr(", "delattr(", "**", "model_dump", "asdict(")
"""What a file has in it that names fields without writing their names."""


class _Finder:
    def __init__(self, references: References, module: Module, target: Target, found: Found) -> None:
        self.program = references.program
        self.inference = references.inference
        self.strings = references.strings
        self.names = references.names
        self.module = module
        self.target = target
        self.found = found

    def look_at(self, node: cst.CSTNode) -> None:
        target = self.target
        match node:
            case cst.SimpleString() | cst.FormattedStringText():
                self._string(node)
            case cst.ImportFrom(names=aliases) if not isinstance(aliases, cst.ImportStar):
                if isinstance(target, Symbol):
                    self._imports(node, list(aliases), target)
            case cst.Attribute(attr=attr) if attr.value == target.old:
                self._attribute(node)
            case cst.Arg(keyword=cst.Name() as keyword) if keyword.value == target.old:
                self._keyword(node, keyword)
            case cst.Call() if isinstance(target, Member) and target.is_field:
                self._dynamic(node, target)
            case cst.MatchKeywordElement(key=key) if key.value == target.old:
                self._pattern(node)
            case cst.Name(value=value) if value == target.old and stands_alone_or_declares(node, self.module):
                self._name(node)
            case _:
                return

    # --- names ---

    def _name(self, node: cst.Name) -> None:
        scope = self.module.scopes.of[node]
        match self.target:
            case Symbol() as target:
                if self.names[target].changed(self.module, scope):
                    self.found.names[node] = target.new
            case Member() as target:
                home = scope.find(target.old)
                if home is not None and isinstance(home.owner, cst.ClassDef):
                    cls = self.program.class_of(self.module, home.owner)
                    if verdict(Instance(cls.name), target, self.inference) is Verdict.YES:
                        self.found.names[node] = target.new
            case Argument() as target:
                home = scope.find(target.old)
                if home is not None and isinstance(home.owner, cst.FunctionDef):
                    function = self.program.function_of(self.module, home.owner)
                    if function.name in target.functions and _has_parameter(home.bindings[target.old]):
                        self._refuse_capture(node, home.owner, target)
                        self.found.names[node] = target.new
            case Text():
                return
            case _:
                assert_never(self.target)

    def _refuse_capture(self, node: cst.Name, function: cst.FunctionDef, target: Argument) -> None:
        """The function, or one inside it, uses the new name for something else."""
        for other in self.module.scopes.of:
            if not isinstance(other, cst.Name) or other.value != target.new or not stands_alone(other, self.module):
                continue
            if _is_inside(other, function, self.module):
                line, column = self.module.line(other)
                raise CannotRename(
                    f'"{target.new}" means something else in {function.name.value}() already',
                    why=f'the argument "{target.old}" is read there as a variable, which would then be that one',
                    fix=f'rename the variable "{target.new}" first, or choose another name for the argument',
                    path=self.module.source.path,
                    line=line,
                    column=column,
                )

    def _imports(self, node: cst.ImportFrom, aliases: list[cst.ImportAlias], target: Symbol) -> None:
        source = absolute_module(node, self.module.package)
        names = self.names[target]
        for alias in aliases:
            if alias.evaluated_name != target.old or not names.exports_changed(source):
                continue
            if not names.means_it(self.module, self._scope_of_import(alias), alias.evaluated_alias or target.old):
                continue
            assert isinstance(alias.name, cst.Name)
            if names.in_the_way(self.module) is not None and alias.asname is None:
                self.found.kept[alias] = target.new
                continue
            self.found.names[alias.name] = target.new
            if alias.evaluated_alias == target.old and names.in_the_way(self.module) is None:
                assert alias.asname is not None and isinstance(alias.asname.name, cst.Name)
                self.found.names[alias.asname.name] = target.new

    def _scope_of_import(self, alias: cst.ImportAlias) -> Scope:
        return self.module.scopes.of[alias.name]

    # --- attributes ---

    def _attribute(self, node: cst.Attribute) -> None:
        t = self.inference.of(node.value, self.module)
        match self.target:
            case Symbol() as target:
                if isinstance(t, ModuleType) and self._exports(t.name, target):
                    self.found.names[node.attr] = target.new
            case Member() as target:
                self._decide(verdict(t, target, self.inference), node.attr, node, target)
            case Argument() | Text():
                return
            case _:
                assert_never(self.target)

    def _exports(self, module: str, target: Symbol) -> bool:
        names = self.names[target]
        return identity(self.program.exported(module, target.old)) is names.node and names.exports_changed(module)

    def _decide(self, said: Verdict, name: cst.Name, shown: cst.CSTNode, target: Target) -> None:
        match said:
            case Verdict.YES:
                self.found.names[name] = target.new
            case Verdict.NO:
                return
            case Verdict.UNKNOWN | Verdict.SOMETIMES:
                if isinstance(target, Member) and not target.is_field and not self._looks_like_a_call(shown):
                    return
                self._doubt(shown, said.value)
            case _:
                assert_never(said)

    def _looks_like_a_call(self, node: cst.CSTNode) -> bool:
        """`something.contacts.list`: of what nobody knows, only what is spelled as the function is worth a look."""
        assert isinstance(self.target, Member)
        modules = {name.rpartition(".")[2].lower() for name in self.target.classes}
        inner = _name(node.value) if isinstance(node, cst.Attribute) else ""
        return inner.replace("_", "").lower() in modules

    # --- keywords and patterns ---

    def _keyword(self, arg: cst.Arg, keyword: cst.Name) -> None:
        call = self.module.scopes.parents.get(arg)
        if isinstance(call, cst.ClassDef) or not isinstance(call, cst.Call):
            return
        match self.target:
            case Member(is_field=True) as target:
                self._decide(self._takes_field(call, target), keyword, arg, target)
            case Argument() as target:
                self._decide(self._takes_argument(call, target), keyword, arg, target)
            case Member() | Symbol() | Text():
                return
            case _:
                assert_never(self.target)

    def _takes_field(self, call: cst.Call, target: Member) -> Verdict:
        callee = self.inference.of(call.func, self.module)
        match callee:
            case ClassOf(instance=Instance(name="dataclasses.replace" | "copy.replace")):
                return verdict(self._first_argument(call), target, self.inference)
            case ClassOf(instance=inner):
                said = verdict(inner, target, self.inference)
                return Verdict.UNKNOWN if said is Verdict.NO and self._may_make_it(inner, call, target) else said
            case FunctionValue(function=function):
                if function.name.endswith("DatabaseWriter.patch"):
                    return verdict(_id_of(self._first_argument(call)), target, self.inference)
                return self._passed_on(call, callee)
            case Instance(name="typing.Callable", args=(made,)) if _name(call.func) == "model_construct":
                return verdict(made, target, self.inference)
            case Instance() if self._may_make_it(callee, call, target):
                return Verdict.UNKNOWN
            case Unknown():
                return Verdict.UNKNOWN
            case _:
                return Verdict.NO

    def _may_make_it(self, made: Type, call: cst.Call, target: Member) -> bool:
        """A factory: of a library that is given the class, or derived from a class of a library."""
        if not isinstance(made, Instance):
            return False
        if self.program.find_class(made.name) is None:
            return any(self._is_it(arg.value, target) for arg in call.args)
        bases = self.inference.annotations.mro(made)
        own = any(isinstance(self.inference.attribute(base, "__init__"), FunctionValue) for base in bases[:1])
        return not own and any(self._is_opaque(base) for base in bases)

    def _is_opaque(self, base: Instance) -> bool:
        package = base.name.partition(".")[0]
        known = package in sys.stdlib_module_names or package in ("pydantic", "typing_extensions")
        return not known and self.program.find_class(base.name) is None

    def _passed_on(self, call: cst.Call, callee: FunctionValue) -> Verdict:
        """`make_contact(full_name=…)`, which takes `**fields`: nobody knows what becomes of them."""
        params = callee.function.node.params
        declared = any(param.name.value == self.target.old for param in callee.function.params)
        if declared or params.star_kwarg is None or self._forwarded(call) is not None:
            return Verdict.NO
        return Verdict.UNKNOWN

    def _takes_argument(self, call: cst.Call, target: Argument) -> Verdict:
        callee = self.inference.of(call.func, self.module)
        if isinstance(callee, FunctionValue) and callee.function.name in target.functions:
            return Verdict.YES
        forwarded = self._forwarded(call)
        if forwarded is not None:
            return Verdict.YES if forwarded.function.name in target.functions else Verdict.NO
        called = {name.rpartition(".")[2] for name in target.functions}
        return Verdict.UNKNOWN if isinstance(callee, Unknown) and _name(call.func) in called else Verdict.NO

    def _forwarded(self, call: cst.Call) -> FunctionValue | None:
        """`ctx.run_query(contacts.list_, …)`, `partial(create, …)`: the function that gets the keywords."""
        for arg in call.args:
            if arg.keyword is None:
                given = self.inference.of(arg.value, self.module)
                if isinstance(given, FunctionValue):
                    return given
        return None

    def _first_argument(self, call: cst.Call) -> Type:
        first = next((arg.value for arg in call.args if arg.keyword is None or arg.keyword.value == "id"), None)
        return Unknown() if first is None else self.inference.of(first, self.module)

    def _pattern(self, node: cst.MatchKeywordElement) -> None:
        outer = self.module.scopes.parents.get(node)
        if isinstance(self.target, Member) and self.target.is_field and isinstance(outer, cst.MatchClass):
            kind = self.inference.of(outer.cls, self.module)
            self._decide(verdict(kind, self.target, self.inference), node.key, node, self.target)

    # --- names that are computed ---

    def _dynamic(self, call: cst.Call, target: Member) -> None:
        """Where fields are named by what only a running program knows, of the renamed class for certain."""
        why = self._computed(call, target)
        if why is not None:
            self._doubt(call, why)

    def _computed(self, call: cst.Call, target: Member) -> str | None:
        name = _name(call.func)
        if name in ("getattr", "setattr", "hasattr", "delattr") and len(call.args) > 1:
            is_text = isinstance(call.args[1].value, cst.SimpleString)
            return (
                None if is_text or not self._is_it(call.args[0].value, target) else "the name of the field is computed"
            )
        if any(arg.star == "**" for arg in call.args) and self._takes_field(call, target) is Verdict.YES:
            return "fields are passed on by **"
        if isinstance(call.func, cst.Attribute) and name in ("model_dump", "model_dump_json"):
            return "it gives the fields by name" if self._is_it(call.func.value, target) else None
        is_function = name == "asdict" and bool(call.args)
        return "it gives the fields by name" if is_function and self._is_it(call.args[0].value, target) else None

    def _is_it(self, node: cst.CSTNode, target: Member) -> bool:
        return verdict(self.inference.of(node, self.module), target, self.inference) is Verdict.YES

    # --- strings ---

    def _string(self, node: cst.SimpleString | cst.FormattedStringText) -> None:
        names = self.names[self.target] if isinstance(self.target, Symbol) else None
        said = self.strings.look_at(node, self.module, self.target, names)
        if isinstance(said, str):
            self.found.strings[node] = said
        elif said is not None:
            self._doubt(node, said.why)

    def _doubt(self, node: cst.CSTNode, why: str) -> None:
        line, column = self.module.line(node)
        text = " ".join(self.module.tree.code_for_node(node).split()).rstrip(",")
        shown = text if len(text) <= 60 else f"{text[:57]}..."
        self.found.doubts.append(Doubt(self.module.source.path, line, column, shown, why))


def stands_alone_or_declares(node: cst.Name, module: Module) -> bool:
    """Names that are looked up or bound, fields in a class body among them; imports are seen to apart."""
    match module.scopes.parents.get(node):
        case cst.ImportAlias() | cst.AsName():
            return False
        case cst.AnnAssign(target=target) | cst.AssignTarget(target=target) if target is node:
            return True
        case cst.FunctionDef(name=name) | cst.ClassDef(name=name) if name is node:
            return True
        case _:
            return stands_alone(node, module)


def _spellings(target: Target) -> tuple[str, ...]:
    """What a file that speaks of it has in it."""
    match target:
        case Symbol(old=old, paths=paths):
            return (old, *paths)
        case Member(old=old, old_on_wire=on_wire) | Argument(old=old, old_on_wire=on_wire):
            return (old, on_wire) if on_wire else (old,)
        case Text(old=old):
            return (old,)
        case _:
            assert_never(target)


def _has_parameter(bindings: Iterable[Binding]) -> bool:
    return any(isinstance(binding, Parameter) for binding in bindings)


def _is_inside(node: cst.CSTNode, function: cst.FunctionDef, module: Module) -> bool:
    return any(around is function for around in _around(node, module))


def _around(node: cst.CSTNode, module: Module) -> Iterator[cst.CSTNode]:
    parent = module.scopes.parents.get(node)
    while parent is not None:
        yield parent
        parent = module.scopes.parents.get(parent)


def _id_of(t: Type) -> Type:
    """`Contact` for an `Id[Contact]`."""
    return t.args[0] if isinstance(t, Instance) and t.name.endswith("ids.Id") and t.args else Unknown()


def _name(node: cst.CSTNode) -> str:
    match node:
        case cst.Name(value=name) | cst.Attribute(attr=cst.Name(value=name)):
            return name
        case _:
            return ""
