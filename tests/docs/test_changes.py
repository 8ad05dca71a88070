"""docs/changes.md has a section for every rule; its examples are cases of the checker, and what it says of them."""

from __future__ import annotations

import re
from difflib import unified_diff
from pathlib import Path

from schemagen.check.rules import RULES
from tests.conftest import ROOT
from tests.docs.pages import Page

PAGE = Page(ROOT / "docs/changes.md")
FOLDER = ROOT / "tests/cases/check"


def sections() -> dict[str, str]:
    """The text of each section, by its rule."""
    parts = re.split(r"^### (\w+)$", PAGE.text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def example(rule: str, case: str) -> tuple[str, str]:
    """What differs between the backends of a case, and what is said of it under that rule."""
    return _difference(FOLDER / case), _said(rule, FOLDER / case)


def _difference(case: Path) -> str:
    old, new = (_lines(case / f"{name}.py") for name in ("old", "new"))
    lines = unified_diff(old, new, n=0, lineterm="")
    return "".join(f"{line}\n" for line in lines if line[:2] not in ("--", "++", "@@"))


def _lines(module: Path) -> list[str]:
    text = module.read_text("utf-8")
    return [line for line in text.splitlines() if line.strip() and not re.match(r"(from|import) ", line)]


def _said(rule: str, case: Path) -> str:
    blocks = (case / "report.txt").read_text("utf-8").split("\n\n")
    return next(f"{block.rstrip()}\n" for block in blocks if re.match(rf".*: {rule}( |$)", block.splitlines()[0]))


def test_every_rule_has_its_section_in_the_order_of_the_rules() -> None:
    assert list(sections()) == list(RULES)


def test_a_section_begins_with_what_the_rule_says() -> None:
    for rule, text in sections().items():
        assert " ".join(text.split()).startswith(RULES[rule]), rule


def test_examples_are_cases_and_what_is_said_of_them() -> None:
    for rule, text in sections().items():
        found = re.search(r"\(\.\./tests/cases/check/(\w+)\)", text)
        assert found, rule
        difference, said = example(rule, found[1])
        assert f"```diff\n{difference}```\n" in text, rule
        assert f"```text\n{said}```\n" in text, rule
