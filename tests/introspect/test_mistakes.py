"""Every rule, its message to the letter: `tests/cases/errors/<rule>/backend.py` (or `backend/`) and `stderr.txt`."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pytest

from schemagen.introspect import InvalidBackend, load, render, to_json
from schemagen.introspect.rules import RULE_IDS
from tests.conftest import ROOT, Golden

CASES = ROOT / "tests/cases/errors"


def mistakes_of(case: Path) -> InvalidBackend:
    backend = case / "backend.py"
    with pytest.raises(InvalidBackend) as caught, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydantic warns of some of these mistakes, too
        load(backend if backend.exists() else case / "backend", case)
    return caught.value


@pytest.mark.parametrize("rule", RULE_IDS)
def test_a_mistake_is_shown_with_its_place_why_and_fix(rule: str, golden: Golden) -> None:
    mistakes = mistakes_of(CASES / rule)
    golden.check(CASES / rule / "stderr.txt", str(mistakes))
    assert rule in {d.rule for d in mistakes.diagnostics}


@pytest.mark.parametrize("rule", RULE_IDS)
def test_a_case_breaks_its_own_rule_above_all(rule: str) -> None:
    """Other rules may be broken along the way; none of them more often."""
    rules = [d.rule for d in mistakes_of(CASES / rule).diagnostics]
    assert rules.count(rule) == max(rules.count(each) for each in rules)


@pytest.mark.parametrize("rule", RULE_IDS)
def test_every_mistake_is_complete(rule: str) -> None:
    mistakes = mistakes_of(CASES / rule)
    for d in mistakes.diagnostics:
        assert d.rule in RULE_IDS
        assert all((d.message, d.why, d.fix))
        for place in (d.place, *d.others):
            if place is not None:
                line = mistakes.sources[place.origin.file].split("\n")[place.origin.line - 1]
                assert 0 < place.origin.column <= place.origin.column + place.width - 1 <= len(line)


def test_every_case_has_a_rule_and_every_rule_a_page() -> None:
    assert sorted(path.name for path in CASES.iterdir()) == sorted(RULE_IDS)
    page = (ROOT / "docs/errors.md").read_text("utf-8")
    assert sorted(re.findall(r"^### (\w+)$", page, re.MULTILINE)) == sorted(RULE_IDS)


def test_mistakes_come_in_the_order_of_the_source() -> None:
    places = [d.place for d in mistakes_of(CASES / "unsupported_type").diagnostics if d.place]
    assert places == sorted(places)


def test_machines_get_the_same_as_people() -> None:
    mistakes = mistakes_of(CASES / "duplicate_table")
    (found,) = to_json(mistakes.diagnostics)
    assert isinstance(found, dict)
    assert found["rule"] == "duplicate_table"
    assert found["place"] == {"file": "backend/sales.py", "line": 4, "column": 27, "width": 10, "note": ""}
    assert [other["file"] for other in found["others"]] == ["backend/people.py"]  # type: ignore[union-attr, index, call-overload]


def test_wide_characters_do_not_move_the_underline(tmp_path: Path) -> None:
    (tmp_path / "backend.py").write_text(
        "from schemagen import *\n@query\nasync def f(ctx: QueryCtx, *, 名前: str = '漢字', x) -> None: ...\n", "utf-8"
    )
    with pytest.raises(InvalidBackend) as caught:
        load(tmp_path / "backend.py", tmp_path)
    frame = render(caught.value.diagnostics, caught.value.sources).split("\n")[1:3]
    before = frame[0].index("x)")
    wide = sum(char in "名前漢字" for char in frame[0])
    assert frame[1].index("^") == before + wide
