"""Names inside of strings: the keys of indexes, `getattr`, keys of a TypedDict, annotations in quotes, `__all__`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, TypeAlias, assert_never

import libcst as cst

from schemagen.codemod.annotations import short_name_of
from schemagen.codemod.inference import Inference
from schemagen.codemod.library import item_of
from schemagen.codemod.program import Module
from schemagen.codemod.symbols import Names
from schemagen.codemod.targets import Argument, Member, Symbol, Target, Text
from schemagen.codemod.types import ClassOf, FunctionValue, Instance, Type, Unknown
from schemagen.codemod.verdict import Verdict, verdict

Literal: TypeAlias = cst.SimpleString | cst.FormattedStringText

_IN_CLASS: Final = frozenset({"index", "search_index", "field_validator", "field_serializer"})
"""Functions that name fields of the class they are called in."""
_OF_DICTS: Final = frozenset({"get", "pop", "setdefault"})
_BY_NAME: Final = frozenset({"getattr", "setattr", "hasattr", "delattr"})


@dataclass(frozen=True, slots=True)
class MayBe:
    """The string may speak of it."""

    why: str


class Strings:
    def __init__(self, inference: Inference) -> None:
        self.inference = inference

    def look_at(self, node: Literal, module: Module, target: Target, names: Names | None) -> str | MayBe | None:
        """The new source of a string literal; a doubt; or None if it says nothing of the target."""
        match target:
            case Member(is_field=True):
                return self._of_field(node, module, target)
            case Symbol():
                assert names is not None
                return self._of_symbol(node, module, target, names)
            case Argument():
                key = isinstance(module.scopes.parents.get(node), cst.DictElement | cst.Index)
                return MayBe("a key, perhaps of arguments") if key and _text(node) in _names(target) else None
            case Text():
                means_it = _text(node) == target.old and not (
                    _is_own_name(node, module) or _in_class_line(node, module)
                )
                return MayBe(f'a text that says "{target.old}"') if means_it else None
            case Member():
                return None
            case _:
                assert_never(target)

    # --- fields ---

    def _of_field(self, node: Literal, module: Module, target: Member) -> str | MayBe | None:
        if isinstance(node, cst.SimpleString):
            renamed = self._placeholder(node, module, target)
            if renamed is not None:
                return renamed
        if _text(node) not in _names(target) or _is_own_name(node, module):
            return None
        owner = self._owner(node, module) if isinstance(node, cst.SimpleString) else Unknown()
        said = Verdict.UNKNOWN if owner is None else verdict(owner, target, self.inference)
        if said is Verdict.NO:
            return None
        if said is Verdict.YES and isinstance(node, cst.SimpleString) and _text(node) == target.old:
            return _with_text(node, target.new)
        return MayBe(f'a text that says "{_text(node)}"')

    def _owner(self, node: cst.SimpleString, module: Module) -> Type | None:
        """The type whose field a string names; None if nothing says."""
        parents = module.scopes.parents
        parent = parents.get(node)
        if isinstance(parent, cst.DictElement) and parent.key is node:
            return self._owner_of_key(parent, module)
        if isinstance(parent, cst.Index):
            element = parents.get(parent)
            subscript = parents.get(element) if element is not None else None
            if isinstance(subscript, cst.Subscript):
                return self._typed_dict(self.inference.of(subscript.value, module))
        while isinstance(parent, cst.Element | cst.List | cst.Tuple | cst.Set):
            parent = parents.get(parent)
        call = parents.get(parent) if isinstance(parent, cst.Arg) else None
        return self._owner_in_call(node, call, module) if isinstance(call, cst.Call) else None

    def _owner_in_call(self, node: cst.SimpleString, call: cst.Call, module: Module) -> Type | None:
        called = short_name_of(call.func)
        if called in _BY_NAME and len(call.args) > 1 and call.args[1].value is node:
            return self.inference.of(call.args[0].value, module)
        if called in _OF_DICTS and isinstance(call.func, cst.Attribute) and call.args[0].value is node:
            return self._typed_dict(self.inference.of(call.func.value, module))
        if called in _IN_CLASS:
            node_of_class = module.scopes.enclosing(call, cst.ClassDef)
            if isinstance(node_of_class, cst.ClassDef):
                return Instance(self.inference.program.class_of(module, node_of_class).name)
        return None

    def _owner_of_key(self, element: cst.DictElement, module: Module) -> Type | None:
        parents = module.scopes.parents
        node = parents.get(element)
        arg = parents.get(node) if node is not None else None
        call = parents.get(arg) if isinstance(arg, cst.Arg) else None
        match call, arg:
            case cst.Call(func=cst.Attribute(value=copied, attr=cst.Name(value="model_copy"))), cst.Arg(
                keyword=cst.Name(value="update")
            ):
                return self.inference.of(copied, module)
            case _:
                pass
        return self._typed_dict(self._expected(node, module)) if isinstance(node, cst.Dict) else None

    def _typed_dict(self, t: Type | None) -> Type | None:
        """The type, if its fields are keys."""
        if not isinstance(t, Instance):
            return None
        bases = self.inference.annotations.mro(t)
        return t if any(base.name.endswith(".TypedDict") for base in bases) else None

    def _expected(self, node: cst.CSTNode, module: Module) -> Type | None:
        """What the place of a display is declared to hold."""
        parents = module.scopes.parents
        parent = parents.get(node)
        match parent:
            case cst.AnnAssign(annotation=annotation):
                scope = module.scopes.of[annotation.annotation]
                return self.inference.annotations.read(annotation.annotation, module, scope)
            case cst.Return():
                return self._expected_return(parent, module)
            case cst.Arg():
                return self._expected_argument(parent, module)
            case cst.Element():
                outer = parents.get(parent)
                t = self._expected(outer, module) if outer is not None else None
                return None if t is None else item_of(t, self.inference.iterated)
            case _:
                return None

    def _expected_return(self, node: cst.Return, module: Module) -> Type | None:
        function = module.scopes.enclosing(node, cst.FunctionDef)
        if not isinstance(function, cst.FunctionDef) or function.returns is None:
            return None
        annotation = function.returns.annotation
        return self.inference.annotations.read(annotation, module, module.scopes.of[annotation])

    def _expected_argument(self, arg: cst.Arg, module: Module) -> Type | None:
        call = module.scopes.parents.get(arg)
        if not isinstance(call, cst.Call):
            return None
        callee = self.inference.of(call.func, module)
        if isinstance(callee, ClassOf) and arg.keyword is not None:
            return self.inference.attribute(callee.instance, arg.keyword.value)
        if isinstance(callee, FunctionValue):
            return self.inference.calls.expected(callee, call, arg)
        return None

    def _placeholder(self, node: cst.SimpleString, module: Module, target: Member) -> str | None:
        """`{limit}` in the first line of an error's docstring."""
        line = module.scopes.enclosing(node, cst.SimpleStatementLine)
        if not isinstance(module.scopes.parents.get(node), cst.Expr) or line is None:
            return None
        block = module.scopes.parents.get(line)
        cls = module.scopes.parents.get(block) if isinstance(block, cst.IndentedBlock) else None
        if not isinstance(cls, cst.ClassDef) or cls.body.body[0] is not line:
            return None
        own = Instance(self.inference.program.class_of(module, cls).name)
        bases = self.inference.annotations.mro(own)
        if not any(base.name == "schemagen.declare.errors.AppError" for base in bases):
            return None
        if verdict(own, target, self.inference) is not Verdict.YES:
            return None
        renamed = re.sub(rf"\{{{re.escape(target.old)}(?=[}}.\[!:])", f"{{{target.new}", node.value)
        return None if renamed == node.value else renamed

    # --- functions and classes ---

    def _of_symbol(self, node: Literal, module: Module, target: Symbol, names: Names) -> str | MayBe | None:
        text = _text(node)
        if isinstance(node, cst.SimpleString) and text == target.old and _in_all(node, module):
            return _with_text(node, target.new) if names.changed(module, module.scopes.module) else None
        if isinstance(node, cst.SimpleString) and self._is_annotation(node, module):
            return self._annotation(node, module, target, names)
        is_class = isinstance(names.node, cst.ClassDef)
        if is_class:
            return MayBe(f'a text that says "{text}"') if text == target.old and not _is_doc(node, module) else None
        if text == target.old and _is_name_of_attribute(node, module):
            return MayBe(f'a text that says "{text}"')
        for path in target.paths:
            if re.search(rf"(?<![\w.]){re.escape(path)}(?![\w]|\.\w)", text) and not _is_own_name(node, module):
                return MayBe(f"a text that names {path}")
        return None

    def _is_annotation(self, node: cst.SimpleString, module: Module) -> bool:
        around = module.scopes.enclosing(node, cst.Annotation, cst.Call)
        if isinstance(around, cst.Call):
            return short_name_of(around.func) in ("cast", "TypeVar", "ForwardRef")
        return isinstance(around, cst.Annotation)

    def _annotation(self, node: cst.SimpleString, module: Module, target: Symbol, names: Names) -> str | None:
        scope = module.scopes.of[node]
        if not re.search(rf"\b{target.old}\b", node.value) or not names.changed(module, scope):
            return None
        return re.sub(rf"(?<![\w.]){target.old}\b", target.new, node.value)


