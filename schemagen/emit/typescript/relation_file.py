"""The relation in JavaScript: what the npm package's own checker asks, translated from the modules of `check`."""

from __future__ import annotations

from functools import cache
from typing import Final

from schemagen.emit.carried import modules_needed
from schemagen.emit.typescript.translation.modules import translated

ASKED: Final = (
    ("check.compare", "compare"),
    ("check.consumer", "Checked"),
    ("check.consumer", "Comparison"),
    ("check.consumer", "Mistake"),
    ("check.consumer", "served"),
    ("check.felt", "felt"),
    ("check.locking", "is_written"),
    ("check.locking", "lock_of"),
    ("check.locking", "relocated_in_text"),
    ("check.locking", "unlocked"),
    ("check.released", "from_text"),
    ("check.released", "to_text"),
    ("check.reports.consumer", "github_of"),
    ("check.reports.consumer", "json_of"),
    ("check.reports.consumer", "mistakes_github"),
    ("check.reports.consumer", "mistakes_json"),
    ("check.reports.consumer", "mistakes_text"),
    ("check.reports.consumer", "text_of"),
    ("check.typescript_usage", "usage_from_text"),
    ("model.canonical", "from_json"),
)
"""What the command and the tests call; `templates/typescript/src/check/relation.d.mts` says what they are."""
NATIVE: Final = frozenset({"check.automata._category"})


@cache
def relation_file() -> str:
    """The text of `check/relation.mjs`. The same for every contract."""
    modules = modules_needed(module for module, _ in ASKED)
    sources = {name: text for name, (file, text) in modules.items() if file.name != "__init__.py"}
    return translated(sources, ASKED, NATIVE)
