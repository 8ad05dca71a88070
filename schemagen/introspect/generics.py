"""Type variables: what they stand for in one instance of a generic class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias, TypeVar, get_args, get_origin

from pydantic import BaseModel

Arguments: TypeAlias = Mapping[Any, Any]
"""Type variable → the annotation that replaces it."""


def substituted(annotation: Any, arguments: Arguments) -> Any:
    """The annotation with its type variables replaced, as far as they are known."""
    if isinstance(annotation, TypeVar):
        return arguments.get(annotation, annotation)
    inside = _variables(annotation) if arguments else ()
    return annotation[tuple(arguments.get(variable, variable) for variable in inside)] if inside else annotation


def arguments_of(generic: Any, args: tuple[Any, ...]) -> Arguments:
    """The arguments of a generic class or `type` alias, by its own type variables."""
    parameters = getattr(generic, "__parameters__", ()) or getattr(generic, "__type_params__", ())
    return dict(zip(parameters, args, strict=False))


def arguments_by_class(cls: type, args: tuple[Any, ...]) -> dict[type, Arguments]:
    """For a generic class and each of its bases: what its type variables stand for. One variable may serve several."""
    found: dict[type, Arguments] = {}
    todo = [(cls, arguments_of(cls, args))]
    while todo:
        cls, arguments = todo.pop()
        found.setdefault(cls, arguments)
        for base in getattr(cls, "__orig_bases__", ()):
            origin = get_origin(base)
            if isinstance(origin, type):
                given = tuple(substituted(arg, arguments) for arg in get_args(base))
                todo.append((origin, arguments_of(origin, given)))
    return found


def generic_parts(cls: type, args: tuple[Any, ...]) -> tuple[type, tuple[Any, ...]]:
    """The class as it is written, and its arguments: pydantic makes a class of its own of `Page[Contact]`."""
    if issubclass(cls, BaseModel):
        generic = cls.__pydantic_generic_metadata__
        return (generic["origin"], tuple(generic["args"])) if generic["origin"] else (cls, ())
    return cls, args


def lacks_arguments(cls: type, args: tuple[Any, ...]) -> bool:
    """Whether a generic class is used bare, as `Page`."""
    return not args and bool(getattr(cls, "__parameters__", ()))


def _variables(annotation: Any) -> tuple[Any, ...]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return tuple(annotation.__pydantic_generic_metadata__["parameters"])
    return tuple(getattr(annotation, "__parameters__", ())) if get_origin(annotation) is not None else ()