def _text(node: Literal) -> str:
    if isinstance(node, cst.FormattedStringText):
        return node.value
    value = node.evaluated_value
    return value if isinstance(value, str) else ""


def _with_text(node: cst.SimpleString, text: str) -> str:
    return f"{node.prefix}{node.quote}{text}{node.quote}"


def _names(target: Member | Argument) -> set[str]:
    return {target.old, target.old_on_wire} - {""}


def _is_own_name(node: cst.CSTNode, module: Module) -> bool:
    """Inside `renamed_from=`, or a docstring: it tells of the past, or to people."""
    parent = module.scopes.parents.get(node)
    while parent is not None and not isinstance(parent, cst.BaseSmallStatement | cst.BaseCompoundStatement):
        match parent:
            case cst.Arg(keyword=cst.Name(value="renamed_from")):
                return True
            case cst.Call(func=cst.Name(value="renamed_from") | cst.Attribute(attr=cst.Name(value="renamed_from"))):
                return True
            case _:
                parent = module.scopes.parents.get(parent)
    return False


def _is_name_of_attribute(node: cst.CSTNode, module: Module) -> bool:
    """In `getattr(contacts, "list_")`, `monkeypatch.setattr(contacts, "list_", ...)`, `patch.object(...)`."""
    arg = module.scopes.parents.get(node)
    call = module.scopes.parents.get(arg) if isinstance(arg, cst.Arg) else None
    return isinstance(call, cst.Call) and short_name_of(call.func) in {*_BY_NAME, "object"}


def _in_class_line(node: cst.CSTNode, module: Module) -> bool:
    """In `class Contact(Table, name="contacts")`, where it is renamed."""
    arg = module.scopes.parents.get(node)
    return isinstance(arg, cst.Arg) and isinstance(module.scopes.parents.get(arg), cst.ClassDef)


def _is_doc(node: cst.CSTNode, module: Module) -> bool:
    return isinstance(module.scopes.parents.get(node), cst.Expr)


def _in_all(node: cst.CSTNode, module: Module) -> bool:
    """Inside `__all__ = [...]`."""
    statement = module.scopes.enclosing(node, cst.Assign, cst.AnnAssign, cst.AugAssign)
    match statement:
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value="__all__"))]):
            return True
        case cst.AnnAssign(target=cst.Name(value="__all__")) | cst.AugAssign(target=cst.Name(value="__all__")):
            return True
        case _:
            return False
