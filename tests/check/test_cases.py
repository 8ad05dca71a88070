"""The checker as a specification: `tests/cases/check/<case>/` holds a backend before, one after, and what is said.

A case is `old.py`, `new.py` (or the packages `old/`, `new/`) and `report.txt`; with a `consumer.py`, what it says to
this consumer of the SDK `crm`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from schemagen.check.changes import SEVERITY, Change, Level, Side
from schemagen.check.compare import compare
from schemagen.check.names import imported_names_gone
from schemagen.check.python_usage import python_usage
from schemagen.check.rules import RULES
from schemagen.check.validators import Receiver, Sender
from schemagen.check.views import Position, types_of
from schemagen.introspect import load
from schemagen.model.canonical import from_json, to_json
from schemagen.model.contract import Contract, Json, Missing
from tests.check.rendering import report
from tests.conftest import ROOT, Golden

FOLDER = ROOT / "tests/cases/check"
CASES = sorted(path.name for path in FOLDER.iterdir())


@cache
def contracts(case: str) -> tuple[Contract, Contract]:
    return _contract(FOLDER / case, "old"), _contract(FOLDER / case, "new")


def _contract(folder: Path, name: str) -> Contract:
    module = folder / f"{name}.py"
    return load(module if module.exists() else folder / name, folder).contract


@cache
def changes(case: str) -> tuple[Change, ...]:
    old, new = contracts(case)
    consumer = FOLDER / case / "consumer.py"
    if not consumer.exists():
        return compare(old, new)
    usage = python_usage("script", "crm", old, {"consumer.py": consumer.read_text("utf-8")})
    return (*compare(old, new), *imported_names_gone(old, new, [usage]))


@pytest.mark.parametrize("case", CASES)
def test_a_change_is_reported_as_written(case: str, golden: Golden) -> None:
    golden.check(FOLDER / case / "report.txt", report(changes(case)))


@pytest.mark.parametrize("case", CASES)
def test_a_contract_is_silent_beside_itself(case: str) -> None:
    assert [compare(contract, contract) for contract in contracts(case)] == [(), ()]


@pytest.mark.parametrize("case", CASES)
def test_committed_contracts_say_the_same_but_for_the_places(case: str) -> None:
    old, new = (from_json(to_json(contract)) for contract in contracts(case))
    assert compare(old, new) == tuple(replace(change, origin=None) for change in compare(*contracts(case)))


@pytest.mark.parametrize("case", CASES)
def test_a_witness_is_sent_and_not_taken(case: str) -> None:
    old, new = contracts(case)
    for change in changes(case):
        if isinstance(change.witness, Missing):
            assert change.unsure or change.side in (Side.FUNCTION, Side.TYPE, Side.STORED) or not is_wire(change)
        elif change.shown_by:
            assert is_sent_and_refused(old, new, change, change.witness), change


def is_wire(change: Change) -> bool:
    return SEVERITY[change.level] > SEVERITY[Level.SOURCE]


def is_sent_and_refused(old: Contract, new: Contract, change: Change, witness: Json) -> bool:
    before, after = types_of(old), types_of(new)
    was = old.functions_by_path[change.shown_by]
    called = {former: f for f in new.functions for former in f.renamed_from}
    now = new.functions_by_path.get(was.path) or called[was.python_path]
    if change.side is Side.ARGS:
        is_sent = Sender(before, Position.ARGS).sends_fields(was.args, witness)
        return is_sent and not Receiver(after, Position.ARGS, before).accepts_fields(now.args, witness)
    sender, receiver = Sender(after, Position.RETURNS), Receiver(before, Position.RETURNS, after)
    if change.side is Side.RETURNS:
        return sender.sends(now.returns, witness) and not receiver.accepts(was.returns, witness)
    return any(
        sender.sends_fields(new.errors_by_code[code].fields, witness)
        and not receiver.accepts_fields(old.errors_by_code[code].fields, witness)
        for code in was.raises
        if code in new.errors_by_code
    )


def test_every_rule_has_a_case_and_no_other_rule_is_spoken_of() -> None:
    assert {change.rule for case in CASES for change in changes(case)} == RULES.keys()


def test_there_are_as_many_safe_cases_as_breaking_ones() -> None:
    breaking = [case for case in CASES if any(change.breaking for change in changes(case))]
    assert len(CASES) >= 2 * len(breaking) >= 300


def test_what_breaks_names_its_fix_and_what_is_safe_has_none() -> None:
    for change in (change for case in CASES for change in changes(case)):
        assert bool(change.fix) == change.breaking, change
