"""The words of TypeScript: literals, keys, comments."""

from __future__ import annotations

import json
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemagen.emit.typescript.declarations import constraints, field_comment
from schemagen.emit.typescript.text import comment, key, string
from schemagen.emit.typescript.views import View
from schemagen.model.types import (
    ArrayType,
    BytesType,
    DecimalType,
    FloatType,
    IntType,
    MapType,
    SetType,
    StringType,
    Type,
)
from tests.emit.typescript.sample import TEXT, field, optional


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("lead", '"lead"'),
        ('say "hi"', "'say \"hi\"'"),
        ("it's", '"it\'s"'),
        ("\"'", '"\\"\'"'),
        ("a\\b", '"a\\\\b"'),
        ("\u2028\x00\n", '"\\u2028\\u0000\\n"'),
        ("\u202eabc", '"\\u202eabc"'),
    ],
)
def test_string(text: str, written: str) -> None:
    assert string(text) == written


@pytest.mark.slow
def test_javascript_reads_every_string_as_it_is() -> None:
    texts = [chr(code) for code in range(0x3000)] + ["\ufeff", "😀", "a'b\"c'd"]
    script = f"console.log(JSON.stringify([{','.join(map(string, texts))}]))"
    out = subprocess.run(["node"], input=script, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    assert json.loads(out) == texts


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a", "a"),
        ("class", "class"),
        ("größe", "größe"),
        ("a-b", '"a-b"'),
        ("1", '"1"'),
        ("", '""'),
        ("__proto__", "__proto__"),
    ],
)
def test_key(name: str, written: str) -> None:
    assert key(name) == written


@given(st.text() | st.text(alphabet="*/ \n\u2028@"))
def test_no_text_ends_its_comment(text: str) -> None:
    lines = comment([text])
    written = "\n".join(lines)
    assert not lines or (written.startswith("/**") and written.endswith("*/") and written.count("*/") == 1)


def test_paragraphs_stand_apart() -> None:
    assert comment(["One.\r\nTwo.", "@deprecated use x"], 2) == [
        "  /**",
        "   * One.",
        "   * Two.",
        "   *",
        "   * @deprecated use x",
        "   */",
    ]
    assert comment(["", ""]) == []


@pytest.mark.parametrize(
    ("t", "says"),
    [
        (IntType(ge=1, le=5), ["1 to 5"]),
        (IntType(gt=0, multiple_of=5), ["above 0", "a multiple of 5"]),
        (FloatType(lt=1.5), ["below 1.5"]),
        (StringType(min_length=1), ["at least 1 character"]),
        (StringType(max_length=9, pattern="^a"), ["at most 9 characters", "matches `^a`"]),
        (optional(StringType(min_length=2, max_length=2)), ["exactly 2 characters"]),
        (BytesType(max_length=4), ["at most 4 bytes"]),
        (DecimalType(max_digits=5, decimal_places=2), ["at most 5 digits", "at most 2 decimal places"]),
        (ArrayType(TEXT, 1, 3), ["1 to 3 items"]),
        (SetType(TEXT), ["without duplicates"]),
        (MapType(TEXT, TEXT, max_length=1), ["at most 1 key"]),
        (TEXT, []),
    ],
)
def test_constraints(t: Type, says: list[str]) -> None:
    assert constraints(t) == says


def test_a_default_is_told_where_it_may_be_left_out() -> None:
    size = field("size", IntType(ge=1), default=50, doc="How many")
    assert field_comment(size, View.INPUT) == ["How many. At least 1; default `50`"]
    assert field_comment(size, View.OUTPUT) == ["How many. At least 1"]
    assert field_comment(field("cursor", optional(TEXT), default=None), View.INPUT) == [""]
