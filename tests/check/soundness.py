"""How the relation is held to validators that know nothing of it. Whoever changes it runs these with more examples:

RELATION_EXAMPLES=20 pytest tests/check/test_relation_random.py
"""

from __future__ import annotations

import itertools
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from schemagen.check.pairs import through
from schemagen.check.patterns import Unproved, outside
from schemagen.check.relation import Relation, unchanged_types
from schemagen.check.views import Position, types_of
from schemagen.model import types as t
from schemagen.model.contract import Contract, Missing
from tests.check.mutations import OTHER_TABLES, SMALL_WORLD, Edit, edits, is_valid, siblings, type_edits, worlds
from tests.check.reference import may_send, takes
from tests.check.values import Values

MORE = int(os.environ.get("RELATION_EXAMPLES", "1"))
"""So many times as many examples."""
VALUES = 12
UNSURE_MAX = 0.01


def quick(examples: int, *, shrinks: bool = True) -> settings:
    return settings(
        phases=[Phase.explicit, Phase.generate, *([Phase.shrink] if shrinks else [])],
        max_examples=examples * MORE,
        deadline=None,
        database=None,
        derandomize=MORE == 1,
        suppress_health_check=list(HealthCheck),
    )


def roots(edit: Edit) -> Iterator[t.RefType]:
    """The named types of both contracts."""
    yield from (t.RefType(name) for name in sorted(edit.old.types_by_name.keys() & edit.new.types_by_name.keys()))


def sides(edit: Edit, position: Position) -> tuple[Contract, Contract]:
    """Who sends and who accepts: clients are old, and so are documents."""
    return (edit.new, edit.old) if position is Position.RETURNS else (edit.old, edit.new)


def verdict(relation: Relation, sent: t.Type, accepted: t.Type) -> str:
    root = relation.types(sent, accepted)
    if relation.fits(root):
        return "fits"
    return "unsure" if isinstance(relation.counterexample(root), Missing) else "breaks"


def check_pair(relation: Relation, sent: t.Type, accepted: t.Type, seed: int) -> str:
    """The verdict, after the validators agreed with it and with every finding."""
    root = relation.types(sent, accepted)
    one, other, position = relation.sent, relation.accepted, relation.position
    shown = 0
    for reached in relation.reachable(root):
        for finding in reached.node.findings:
            witness = through(reached.wrap, finding.witness)
            assert isinstance(witness, Missing) == finding.unsure or isinstance(witness, Missing)
            if not isinstance(witness, Missing):
                shown += 1
                assert may_send(sent, witness, one, position), f"never sent: {witness} of {sent}, {finding}"
                assert not takes(accepted, witness, other, position, one), f"taken: {witness} by {accepted}, {finding}"
    if relation.fits(root):
        for value in Values(one, position, Random(seed)).of(sent, VALUES):
            assert takes(accepted, value, other, position, one), f"{accepted} refuses {value} of {sent}"
        return "fits"
    assert (shown > 0) == (not isinstance(relation.counterexample(root), Missing))
    return "breaks" if shown else "unsure"


def check_edit(edit: Edit, position: Position, seed: int, tally: Counter[str]) -> None:
    sent, accepted = sides(edit, position)
    unchanged = unchanged_types(edit.old, edit.new) if seed % 2 else ()
    relation = Relation(types_of(sent), types_of(accepted), position, unchanged)
    for root in roots(edit):
        tally[check_pair(relation, root, root, seed)] += 1


def run_edits(examples: int, base: st.SearchStrategy[Contract] | None = None, *, shrinks: bool = True) -> Counter[str]:
    tally: Counter[str] = Counter()

    @quick(examples, shrinks=shrinks)
    @given(edits(base), st.sampled_from(list(Position)), st.integers(0, 10**6))
    def check(edit: Edit, position: Position, seed: int) -> None:
        check_edit(edit, position, seed, tally)

    check()
    return tally


def run_types(examples: int, *, shrinks: bool = True) -> Counter[str]:
    """Types after one edit, in one world: many in little time."""
    return _run_pairs(type_edits(), examples, shrinks)


def run_siblings(examples: int, *, shrinks: bool = True) -> Counter[str]:
    """Types of one family against each other."""
    return _run_pairs(siblings(), examples, shrinks)


