"""Plain aliases, `Stage = Literal["lead", "won"]`: a name that Python forgets as soon as it is used.

The value of an annotation says nothing of the name it was written with, so the source decides: an alias is meant where
its name is mentioned, in the annotation itself or in another alias that the annotation mentions.
"""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from types import ModuleType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from schemagen.introspect.diagnostics import Place
from schemagen.introspect.metadata import Extras
from schemagen.introspect.source import Source, SourceIndex, names_in, statements


@dataclass(frozen=True)
class Alias:
    name: str
    module: ModuleType
    value: Any
    doc: str
    place: Place | None
    expression: ast.expr

    @property
    def is_open(self) -> bool:
        """Whether `Open[...]` is part of the alias itself."""
        return get_origin(self.value) is Annotated and Extras().and_also(get_args(self.value)[1:]).is_open


class AliasIndex:
    """The aliases of all modules of a backend that are worth a name: of literals, and of unions of two or more."""

    def __init__(self, modules: Iterable[ModuleType], sources: SourceIndex) -> None:
        self._by_value: dict[Hashable, list[Alias]] = {}
        self._inside: dict[str, frozenset[str]] = {}  # names that an alias of this name mentions, imports as well
        self._reached_from: dict[frozenset[str], frozenset[str]] = {}
        for module in modules:
            source = sources.of_path(getattr(module, "__file__", None))
            if source is not None:
                self._add(module, source)

    def find(self, annotation: Any, mentioned: frozenset[str] | None) -> Alias | None:
        """The alias that an annotation of this value was written with."""
        found = self._by_value.get(value_key(annotation)) if self._by_value else None
        if not found:
            return None
        if mentioned is None:
            return found[0]
        args = get_args(annotation)
        for names in (mentioned, self._reached(mentioned)):
            meant = [alias for alias in found if alias.name in names]
            if meant:
                return next((alias for alias in meant if get_args(alias.value) == args), meant[0])
        return None

    def _reached(self, names: frozenset[str]) -> frozenset[str]:
        if names in self._reached_from:
            return self._reached_from[names]
        reached, todo = set(names), list(names)
        while todo:
            for name in self._inside.get(todo.pop(), ()):
                if name not in reached:
                    reached.add(name)
                    todo.append(name)
        self._reached_from[names] = frozenset(reached)
        return self._reached_from[names]

    def _add(self, module: ModuleType, source: Source) -> None:
        for node in statements(source.tree.body):
            if isinstance(node, ast.ImportFrom):
                for imported in node.names:
                    if imported.asname and imported.asname != imported.name:
                        self._mention(imported.asname, frozenset({imported.name}))
                continue
            name, expression = _assigned(node)
            if name is None or expression is None or isinstance(expression, ast.Constant | ast.Call | ast.Dict):
                continue
            value = vars(module).get(name)
            if not _is_annotation(value):
                continue
            self._mention(name, names_in(expression))
            if _worth_a_name(value):
                alias = Alias(name, module, value, source.docs.get(name, ""), source.place(node), expression)
                self._by_value.setdefault(value_key(value), []).append(alias)

    def _mention(self, name: str, names: frozenset[str]) -> None:
        self._inside[name] = self._inside.get(name, frozenset()) | names


def value_key(annotation: Any) -> Hashable:
    """Equal for annotations that Python may have taken for equal, so that it handed out one in place of the other."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return value_key(get_args(annotation)[0])
    if origin is Literal:
        return ("literal", frozenset((type(value), value) for value in get_args(annotation)))
    if origin is Union or origin is UnionType:
        return ("union", tuple(map(value_key, get_args(annotation))))
    if origin is not None:
        return (origin, tuple(map(value_key, get_args(annotation))))
    return id(annotation) if annotation.__hash__ is None else annotation


def _assigned(node: ast.stmt) -> tuple[str | None, ast.expr | None]:
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id, node.value
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id, node.value
    return None, None


def _is_annotation(value: Any) -> bool:
    return get_origin(value) is not None


def _worth_a_name(value: Any) -> bool:
    while get_origin(value) is Annotated:
        value = get_args(value)[0]
    if getattr(value, "__parameters__", ()):
        return False
    if get_origin(value) is Literal:
        return True
    if get_origin(value) in (Union, UnionType):
        return sum(member is not type(None) for member in get_args(value)) > 1
    return False
