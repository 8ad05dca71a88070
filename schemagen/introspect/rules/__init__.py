"""The rules a backend has to keep. Each is a function named like the rule, and builds the diagnostic that says so."""

from __future__ import annotations

from typing import Final

from schemagen.introspect.rules import (
    functions,
    imports,
    migrations,
    names,
    references,
    renames,
    searches,
    tables,
    types,
)

GROUPS: Final = (imports, functions, types, tables, references, searches, names, renames, migrations)

RULE_IDS: Final = tuple(name for group in GROUPS for name in group.__all__)
"""Every rule; each has a case under `tests/cases/errors/` and a section in `docs/errors.md`."""
