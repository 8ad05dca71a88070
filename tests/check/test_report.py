"""What follows from a change: it fails, informs, is accepted or safe; and by what it is known again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from schemagen.check.accepted import Accepted, acceptance
from schemagen.check.changes import CallSite, Change, Level, Place, Side
from schemagen.check.fingerprints import change_fingerprint
from schemagen.check.report import Finding, Report, Standing, judge
from schemagen.model.contract import Origin
from tests.check.made import ADDED, CHANGES, MANY, NARROWED, NULLED, REMOVED, STORED, TODAY

EVERY_LEVEL = frozenset({Level.WIRE, Level.DATA, Level.SOURCE})


def standing(change: Change, **how: object) -> Standing:
    [judged] = judge([change], **how)  # type: ignore[arg-type]
    return judged.standing


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (NARROWED, Standing.FAILS),
        (STORED, Standing.FAILS),
        (NULLED, Standing.FAILS),  # wire for Python, source for TypeScript: the worse one counts
        (MANY, Standing.INFORMS),
        (ADDED, Standing.SAFE),
    ],
    ids=lambda value: value.rule if isinstance(value, Change) else "",
)
def test_what_breaks_clients_or_documents_fails(change: Change, expected: Standing) -> None:
    assert standing(change) is expected


def test_the_gate_decides_which_levels_fail() -> None:
    assert standing(MANY, gate=EVERY_LEVEL) is Standing.FAILS
    assert standing(STORED, gate=frozenset({Level.WIRE})) is Standing.INFORMS
    assert standing(ADDED, gate=EVERY_LEVEL) is Standing.SAFE
    assert standing(NULLED, gate=frozenset({Level.SOURCE})) is Standing.FAILS


def test_a_break_that_no_client_feels_fails_unless_it_is_configured_otherwise() -> None:
    [judged] = judge([REMOVED])
    assert judged.standing is Standing.FAILS and judged.notes == ("no released client uses it",)
    assert standing(REMOVED, unused_fails=False) is Standing.INFORMS
    assert standing(NARROWED, unused_fails=False) is Standing.FAILS
    assert standing(replace(REMOVED, clients=None), unused_fails=False) is Standing.FAILS  # nobody looked


def accepted(change: Change, expires: date) -> Accepted:
    return Accepted(change_fingerprint(change), "it has to be", expires)


def test_an_accepted_break_does_not_fail_before_its_day() -> None:
    for days, expected in ((1, Standing.ACCEPTED), (0, Standing.FAILS), (-1, Standing.FAILS)):
        entry = accepted(NARROWED, TODAY + timedelta(days=days))
        assert standing(NARROWED, accepted=(entry,), today=TODAY) is expected, days


def test_of_several_entries_the_one_that_holds_longest_counts() -> None:
    entries = [accepted(NARROWED, TODAY + timedelta(days=days)) for days in (-3, 9, 2)]
    assert acceptance(tuple(entries), change_fingerprint(NARROWED), TODAY) is entries[1]
    assert acceptance(tuple(entries), change_fingerprint(STORED), TODAY) is None


def test_a_fingerprint_stands_for_the_break_and_not_for_where_it_stands() -> None:
    known = change_fingerprint(NARROWED)
    site = CallSite("web", Place("b.ts", 1, 1), "x")
    moved = replace(NARROWED, origin=Origin("elsewhere.py", 9), call_sites=(site,), says="in other words", witness=3)
    assert change_fingerprint(moved) == known
    others = [
        replace(NARROWED, rule="arg_removed"),
        replace(NARROWED, side=Side.RETURNS),
        replace(NARROWED, at="contacts.list(kind)"),
        replace(NARROWED, old="string"),
        replace(NARROWED, new="string"),
    ]
    assert len({known, *map(change_fingerprint, others)}) == 6


def test_fingerprints_stay_what_they_are() -> None:
    assert [change_fingerprint(change) for change in (NARROWED, REMOVED)] == ["f6e3fd02c7d2", "6e447c8273f9"]


def test_a_report_fails_by_a_change_or_by_a_finding() -> None:
    assert Report("a", "b", judge(CHANGES)).breaking
    stale, notice = Finding("stale", "", ""), Finding("base_missing", "", "", fails=False)
    report = Report("a", "b", judge([ADDED]), (stale,))
    assert report.fails and not report.breaking
    assert not Report("a", "b", judge([ADDED, MANY]), (notice,)).fails
