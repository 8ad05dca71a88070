"""Texts that match a pattern, and texts that match one pattern but not another."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SAMPLES = (
    "",
    "a",
    "A",
    "0",
    "x1",
    "ab",
    "abc",
    "Ada",
    "hello world",
    "é",
    "-",
    "_",
    " ",
    "a@b.co",
    "2026-01-02",
    "\n",
)


@dataclass(frozen=True, slots=True)
class Unproved:
    """Neither a proof nor a counterexample was found."""

    why: str


def example(pattern: str | None, least: int, most: int | None) -> str | None:
    """A text of `least` to `most` characters (None: no limit) in which `pattern` is found; None if none is known."""
    if pattern is None:
        return "a" * least if most is None or least <= most else None
    for text in (*_SAMPLES, "a" * least):
        if least <= len(text) and (most is None or len(text) <= most) and re.search(pattern, text):
            return text
    return None


def outside(sent: str | None, accepted: str, least: int, most: int | None) -> str | Unproved | None:
    """A text in which `sent` is found and `accepted` is not; None if it is proved that there is none."""
    if sent == accepted:
        return None
    for text in (*_SAMPLES, "a" * least):
        inside = least <= len(text) and (most is None or len(text) <= most)
        if inside and (sent is None or re.search(sent, text)) and not re.search(accepted, text):
            return text
    return Unproved("no proof within budget")
