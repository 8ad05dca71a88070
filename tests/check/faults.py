"""Bugs to be found: each changes a line of the relation while it is seeded, as a tired engineer might.

`test_faults.py` fails for a bug that random contracts and patterns do not find, and here for one whose line is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from unittest.mock import patch

from schemagen.check import automata, parts, patterns, relation, scalars
from schemagen.check.automata import Graph, Machine
from schemagen.check.relation import Relation
from schemagen.check.scalars import Comparison
from schemagen.check.witness import Witnesses
from tests.check import soundness
from tests.check.soundness import (
    check_tally,
    run_edits,
    run_patterns,
    run_siblings,
    run_strangers,
    run_types,
    run_unchanged,
)
from tests.engine.faults import Edit

EXAMPLES_MAX = 900


def by_edits() -> None:
    check_tally(run_edits(EXAMPLES_MAX, shrinks=False))


def by_types() -> None:
    check_tally(run_types(2 * EXAMPLES_MAX, shrinks=False))


def by_strangers() -> None:
    check_tally(run_strangers(EXAMPLES_MAX // 3, shrinks=False))


def by_siblings() -> None:
    check_tally(run_siblings(2 * EXAMPLES_MAX, shrinks=False))


by_unchanged = partial(run_unchanged, EXAMPLES_MAX // 3, shrinks=False)
by_patterns = partial(run_patterns, EXAMPLES_MAX, shrinks=False)


@dataclass(frozen=True)
class Fault:
    name: str
    edit: Edit
    found_by: Callable[[], None]

    def __str__(self) -> str:
        return self.name

    @contextmanager
    def seeded(self) -> Iterator[None]:
        patterns._found.cache_clear()  # what it remembers was found without the bug
        patterns._graph.cache_clear()
        with patch.object(self.edit.owner, self.edit.function, self.edit.function_changed()):
            yield
        patterns._found.cache_clear()
        patterns._graph.cache_clear()


def fault(name: str, owner: Any, function: str, old: str, new: str, found_by: Callable[[], None] = by_types) -> Fault:
    return Fault(name, Edit(owner, function, old, new), found_by)


FAULTS: tuple[Fault, ...] = (
    # --- pairs of types ---
    fault("null is not refused", Relation, "_kind_refused", "self._refuse(", "isinstance(part, Null) or self._refuse("),
    fault("what is short is not too short", Relation, "_length_outside", "if least < low:", "if False:"),
    fault("one item too many is let through", Relation, "_length_outside", "most > high)", "most > high + 1)"),
    fault(
        "one more than allowed is one too few", Relation, "_length_outside", "max(high + 1, least)", "max(high, least)"
    ),
    fault(
        "of a tuple the first item is compared", relation, "_item_steps", "range(min(counts))", "range(min(*counts, 1))"
    ),
    fault("map keys are not compared", Relation, "_maps", "self._compare(one.key,", "(lambda *_: None)(one.key,"),
    fault("map values are not compared", Relation, "_maps", "self._compare(one.value,", "(lambda *_: None)(one.value,"),
    fault("an array is a set", Relation, "_arrays", "self._doubled(one, other)", "None"),
    fault(
        "items that become equal are not seen",
        Relation,
        "_merged",
        "if len({before(other), before(value)}) > 1:",
        "if False:",
        by_siblings,
    ),
    fault("a witness array has one item, however many are asked for", Relation, "_array", "max(1, least or 0)", "1"),
    fault(
        "whole floats are any JSON",
        Relation,
        "_as_anything",
        "whole_floats=self.position is Position.ARGS",
        "whole_floats=False",
    ),
    fault(
        "a map as a record: keys that are no fields pass",
        Relation,
        "_maps_no_record",
        "for key in keys if key not in fields",
        "for key in keys if False",
        by_siblings,
    ),
    fault(
        "a record as a map: names that are no keys pass",
        Relation,
        "_records_as_map",
        "elif not self._witnesses.is_empty(known.type):",
        "elif False:",
        by_siblings,
    ),
    # --- ids ---
    fault(
        "former names of a table are forgotten",
        Relation,
        "_lost_names",
        "in (sent, *former)",
        "in (sent,)",
        by_siblings,
    ),
    fault(
        "clients look at how ids begin",
        Relation,
        "_lost_names",
        "if self.position is Position.RETURNS and",
        "if False and",
    ),
    # --- records and variants ---
    fault(
        "an unknown field is not refused",
        Relation,
        "_unknown_field",
        "if refuses_unknown(self.position) and",
        "if False and",
    ),
    fault(
        "a field that is never sent is not missed",
        Relation,
        "_records",
        "if other.required and name not in",
        "if False and name not in",
    ),
    fault("tags that no member has pass", Relation, "_tagged", "if lost:", "if False:"),
    fault(
        "a tag may be left out",
        Relation,
        "_tagged",
        "if not known.always and sent_tag != tag:",
        "if False:",
        by_strangers,
    ),
    fault(
        "a variant is sent without its tag",
        Relation,
        "_variants",
        "Pair(named, accepted.members[0][0], sent.tag)",
        "Pair(named, accepted.members[0][0])",
        by_strangers,
    ),
    fault(
        "an alias beside null is passed over",
        relation,
        "parts",
        "out |= parts(member, named, position)",
        "pass",
        by_siblings,
    ),
    # --- names ---
    fault(
        "a type is unchanged though what it uses is not",
        soundness,
        "unchanged_types",
        "todo = [name for name in users if name not in same]",
        "todo = []",
        by_unchanged,
    ),
    # --- positions ---
    fault(
        "clients do not miss fields that they may leave out themselves",
        relation,
        "accepted_fields",
        "f if f.required else replace(f, required=True)",
        "f",
    ),
    fault(
        "documents may have unknown fields", relation, "refuses_unknown", "is not Position.RETURNS", "is Position.ARGS"
    ),
    fault(
        "arguments are sent whole",
        relation,
        "sent_fields",
        "SentField(f.wire_name, f.type, f.required)",
        "SentField(f.wire_name, f.type, True)",
        by_edits,
    ),
    fault("clients check lengths", parts, "as_received", "return ArrayType(item)", "return t"),
    fault("clients check bounds", parts, "as_received", "return IntType()", "return t"),
    # --- scalars ---
    fault("the largest integer is not looked at", scalars, "_int_fits", "last <= high", "True"),
    fault(
        "steps of integers are not looked at",
        scalars,
        "_int_fits",
        "(step % grid == 0 or first == last)",
        "True",
        by_siblings,
    ),
    fault(
        "an integer is a float of any bounds", scalars, "_int_fits_float", "first >= accepted.ge", "True", by_siblings
    ),
    fault(
        "the last of few integers is forgotten",
        scalars,
        "finite_values",
        "last + 1, step)) if last - first < 16 * step else None\n        case Int64Type",
        "last, step)) if last - first < 16 * step else None\n        case Int64Type",
        by_siblings,
    ),
    fault(
        "an end that is excluded is as one that is not",
        scalars,
        "_low",
        "(Decimal(str(t.gt)), 1)",
        "(Decimal(str(t.gt)), 0)",
        by_siblings,
    ),
    fault(
        "digits before the point are not counted",
        scalars,
        "_digits_fit",
        "whole <= accepted.max_digits - accepted.decimal_places",
        "True",
        by_siblings,
    ),
    fault("texts may be longer", scalars, "_lengths_fit", "(most is not None and most <= high)", "True"),
    fault(
        "what only looks like a date is one",
        Comparison,
        "_text_outside",
        "is_settled = other.exact",
        "is_settled = True",
        by_siblings,
    ),
    fault(
        "a witness is not shown to its sender", Comparison, "_first", "if self.is_sent(value) and", "if", by_strangers
    ),
    # --- witnesses ---
    fault("items of a witness set are the same", Witnesses, "distinct", "if key(value) not in taken:", "if True:"),
    fault("a witness has no tag", Witnesses, "own_tag", "if tag is not None and values else {}", "if False else {}"),
    # --- patterns ---
    fault(
        "the end is not before a last newline",
        automata,
        "_passed",
        "return _BEFORE_LAST if mode == _FREE else mode",
        "return None",
        by_patterns,
    ),
    fault("the start is everywhere", automata, "_passed", "holds = before == _START", "holds = True", by_patterns),
    fault(
        "words end nowhere",
        automata,
        "_passed",
        "holds = (before == _WORD) != (after == _WORD)",
        "holds = False",
        by_patterns,
    ),
    fault(
        "a repetition is one too few", Graph, "_repeated", "range(most - least)", "range(most - least - 1)", by_patterns
    ),
    fault(
        "a star is at least once", Graph, "_repeated", "then = fork", "then = self._sequence(inside, fork)", by_patterns
    ),
    fault(
        "a search begins at the start only",
        Machine,
        "_stepped",
        "moved = {(self.graph.start, _FREE)}",
        "moved = set()",
        by_patterns,
    ),
    fault(
        "all but a character is the character",
        automata,
        "_chars",
        'return _inverse(found) if parts[0][0] == "NEGATE" else found',
        "return found",
        by_patterns,
    ),
    fault("a text may be shorter", patterns, "shortest", "if length >= least:", "if True:", by_patterns),
    fault(
        "the longest text is not looked at",
        patterns,
        "shortest",
        "if length == most:",
        "if length + 1 == most:",
        by_patterns,
    ),
)
