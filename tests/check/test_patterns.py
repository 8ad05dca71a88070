"""Patterns are decided by automata; Python's `re` is what they are held to."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemagen.check.automata import STEPS_MAX
from schemagen.check.patterns import Unproved, example, examples, outside

SHORT_TEXTS = ["".join(letters) for count in range(5) for letters in itertools.product("ab \n", repeat=count)]

ATOMS = st.sampled_from(
    ["a", "b", ".", "[ab]", "[^a]", r"\w", r"\s", r"\W", "^", "$", r"\A", r"\Z", r"\b", r"\B", "(?:)", r"\n"]
)


def _repeated(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    repetitions = st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{2,}", "*?", "{0}"])
    return st.builds("(?:{}){}".format, inside, repetitions)


PATTERNS = st.recursive(
    ATOMS,
    lambda inside: (
        _repeated(inside)
        | st.lists(inside, min_size=1, max_size=4).map("".join)
        | st.lists(inside, min_size=2, max_size=3).map(lambda some: f"({'|'.join(some)})")
    ),
    max_leaves=6,
)


def check_outside(sent: str | None, accepted: str, least: int = 0, most: int | None = None) -> str | Unproved | None:
    """What is found, after `re` agreed."""
    found = outside(sent, accepted, least, most)
    if isinstance(found, str):
        assert re.search(sent or "", found)
        assert not re.search(accepted, found)
        assert least <= len(found) <= (len(found) if most is None else most)
    return found


@settings(max_examples=150, deadline=None, database=None, derandomize=True)
@given(PATTERNS, PATTERNS, st.integers(0, 3), st.integers(0, 4) | st.none())
def test_no_text_is_outside_exactly_if_re_finds_none(sent: str, accepted: str, least: int, longer: int | None) -> None:
    most = None if longer is None else least + longer
    found = check_outside(sent, accepted, least, most)
    assert not isinstance(found, Unproved)
    if found is None or len(found) > 4:
        for text in SHORT_TEXTS:
            if least <= len(text) and (most is None or len(text) <= most) and re.search(sent, text):
                assert re.search(accepted, text), text


@settings(max_examples=60, deadline=None, database=None, derandomize=True)
@given(PATTERNS, st.integers(0, 3))
def test_examples_match_are_different_and_there_are_none_only_if_there_are_none(pattern: str, least: int) -> None:
    found = list(itertools.islice(examples(pattern, least, least + 2), 30))
    assert len(set(found)) == len(found)
    assert all(re.search(pattern, text) and least <= len(text) <= least + 2 for text in found)
    first = example(pattern, least, least + 2)
    assert first is None if not found else isinstance(first, str)


@pytest.mark.parametrize(
    ("sent", "accepted"),
    [
        ("^[0-9]+$", r"^\d+$"),
        (r"^\+?[1-9]\d{1,14}$", r"^\+?\d+$"),
        ("^(a|b)*c$", r"^[abc]*\s?$"),
        (r"^[a-z]+\Z", r"^[a-z]+$"),
        (r"\bfoo\b", "foo"),
        ("^[^@]+@[^@]+$", "@"),
        ("abc", "b"),
        (r"^\w+\Z", r"^\S+$"),
    ],
)
def test_a_pattern_within_another_is_proved(sent: str, accepted: str) -> None:
    assert outside(sent, accepted, 0, None) is None


@pytest.mark.parametrize(
    ("sent", "accepted", "shown"),
    [
        (r"^\d+$", "^[0-9]+$", "\N{ARABIC-INDIC DIGIT ZERO}"),
        ("^[a-z]+$", r"^[a-z]+\Z", "a\n"),
        ("foo", r"\bfoo\b", "afoo"),
        ("^a{3,5}$", "^a{3,4}$", "aaaaa"),
        (None, "^.*$", "\na"),
        ("^[A-Z]{2}$", "^[A-M]{2}$", "AN"),
    ],
)
def test_the_shortest_text_outside_is_shown(sent: str | None, accepted: str, shown: str) -> None:
    assert check_outside(sent, accepted) == shown


def test_lengths_are_part_of_the_proof() -> None:
    assert outside("^a*$", "^a{0,3}$", 0, 3) is None
    assert check_outside(r"\Aa*\Z", "^a{0,3}$", 0, 4) == "aaaa"
    assert example("^a{30,}$", 6, None) == "a" * 30
    assert example("^a{3}$", 6, None) is None


@pytest.mark.parametrize("pattern", ["(?=a)", "(?<!a)b", r"(a)\1", "(?i:a)", "a++", "(?>a)", "["])
def test_what_is_no_regular_language_is_not_guessed(pattern: str) -> None:
    assert isinstance(
        outside("^c$", "^c$|" + pattern, 0, None) if pattern != "[" else outside("c", "[", 0, 0), Unproved
    )


def test_a_counterexample_is_found_by_trying_where_nothing_can_be_proved() -> None:
    assert outside(None, r"(?=a)a", 0, None) == ""


def test_the_search_gives_up_beyond_its_budget() -> None:
    found = outside(r"^(a|b)*a(a|b){14}$", r"^(a|b)*b(a|b){14}$|^(a|b)*a(a|b){14}$", 0, None)
    assert isinstance(found, Unproved)
    assert str(STEPS_MAX) in found.why
