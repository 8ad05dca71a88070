"""What one line of a backend did, gathered: its effects on arguments, results and documents, at all its places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from schemagen.check.report import Judged, Report, Standing


@dataclass(frozen=True, slots=True)
class Cause:
    """One change of a type. What it does, the worst first; the call sites are those of all its places."""

    effects: tuple[Judged, ...]
    also: tuple[Judged, ...] = ()
    """The other places at which the same type became the same other one: an alias with a constraint is written out in a
    contract, wherever it stands. One judgement each."""


def causes_of(report: Report) -> list[Cause]:
    """What is not safe, in the order of the report."""
    places: dict[tuple[object, ...], list[Judged]] = {}
    for each in report.judged:
        if each.standing is not Standing.SAFE:
            change = each.change
            place = (each.standing, change.at, change.origin, change.old, change.new)
            places.setdefault(place if change.old or change.new else (each.fingerprint,), []).append(each)
    alike: dict[tuple[object, ...], list[list[Judged]]] = {}
    for effects in places.values():
        alike.setdefault(tuple(map(_signature, effects)), []).append(effects)
    return [_gathered(group) for group in alike.values()]


def _signature(judged: Judged) -> tuple[object, ...]:
    """Equal for the same change of the same type at two places."""
    change = judged.change
    what = (judged.standing, change.rule, change.old, change.new, change.says, change.fix, change.unsure, judged.notes)
    return what if change.old and change.new else (judged.fingerprint,)


def _gathered(group: list[list[Judged]]) -> Cause:
    first, *others = group
    effects = (_merged(effect, (other[number] for other in others)) for number, effect in enumerate(first))
    return Cause(tuple(effects), tuple(other[0] for other in others))


def _merged(judged: Judged, others: Iterable[Judged]) -> Judged:
    """A judgement with what is felt at the other places, too."""
    whole = [judged, *others]
    sites = sorted({site for each in whole for site in each.change.call_sites})
    clients = [each.change.clients for each in whole]
    known = tuple(sorted({name for each in clients for name in each or ()}))
    functions = tuple(sorted({path for each in whole for path in each.change.functions}))
    felt = None if None in clients else known
    change = replace(judged.change, call_sites=tuple(sites), clients=felt, functions=functions)
    return replace(judged, change=change, fingerprint=" --accept ".join(each.fingerprint for each in whole))
