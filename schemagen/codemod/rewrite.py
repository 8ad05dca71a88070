"""What was found → new text: every byte of a file that is not renamed stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

import libcst as cst

from schemagen.codemod.declarations import (
    Declaration,
    OfField,
    OfFunction,
    OfTable,
    Words,
    field_annotation,
    function_decorator,
    table_line,
)
from schemagen.codemod.imports import in_order, spelled, with_import
from schemagen.codemod.program import Module
from schemagen.codemod.references import Found, References
from schemagen.codemod.targets import CannotRename, Doubt


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The texts that change, by path, and the places that may have had to."""

    texts: dict[str, str]
    before: dict[str, str]
    """What was read in these files."""
    doubts: tuple[Doubt, ...]


def rewrite(references: References, modules: Sequence[Module], declarations: Sequence[Declaration] = ()) -> Rewritten:
    """Every module with its places renamed and its declarations extended. Raises `CannotRename`."""
    texts: dict[str, str] = {}
    doubts: list[Doubt] = []
    for module in modules:
        found = references.in_module(module)
        doubts += found.doubts
        text = rewritten(module, found, declarations)
        if text != module.source.text:
            texts[module.source.path] = text
    before = {module.source.path: module.source.text for module in modules if module.source.path in texts}
    return Rewritten(texts, before, tuple(sorted(set(doubts))))


def rewritten(module: Module, found: Found, declarations: Sequence[Declaration] = ()) -> str:
    """One module. Raises `CannotRename`."""
    here = _declaring(module)
    own: dict[cst.CSTNode, Declaration] = {said.node: said for said in declarations if said.node in here}
    words, missing = _words(module, any(isinstance(said, OfField) for said in own.values()))
    if not (own or found.names or found.strings or found.kept):
        return module.source.text
    rewriter = _Rewriter(found, own, words)
    try:
        tree = module.tree.visit(rewriter)
    except CannotRename as cannot:
        cannot.path = cannot.path or module.source.path
        raise
    for name in missing:
        tree = with_import(tree, *name)
    return tree.code


def _declaring(module: Module) -> set[cst.CSTNode]:
    return {n for n in module.scopes.parents if isinstance(n, cst.Annotation | cst.FunctionDef | cst.ClassDef)}


def _words(module: Module, needed: bool) -> tuple[Words, list[tuple[str, str]]]:
    """How the module spells `Annotated` and `renamed_from`, and what it has to import for that."""
    if not needed:
        return Words(), []
    scope = module.scopes.module
    annotated = spelled(scope, "typing", "Annotated") or spelled(scope, "typing_extensions", "Annotated")
    renamed = spelled(scope, "schemagen", "renamed_from")
    missing = [("typing", "Annotated")] if annotated is None else []
    missing += [("schemagen", "renamed_from")] if renamed is None else []
    return Words(annotated or "Annotated", renamed or "renamed_from"), missing


class _Rewriter(cst.CSTTransformer):
    def __init__(self, found: Found, declarations: dict[cst.CSTNode, Declaration], words: Words) -> None:
        super().__init__()
        self.found = found
        self.declarations = declarations
        self.words = words

    def on_leave(  # type: ignore[override]  # of whatever kind a node is, it stays that
        self, original_node: cst.CSTNode, updated_node: cst.CSTNode
    ) -> cst.CSTNode:
        if original_node in self.found.names:
            return updated_node.with_changes(value=self.found.names[original_node])
        if original_node in self.found.strings:
            return updated_node.with_changes(value=self.found.strings[original_node])
        if original_node in self.found.kept:
            return _kept(updated_node, self.found.kept[original_node])
        if isinstance(original_node, cst.ImportFrom) and isinstance(updated_node, cst.ImportFrom):
            return in_order(original_node, updated_node)
        said = self.declarations.get(original_node)
        return updated_node if said is None else self._declared(updated_node, said)

    def _declared(self, updated: cst.CSTNode, said: Declaration) -> cst.CSTNode:
        match said:
            case OfField():
                assert isinstance(updated, cst.Annotation)
                return field_annotation(updated, said, self.words)
            case OfFunction():
                assert isinstance(updated, cst.FunctionDef)
                return function_decorator(updated, said)
            case OfTable():
                assert isinstance(updated, cst.ClassDef)
                return table_line(updated, said)
            case _:
                assert_never(said)


def _kept(alias: cst.CSTNode, new: str) -> cst.CSTNode:
    """`list_` → `search as list_`."""
    assert isinstance(alias, cst.ImportAlias) and isinstance(alias.name, cst.Name)
    spaces = cst.SimpleWhitespace(" ")
    asname = cst.AsName(alias.name, whitespace_before_as=spaces, whitespace_after_as=spaces)
    return alias.with_changes(name=cst.Name(new), asname=asname)
