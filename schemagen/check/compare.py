"""What changed between two contracts: the list of places, and the relation asked about each.

A place is where a value of one contract meets a type of the other. Its file finds the pairs, tells what happened to the
place as such (it is gone, or called otherwise), and asks `Causes` about the types that meet there:

| place | who sends | who accepts | file |
|---|---|---|---|
| arguments | deployed clients | the new server | `functions.py` |
| results | the new server | deployed clients | `functions.py` |
| errors | the new server | deployed clients | `errors.py` |
| documents | the old schema | the new one | `tables.py` |

HTTP routes, arguments of open workflow runs and of scheduled jobs are such places, too: each joins with a file of its
own, one line in `_PLACES`, and a `Side` by which its findings are called.
"""

from __future__ import annotations

from typing import Final

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
    changes = [change for place in _PLACES for change in place(causes)]
    return tuple(sorted([*changes, *verdicts(causes)], key=_order))


_PLACES: Final = (function_changes, error_changes, table_changes)
"""Tables come last: they tell who feels that ids have another type."""


def _order(change: Change) -> tuple[object, ...]:
    return (-SEVERITY[change.level], change.at, change.side.value, change.rule, change.says)
