"""What a long command says of its progress, and how often."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from schemagen.cli.meter import Meter
from schemagen.cli.terminal import Terminal


def test_plain_lines_come_every_few_seconds_and_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(meter(live=False).counted("contacts", seconds(12), 3000)) == list(range(12))
    assert capsys.readouterr().err.splitlines() == [
        "contacts: 5 of 3,000 documents, 1/s",
        "contacts: 10 of 3,000 documents, 1/s",
        "contacts: 12 documents, 1/s",
    ]


def test_on_a_terminal_one_line_is_written_anew(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in meter(live=True).counted("contacts", seconds(2)):
        pass
    shown = capsys.readouterr().err
    assert "\n" not in shown
    assert [line for line in shown.split("\r\x1b[2K") if line] == [
        "contacts: 1 document, 1/s …",
        "contacts: 2 documents, 1/s …",
        "contacts: 2 documents, 1/s …",
    ]


def test_nothing_is_counted_before_it_is_asked_for() -> None:
    items = meter(live=False).counted("contacts", never())
    with pytest.raises(AssertionError, match="asked for"):
        next(items)


def test_copied_pages_are_told_at_the_end_and_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    tell = meter(live=False).copied()
    for done in seconds(12):
        tell(done + 1, 12)
    assert capsys.readouterr().err.splitlines() == [
        "copied 5 of 12 pages",
        "copied 10 of 12 pages",
        "copied 12 of 12 pages",
    ]


_now = 0.0


def meter(*, live: bool) -> Meter:
    terminal = Terminal()
    terminal.live = live
    return Meter(terminal, lambda: _now)


def seconds(count: int) -> Iterator[int]:
    """Items that take a second each."""
    global _now
    for number in range(count):
        _now += 1
        yield number


def never() -> Iterator[int]:
    raise AssertionError("it was asked for")
    yield 0