def _run_pairs(pairs: st.SearchStrategy[tuple[t.Type, t.Type]], examples: int, shrinks: bool) -> Counter[str]:
    tally: Counter[str] = Counter()

    @quick(examples, shrinks=shrinks)
    @given(pairs, st.sampled_from(list(Position)), st.integers(0, 10**6), st.integers(0, 4), st.integers(0, 4))
    def check(pair: tuple[t.Type, t.Type], position: Position, seed: int, one: int, other: int) -> None:
        relation = Relation(_WORLDS[one], _WORLDS[other], position)
        tally[check_pair(relation, *pair, seed)] += 1

    check()
    return tally


_WORLDS = [types_of(replace(SMALL_WORLD, tables=tables)) for tables in (SMALL_WORLD.tables, *OTHER_TABLES)]


def run_unchanged(examples: int, *, shrinks: bool = True) -> None:
    """What is skipped because nothing in it changed would have fitted."""

    @quick(examples, shrinks=shrinks)
    @given(edits(), st.sampled_from(list(Position)))
    def check(edit: Edit, position: Position) -> None:
        one, other = map(types_of, sides(edit, position))
        whole = Relation(one, other, position)
        skipping = Relation(one, other, position, unchanged_types(edit.old, edit.new))
        for root in roots(edit):
            assert verdict(whole, root, root) == verdict(skipping, root, root), root

    check()


def run_strangers(examples: int, *, shrinks: bool = True) -> Counter[str]:
    """Types of one contract against others of it: far apart."""
    tally: Counter[str] = Counter()

    @quick(examples, shrinks=shrinks)
    @given(worlds().filter(is_valid), st.sampled_from(list(Position)), st.integers(0, 10**6))
    def check(world: Contract, position: Position, seed: int) -> None:
        relation = Relation(types_of(world), types_of(world), position)
        for one in world.types:
            for other in world.types:
                tally[check_pair(relation, t.RefType(one.name), t.RefType(other.name), seed)] += 1

    check()
    return tally


def check_tally(tally: Counter[str]) -> None:
    total = sum(tally.values())
    assert tally["unsure"] <= UNSURE_MAX * total, tally
    assert min(tally["fits"], tally["breaks"]) > 0.02 * total, f"one-sided: {tally}"


# --- patterns ---

SHORT_TEXTS = ["".join(letters) for count in range(5) for letters in itertools.product("ab \n", repeat=count)]

ATOMS = st.sampled_from(
    ["a", "b", ".", "[ab]", "[^a]", "[^ab]", r"\w", r"\s", r"\W", "^", "$", r"\A", r"\Z", r"\b", r"\B", "(?:)", r"\n"]
)


def _repeated(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    repetitions = st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{2,}", "*?", "{0}"])
    return st.builds("(?:{}){}".format, inside, repetitions)


_INSIDE = st.recursive(
    ATOMS,
    lambda inside: (
        _repeated(inside)
        | st.lists(inside, min_size=1, max_size=4).map("".join)
        | st.lists(inside, min_size=2, max_size=3).map(lambda some: f"({'|'.join(some)})")
    ),
    max_leaves=6,
)
PATTERNS = _INSIDE | _INSIDE.map("^(?:{})$".format) | _INSIDE.map(r"\A(?:{})\Z".format)


def check_outside(sent: str | None, accepted: str, least: int = 0, most: int | None = None) -> str | Unproved | None:
    """What is found, after `re` agreed."""
    found = outside(sent, accepted, least, most)
    if isinstance(found, str):
        assert re.search(sent or "", found)
        assert not re.search(accepted, found)
        assert least <= len(found) <= (len(found) if most is None else most)
    return found


def run_patterns(examples: int, *, shrinks: bool = True) -> None:
    """All texts of up to four characters are looked at; what is proved must hold for them."""

    @quick(examples, shrinks=shrinks)
    @given(PATTERNS, PATTERNS, st.integers(0, 3), st.integers(0, 4) | st.none())
    def check(sent: str, accepted: str, least: int, longer: int | None) -> None:
        most = None if longer is None else least + longer
        found = check_outside(sent, accepted, least, most)
        assert not isinstance(found, Unproved)
        if found is None or len(found) > 4:
            for text in SHORT_TEXTS:
                if least <= len(text) and (most is None or len(text) <= most) and re.search(sent, text):
                    assert re.search(accepted, text), text

    check()
