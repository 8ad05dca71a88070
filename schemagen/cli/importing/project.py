"""One import: from a source file to the text of a module."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from schemagen.cli.config import Config
from schemagen.cli.importing.acceptance import Refusal, refusals_of
from schemagen.cli.importing.definitions import Definitions, Note, definitions_of
from schemagen.cli.importing.models import models_of
from schemagen.cli.importing.module_text import ModuleText, module_text
from schemagen.cli.importing.record import Record, with_head
from schemagen.cli.importing.references import References
from schemagen.cli.importing.roots import roots_of
from schemagen.cli.importing.source import At, read
from schemagen.cli.mistake import CommandError

WIDTH: Final = 88
"""Characters of a line, as ruff has it where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A module, and what its source says that it does not."""

    text: str
    models: int
    notes: tuple[Note, ...]


def imported(config: Config, record: Record) -> Imported:
    """What the file named by a record has to hold. Raises `CommandError` for what a backend cannot express."""
    document = read(config.root / record.source, record.source)
    references = References(document, read)
    roots = roots_of(document, references, record.name, record.only)
    loosened: set[At] = set()
    notes: list[Note] = []
    while True:
        definitions = definitions_of(roots, references, prefix=record.prefix, loose=record.loose, loosened=loosened)
        if definitions.mistakes:
            raise CommandError(*definitions.mistakes)
        text = _text(definitions, record, line_width(config.root))
        refusals = refusals_of(text, definitions)
        if not refusals:
            break
        new = _to_loosen(refusals, loosened) if record.loose else []
        if not new:
            raise CommandError(*dict.fromkeys(refusal.mistake() for refusal in refusals))
        loosened |= {refusal.at for refusal in new if refusal.at is not None}
        notes += [note for refusal in new if (note := refusal.note()) is not None]
    return Imported(with_head(record, str(text)), len(definitions.schemas), (*definitions.notes, *dict.fromkeys(notes)))


def _to_loosen(refusals: list[Refusal], loosened: set[At]) -> list[Refusal]:
    """What to take any JSON for next: named schemas first, for then their uses may be fine."""
    new = [refusal for refusal in refusals if refusal.at is not None and refusal.at not in loosened]
    return [refusal for refusal in new if refusal.of_definition] or new


def _text(definitions: Definitions, record: Record, width: int) -> ModuleText:
    return module_text(models_of(definitions), f"Models of {record.source}.", width)


def line_width(root: Path) -> int:
    """What the project's own formatter is told."""
    for file, keys in (("ruff.toml", ()), (".ruff.toml", ()), ("pyproject.toml", ("tool", "ruff"))):
        given = _table(root / file, keys).get("line-length")
        if isinstance(given, int):
            return given
    given = _table(root / "pyproject.toml", ("tool", "black")).get("line-length")
    return given if isinstance(given, int) else WIDTH


def _table(file: Path, keys: tuple[str, ...]) -> dict[str, Any]:
    try:
        found: Any = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def below(root: Path, path: Path) -> str:
    """A path as a record has it: from the project folder, with forward slashes; `..` for what is above it."""
    return Path(os.path.relpath(path.absolute(), root)).as_posix()
