"""The relation in JavaScript: what the npm package's own checker asks, translated from the modules of `check`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from typing import Final

from schemagen.emit.carried import module_text, modules_needed
from schemagen.emit.templates import typescript_checker
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


_FRESH: Final = re.compile(r"^// Of ([\w. ]+): (\w+)$", re.MULTILINE)


@cache
def relation_file() -> str:
    """The text of `check/relation.mjs`. The same for every contract.

    It is kept beside the compiled runtime, because translating takes half a second; one whose sources have changed
    since (`make runtime` writes it anew) is made again here.
    """
    kept = typescript_checker().get("relation.mjs", "")
    found = _FRESH.search(kept)
    return kept if found and _hash(found[1].split()) == found[2] else translated_relation()


def translated_relation() -> str:
    """The same, translated now."""
    modules = modules_needed(module for module, _ in ASKED)
    names = [name for name, (file, _) in modules.items() if file.name != "__init__.py"]
    text = translated({name: modules[name][1] for name in names}, ASKED, NATIVE)
    return f"// Of {' '.join(names)}: {_hash(names)}\n{text}"


def _hash(modules: Iterable[str]) -> str:
    """Of their texts, and of the translator's own."""
    own = [f"emit.typescript.translation.{name}" for name in ("expressions", "modules", "scopes", "statements")]
    digest = sha256()
    for name in (*modules, *own, "emit.typescript.relation_file"):
        digest.update(f"{name}\0{module_text(name)}\0".encode())
    return digest.hexdigest()[:16]
