"""What a consumer uses of an SDK: which functions, arguments and fields, and where."""

from __future__ import annotations

from dataclasses import dataclass

from schemagen.check.changes import Language, Place, Target


@dataclass(frozen=True, slots=True)
class Use:
    """One use in a consumer's source."""

    target: Target
    place: Place
    why_all: str = ""
    """Set where the source cannot tell which parts are used (`**kwargs`, `JSON.stringify(contact)`): then all are."""


@dataclass(frozen=True, slots=True)
class Usage:
    """All uses in one consumer, sorted by place."""

    consumer: str
    language: Language
    uses: tuple[Use, ...]
