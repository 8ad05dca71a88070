"""Whether an attribute of a value is the one that is renamed."""

from __future__ import annotations

from enum import Enum
from typing import assert_never

from schemagen.codemod.inference import Inference
from schemagen.codemod.targets import Member
from schemagen.codemod.types import (
    ClassOf,
    FunctionValue,
    Instance,
    Module,
    Type,
    Union,
    Unknown,
    Variable,
    members,
)


class Verdict(Enum):
    YES = "it is"
    NO = "it is another one"
    UNKNOWN = "what this is cannot be told"
    SOMETIMES = "this is not always of the renamed class"


def verdict(t: Type, target: Member, inference: Inference) -> Verdict:
    """Whether `value.old`, for a value of this type, is what the target renames."""
    match t:
        case Instance():
            return _of_instance(t, target, inference)
        case ClassOf(instance=inner):
            return verdict(inner, target, inference)
        case Union():
            return _of_union([verdict(member, target, inference) for member in members(t)], t, target, inference)
        case Variable(bound=bound):
            found = Verdict.UNKNOWN if isinstance(bound, Unknown) else verdict(bound, target, inference)
            return found if found is not Verdict.NO or not _may_be(bound, target, inference) else Verdict.UNKNOWN
        case Unknown():
            return Verdict.UNKNOWN
        case Module() | FunctionValue():
            return Verdict.NO
        case _:
            assert_never(t)


def _of_instance(t: Instance, target: Member, inference: Inference) -> Verdict:
    for base in inference.annotations.mro(t):
        if base.name in target.classes:
            return Verdict.YES
        cls = inference.program.find_class(base.name)
        if cls is not None and target.old in cls.scope.bindings and not _above(base, target, inference):
            return Verdict.UNKNOWN if _is_protocol(base, inference) else Verdict.NO
    return Verdict.UNKNOWN if _may_be(t, target, inference) else Verdict.NO


def _above(base: Instance, target: Member, inference: Inference) -> bool:
    """Whether one of its own bases has the renamed field, which it declares anew."""
    return any(each.name in target.classes for each in inference.annotations.mro(base))


def _is_protocol(t: Instance, inference: Inference) -> bool:
    """A class that others match by their attributes, whatever their bases."""
    return any(base.name.endswith(".Protocol") for base in inference.annotations.mro(t))


def _may_be(t: Type, target: Member, inference: Inference) -> bool:
    """Whether a value declared so may be one of the renamed class: `Table`, where it is a `Contact`."""
    if not isinstance(t, Instance):
        return False
    above = {base.name for name in target.classes for base in inference.annotations.mro(Instance(name))}
    return t.name in above - target.classes


def _of_union(found: list[Verdict], t: Union, target: Member, inference: Inference) -> Verdict:
    if Verdict.YES not in found:
        return Verdict.UNKNOWN if Verdict.UNKNOWN in found or Verdict.SOMETIMES in found else Verdict.NO
    others = [member for member, each in zip(members(t), found, strict=True) if each is not Verdict.YES]
    if any(isinstance(member, Unknown) or _has(member, target.old, inference) for member in others):
        return Verdict.SOMETIMES
    return Verdict.YES


def _has(t: Type, name: str, inference: Inference) -> bool:
    bases = inference.annotations.mro(t) if isinstance(t, Instance) else ()
    classes = (inference.program.find_class(base.name) for base in bases)
    return any(cls is not None and name in cls.scope.bindings for cls in classes)
