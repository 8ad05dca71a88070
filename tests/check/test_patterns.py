"""Patterns are decided by automata; Python's `re` is what they are held to."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemagen.check.automata import STEPS_MAX
from schemagen.check.patterns import Unproved, example, examples, outside
from tests.check.soundness import PATTERNS, check_outside, quick, run_patterns


def test_no_text_is_outside_exactly_if_re_finds_none() -> None:
    run_patterns(150)


@quick(60)
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
