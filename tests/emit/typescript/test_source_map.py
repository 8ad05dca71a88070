"""Maps from declarations into Python."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from schemagen.emit.typescript.source_map import _DIGITS, MappedText, vlq
from schemagen.model.contract import Origin


def numbers(segment: str) -> list[int]:
    found, value, shift = [], 0, 0
    for digit in segment:
        bits = _DIGITS.index(digit)
        value |= (bits & 31) << shift
        shift += 5
        if not bits & 32:
            found.append(-(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    return found


def decoded(text: str) -> dict[tuple[int, int], tuple[str, int, int] | None]:
    """Line and column → file, line and column, all from 0."""
    source_map = json.loads(text)
    found: dict[tuple[int, int], tuple[str, int, int] | None] = {}
    source = [0, 0, 0]
    for line, segments in enumerate(source_map["mappings"].split(";")):
        column = 0
        for segment in filter(None, segments.split(",")):
            step, *rest = numbers(segment)
            column += step
            source = [a + b for a, b in zip(source, rest, strict=True)] if rest else source
            found[line, column] = (source_map["sources"][source[0]], source[1], source[2]) if rest else None
    return found


@given(st.integers(-(2**40), 2**40))
def test_vlq(value: int) -> None:
    assert numbers(vlq(value)) == [value]


def test_each_name_is_mapped_from_start_to_end() -> None:
    text = MappedText(["// header"])
    text.declare("  readonly markPaid: X;", "markPaid", Origin("b/z.py", 7, 11), written="mark_paid")
    text.add("", "}")
    text.declare("export interface Größe😀 {", "Größe😀", Origin("b/a.py", 2, 7), written="Größe😀")
    text.declare("  id: Id;", "id", None)
    assert decoded(text.source_map("x.d.ts", "../..")) == {
        (1, 11): ("../../b/z.py", 6, 10),
        (1, 19): ("../../b/z.py", 6, 19),
        (4, 17): ("../../b/a.py", 1, 6),
        (4, 24): ("../../b/a.py", 1, 13),
        (5, 2): None,
    }
    assert text.text("x.d.ts").endswith("\n//# sourceMappingURL=x.d.ts.map\n")


def test_lines_before_move_the_marks() -> None:
    body = MappedText()
    body.declare("a", "a", Origin("a.py", 1, 1), written="a")
    whole = MappedText(["one", "two"]).followed_by(body)
    assert list(decoded(whole.source_map("x.d.ts", ".."))) == [(2, 0), (2, 1)]
