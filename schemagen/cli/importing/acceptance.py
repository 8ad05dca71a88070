"""Whether a backend can use the models: they are introspected as the arguments of a function."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from schemagen.cli.importing.definitions import Definitions, Note
from schemagen.cli.importing.module_text import ModuleText
from schemagen.cli.importing.source import At
from schemagen.cli.mistake import Mistake

if TYPE_CHECKING:
    from schemagen.introspect.diagnostics import Diagnostic

MODULE: Final = "schemagen_imported"
FIX_LOOSE: Final = "import this place as any JSON with --loose, or leave its schema out with --only"
FIXES: Final = {
    "ambiguous_union": "give each member a property with a const of its own, or a discriminator to the oneOf; or "
    + FIX_LOOSE,
    "reserved_field": "call it something else in the source, or leave its schema out with --only",
    "bad_default": "correct the default in the source",
}


_HEAD_LINES: Final = (
    "from schemagen import QueryCtx as _Ctx, query as _query",
    "@_query",
    "async def imported(_: _Ctx, *,",
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that no backend can use, and where it comes from."""

    at: At | None
    diagnostic: Diagnostic
    of_definition: bool = False
    """It is about a named schema as a whole, and not about a field that uses it."""

    def mistake(self) -> Mistake:
        said, why = self.diagnostic.message, self.diagnostic.why
        fix = FIXES.get(self.diagnostic.rule, FIX_LOOSE)
        if self.at is None:
            return Mistake("import_unsupported", said, why, fix)
        return self.at.mistake("import_unsupported", said, why=why, fix=fix)

    def note(self) -> Note | None:
        return None if self.at is None else Note(self.at, f"any JSON is accepted: {self.diagnostic.message}")


def refusals_of(text: ModuleText, definitions: Definitions) -> list[Refusal]:
    """What introspection finds wrong with the models, in the order of the module; none if all is well."""
    names = sorted(definitions.schemas)
    return [_refusal(each, text, names, definitions) for each in _diagnostics(_backend(text, names))]


def _backend(text: ModuleText, names: list[str]) -> str:
    """The module, and behind it a function: one line for each name."""
    arguments = [f"    a{i}: {name}," for i, name in enumerate(names)]
    return "\n".join([*text.lines, *_HEAD_LINES, *arguments, ") -> None: ...", ""])


def _diagnostics(text: str) -> tuple[Diagnostic, ...]:
    from schemagen.introspect import InvalidBackend, load

    with TemporaryDirectory(prefix="schemagen-import-") as folder:
        file = Path(folder).resolve() / f"{MODULE}.py"
        file.write_text(text, "utf-8")
        try:
            load(file, file.parent)
        except InvalidBackend as error:
            return error.diagnostics
        finally:
            sys.modules.pop(MODULE, None)
    return ()


def _refusal(diagnostic: Diagnostic, text: ModuleText, names: list[str], definitions: Definitions) -> Refusal:
    if diagnostic.place is None:
        return Refusal(None, diagnostic)
    line = diagnostic.place.origin.line
    if line > len(text.lines):
        used = line - len(text.lines) - len(_HEAD_LINES) - 1
        at = definitions.place(names[used]) if 0 <= used < len(names) else None
        return Refusal(at, diagnostic, of_definition=True)
    lines = [each for each in text.about if each <= line]
    name, key = text.about[max(lines)] if lines else ("", "")
    return Refusal(definitions.place(name, key), diagnostic, of_definition=not key)
