"""`renamed_from`: what a table, a field or a function was called before, so that its data and its callers follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

FormerNames: TypeAlias = str | Sequence[str]
"""One name, or several for what was renamed more than once, the latest first."""


@dataclass(frozen=True, slots=True)
class RenamedFrom:
    """The marker of a renamed field, inside `Annotated`."""

    names: tuple[str, ...]


def renamed_from(name: str, *earlier: str) -> RenamedFrom:
    """A field that was called otherwise: `full_name: Annotated[str, renamed_from("name")]`.

    Its column is renamed when the backend is next served, its values stay. In the TypeScript SDK the old name says
    where it went. A field renamed twice names both, the latest first.
    """
    return RenamedFrom((name, *earlier))


def former_names(given: FormerNames | None) -> tuple[str, ...]:
    """As `renamed_from=` was written, always a tuple."""
    return () if given is None else (given,) if isinstance(given, str) else tuple(map(str, given))
