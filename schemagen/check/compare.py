"""What changed between two contracts: the list of places, and the relation asked about each."""

from __future__ import annotations

from schemagen.check.causes import Causes
from schemagen.check.changes import SEVERITY, Change
from schemagen.check.errors import error_changes
from schemagen.check.functions import function_changes
from schemagen.check.relation import unchanged_types
from schemagen.check.tables import table_changes
from schemagen.check.verdicts import verdicts
from schemagen.model.contract import Contract


def compare(old: Contract, new: Contract) -> tuple[Change, ...]:
    """Every difference between two contracts that means something, one cause once; () if there is none.

    The worst come first, then by place; safe changes are there too. Places of declarations (`origin`) are known where
    a contract was introspected, not where it was read from JSON.
    """
    causes = Causes(old, new, unchanged_types(old, new))
    changes = [*function_changes(causes), *error_changes(causes), *table_changes(causes), *verdicts(causes)]
    return tuple(sorted(changes, key=_order))


def _order(change: Change) -> tuple[object, ...]:
    return (-SEVERITY[change.level], change.at, change.side.value, change.rule, change.says)
