"""Texts that match a pattern, and texts that match one pattern but not another."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from schemagen.check.automata import Graph, OverBudget, Unsupported, shortest, texts

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Unproved:
    """Neither a proof nor a counterexample was found."""

    why: str


def example(pattern: str | None, least: int, most: int | None) -> str | Unproved | None:
    """A text of `least` to `most` characters (None: no limit) in which `pattern` is found; None if there is none."""
    if most is not None and least > most:
        return None
    return "a" * least if pattern is None else _found(pattern, None, least, most)


def examples(pattern: str | None, least: int, most: int | None) -> Iterator[str]:
    """Texts in which `pattern` is found, all different, the shortest first: all that are within reach."""
    if pattern is None:
        lengths = itertools.count(least) if most is None else range(least, most + 1)
        for length in lengths:
            yield from _counted(length)
        return
    try:
        yield from (text for text in texts(_graph(pattern), least, most) if re.search(pattern, text))
    except (Unsupported, OverBudget):
        found = example(pattern, least, most)
        if isinstance(found, str):
            yield found


def outside(sent: str | None, accepted: str, least: int, most: int | None) -> str | Unproved | None:
    """A text of `least` to `most` characters in which `sent` is found and `accepted` is not; None if there is none.

    Found and proved with automata. `Unproved` beyond their budget, and for what is no regular language:
    lookarounds, references back, possessive repetition, flags.
    """
    return None if sent == accepted else _found("" if sent is None else sent, accepted, least, most)


@lru_cache(maxsize=1024)
def _found(inside: str, outside: str | None, least: int, most: int | None) -> str | Unproved | None:
    try:
        text = shortest(_graph(inside), None if outside is None else _graph(outside), least, most)
    except (Unsupported, OverBudget) as error:
        tried = _tried(inside, outside, least, most)
        return Unproved(str(error)) if tried is None else tried
    if text is None or _is_example(text, inside, outside, least, most):
        return text
    return Unproved("the automaton and the pattern disagree")


def _is_example(text: str, inside: str, outside: str | None, least: int, most: int | None) -> bool:
    if not (least <= len(text) and (most is None or len(text) <= most)):
        return False
    try:
        return re.search(inside, text) is not None and (outside is None or re.search(outside, text) is None)
    except re.error:  # what cannot be read matches nothing that could be shown
        return False


def _tried(inside: str, outside: str | None, least: int, most: int | None) -> str | None:
    """Some texts are tried where nothing can be proved."""
    tries = [*_TRIED, "a" * least, "0" * least, "a" * (least + 1)]
    return next((text for text in tries if _is_example(text, inside, outside, least, most)), None)


_TRIED: Final = ("", "a", "A", "0", "ab", "a1", "Ada", "a b", "é", "-", "_", " ", "a@b.co", "2026-01-02", "\n")


@lru_cache(maxsize=256)
def _graph(pattern: str) -> Graph:
    return Graph(pattern)


def _counted(length: int) -> Iterator[str]:
    """Texts of one length, at most a few thousand: a…a, a…b, …"""
    tail = min(length, 3)
    for letters in itertools.product(_LETTERS, repeat=tail):
        yield "a" * (length - tail) + "".join(letters)
