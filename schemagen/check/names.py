"""Names of types that are gone from an SDK: nobody deployed feels it, and who imports them does not compile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from schemagen.check.causes import Causes
from schemagen.check.changes import LANGUAGES, CallSite, Change, Language, Level, Side, Target
from schemagen.check.relation import unchanged_types
from schemagen.check.usage import ANY_TYPE, Usage
from schemagen.check.views import Position
from schemagen.model.contract import Contract, NamedType
from schemagen.model.types import RefType


def imported_names_gone(old: Contract, new: Contract, usages: Iterable[Usage]) -> tuple[Change, ...]:
    """One change for each type that some consumer imports and the SDKs of `new` do not have, sorted by name.

    A type that is only called otherwise changes nothing on the wire, so `compare` does not speak of it: this is for
    those who write its name.
    """
    before, after = old.public.types_by_name, new.public.types_by_name
    sites: dict[str, list[CallSite]] = {}
    languages: dict[str, set[Language]] = {}
    for usage in usages:
        for use in usage.uses:
            name = use.target.type
            if name not in before or name in after or use.target.field or use.why_all or name == ANY_TYPE:
                continue
            sites.setdefault(name, []).append(CallSite(usage.consumer, use.place, name))
            languages.setdefault(name, set()).add(usage.language)
    causes = Causes(old.public, new.public, unchanged_types(old, new))
    added = [name for name in after if name not in before]
    return tuple(
        _gone(before[name], _successor(causes, name, added), languages[name], tuple(sorted(sites[name])), after)
        for name in sorted(sites)
    )


def _successor(causes: Causes, name: str, added: Iterable[str]) -> str | None:
    """The one new name of the very same type."""
    alike = [new for new in added if causes.are_equal(RefType(name), RefType(new), Position.STORED)]
    return alike[0] if len(alike) == 1 else None


def _gone(
    old: NamedType,
    successor: str | None,
    languages: set[Language],
    sites: tuple[CallSite, ...],
    after: Mapping[str, NamedType],
) -> Change:
    if successor is None:
        says = "is gone from the SDKs: no public function takes or gives it any more"
        fix = "write what consumers need of it themselves, or keep a function that has it"
        origin = old.origin
    else:
        says = f"is called {successor} now: imports of {old.name} do not compile"
        fix = f"keep the name, or import {successor} when the consumer is rebuilt"
        origin = after[successor].origin
    levels = {language: Level.SOURCE if language in languages else Level.SAFE for language in LANGUAGES}
    return Change(
        "type_name_gone",
        levels,
        Side.TYPE,
        old.name,
        says,
        fix,
        old=old.name,
        new=successor or "",
        origin=origin,
        targets=(Target(type=old.name),),
        call_sites=sites,
    )
