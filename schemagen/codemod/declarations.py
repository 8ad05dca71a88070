"""`renamed_from` where something is declared: written, extended with the latest first, undone on the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import libcst as cst

from schemagen.codemod.annotations import short_name_of
from schemagen.codemod.targets import CannotRename

_DECORATORS: Final = frozenset({"query", "mutation", "action"})
_INNERMOST: Final = frozenset({"Required", "NotRequired", "ReadOnly", "ClassVar", "Final"})


@dataclass(frozen=True, slots=True, eq=False)
class OfField:
    """An annotation, of a field or an argument."""

    node: cst.Annotation
    old: str
    new: str


@dataclass(frozen=True, slots=True, eq=False)
class OfFunction:
    node: cst.FunctionDef
    old: str
    """The whole path, `contacts.list_all`."""
    new: str


@dataclass(frozen=True, slots=True, eq=False)
class OfTable:
    node: cst.ClassDef
    old: str
    new: str


Declaration: TypeAlias = OfField | OfFunction | OfTable


@dataclass(frozen=True, slots=True)
class Words:
    """How a module spells the two words that a renamed field needs."""

    annotated: str = "Annotated"
    renamed_from: str = "renamed_from"


def field_annotation(updated: cst.Annotation, said: OfField, words: Words) -> cst.Annotation:
    """`Name` → `Annotated[Name, renamed_from("full_name")]`."""
    return updated.with_changes(annotation=_annotated(updated.annotation, said, words))


def _annotated(node: cst.BaseExpression, said: OfField, words: Words) -> cst.BaseExpression:
    if isinstance(node, cst.Subscript) and short_name_of(node.value) in _INNERMOST:
        inner = _index(node.slice[0])
        return node.with_changes(slice=[_element(_annotated(inner, said, words))])
    if isinstance(node, cst.Subscript) and short_name_of(node.value) == "Annotated":
        return _extended_annotated(node, said, words)
    return cst.Subscript(
        cst.parse_expression(words.annotated),
        [
            _element(node).with_changes(comma=cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))),
            _element(_call(words.renamed_from, (said.old,))),
        ],
    )


def _extended_annotated(node: cst.Subscript, said: OfField, words: Words) -> cst.Subscript:
    elements = list(node.slice)
    for i, element in enumerate(elements):
        inside = _index(element)
        if isinstance(inside, cst.Call) and short_name_of(inside.func) == "renamed_from":
            names = _former([_string(arg.value) for arg in inside.args], said.old, said.new)
            if names is not None:
                call = _call(words.renamed_from, names)
                elements[i] = element.with_changes(slice=cst.Index(inside.with_changes(args=call.args)))
                return node.with_changes(slice=elements)
    commas = _commas(elements[-1].comma, node.lbracket.whitespace_after)
    elements[-1] = elements[-1].with_changes(comma=commas[0])
    elements.append(_element(_call(words.renamed_from, (said.old,))).with_changes(comma=commas[1]))
    return node.with_changes(slice=elements)


def function_decorator(updated: cst.FunctionDef, said: OfFunction) -> cst.FunctionDef:
    """`@query` → `@query(renamed_from="contacts.all")`. Raises `CannotRename` where no decorator declares it."""
    decorators = list(updated.decorators)
    for i, decorator in enumerate(decorators):
        written = decorator.decorator
        if short_name_of(written) not in _DECORATORS:
            continue
        call = written if isinstance(written, cst.Call) else cst.Call(written)
        args = _with_keyword(list(call.args), said.old, said.new, f"function {said.old}", call.whitespace_before_args)
        decorators[i] = decorator.with_changes(decorator=call.with_changes(args=args))
        return updated.with_changes(decorators=decorators)
    raise CannotRename(
        f"{said.old} is not declared by @query, @mutation or @action on its def",
        why="renamed_from= is written there",
        fix=f'rename it by hand, and give the decorator renamed_from="{said.old}"',
    )


def table_line(updated: cst.ClassDef, said: OfTable) -> cst.ClassDef:
    """`name="contacts"` → `name="people", renamed_from="contacts"`."""
    keywords = list(updated.keywords)
    opening = updated.lpar.whitespace_after if isinstance(updated.lpar, cst.LeftParen) else cst.SimpleWhitespace("")
    for i, arg in enumerate(keywords):
        if arg.keyword is not None and arg.keyword.value == "name":
            if not isinstance(arg.value, cst.SimpleString):
                raise CannotRename(
                    f"the name of table {said.old} is computed",
                    why="only a name that is written in the class line can be rewritten",
                    fix=f'write name="{said.old}" there first',
                )
            quoted = f"{arg.value.prefix}{arg.value.quote}{said.new}{arg.value.quote}"
            keywords[i] = arg.with_changes(value=arg.value.with_changes(value=quoted))
    return updated.with_changes(keywords=_with_keyword(keywords, said.old, said.new, f"table {said.old}", opening))


def _with_keyword(
    args: list[cst.Arg], old: str, new: str, what: str, opening: cst.BaseParenthesizableWhitespace
) -> list[cst.Arg]:
    """Arguments with `renamed_from=` among them, or without it if it would name nothing any more."""
    for i, arg in enumerate(args):
        if arg.keyword is not None and arg.keyword.value == "renamed_from":
            names = _former(_strings(arg.value), old, new)
            if names is None:
                raise CannotRename(
                    f"renamed_from= of {what} is computed",
                    why="only names that are written there can be added to",
                    fix="write its former names as a text or a list of texts first",
                )
            args[i] = arg.with_changes(value=_names(names))
            return args
    if not args:
        return [_keyword(old)]
    commas = _commas(args[-1].comma, opening)
    args[-1] = args[-1].with_changes(comma=commas[0])
    return [*args, _keyword(old).with_changes(comma=commas[1])]


Comma: TypeAlias = cst.Comma | cst.MaybeSentinel


def _commas(last: Comma, opening: cst.BaseParenthesizableWhitespace) -> tuple[cst.Comma, Comma]:
    """Behind what was the last of a list, and behind what is put there; `opening` stands before the first.

    A list with a line for each goes on so, and a comment stays on its line.
    """
    lines = isinstance(opening, cst.ParenthesizedWhitespace)
    if not isinstance(last, cst.Comma):
        return cst.Comma(whitespace_after=opening if lines else cst.SimpleWhitespace(" ")), last
    space = last.whitespace_after
    if not isinstance(space, cst.ParenthesizedWhitespace) or not isinstance(opening, cst.ParenthesizedWhitespace):
        return _comma(), last
    between = space.with_changes(indent=opening.indent, last_line=opening.last_line)
    after = space.with_changes(first_line=cst.TrailingWhitespace(), empty_lines=[])
    return last.with_changes(whitespace_after=between), last.with_changes(whitespace_after=after)


def _former(written: Sequence[str | None] | None, old: str, new: str) -> tuple[str, ...] | None:
    """Former names with the latest first, the one it goes back to taken out; None if they are not plain texts."""
    if written is None or any(name is None for name in written):
        return None
    return (old, *(name for name in written if name is not None and name not in (new, old)))


def _strings(node: cst.BaseExpression) -> Sequence[str | None] | None:
    match node:
        case cst.SimpleString():
            return [_string(node)]
        case cst.List(elements=elements) | cst.Tuple(elements=elements):
            return [_string(element.value) for element in elements]
        case _:
            return None


def _string(node: cst.BaseExpression) -> str | None:
    value = node.evaluated_value if isinstance(node, cst.SimpleString) else None
    return value if isinstance(value, str) else None


def _names(names: tuple[str, ...]) -> cst.BaseExpression:
    text = ", ".join(f'"{name}"' for name in names)
    return cst.parse_expression(text if len(names) == 1 else f"[{text}]")


def _keyword(name: str) -> cst.Arg:
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    return cst.Arg(cst.SimpleString(f'"{name}"'), keyword=cst.Name("renamed_from"), equal=equal)


def _call(function: str, names: tuple[str, ...]) -> cst.Call:
    made = cst.parse_expression(f"{function}({', '.join(f'{chr(34)}{name}{chr(34)}' for name in names)})")
    assert isinstance(made, cst.Call)
    return made


def _element(node: cst.BaseExpression) -> cst.SubscriptElement:
    return cst.SubscriptElement(cst.Index(node))


def _index(element: cst.SubscriptElement) -> cst.BaseExpression:
    assert isinstance(element.slice, cst.Index), "types are no slices"
    return element.slice.value


def _comma() -> cst.Comma:
    return cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
