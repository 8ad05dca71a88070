"""Who is told when: callers at once, a crowd in turns, each of it the newest state and all of it in the end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from schemagen.engine.answer import Delta
from schemagen.engine.telling import TOLD_AT_ONCE, Effect, Effects, Telling
from tests.engine.host import on_loop

CROWD = 3 * TOLD_AT_ONCE


class Crowd:
    def __init__(self) -> None:
        self.heard: list[tuple[str, Any]] = []
        self.listeners = [self.listener(f"watcher {number}") for number in range(CROWD)]

    def listener(self, name: str) -> Any:
        return lambda value: self.heard.append((name, value))

    def news(self, ts: int, *query_ids: int) -> list[Effect]:
        return [(listener, Delta(ts, dict.fromkeys(query_ids, b"%d" % ts))) for listener in self.listeners]

    def who(self) -> list[str]:
        return [name for name, _ in self.heard]


@on_loop
async def test_a_crowd_is_told_in_turns_that_others_can_come_between() -> None:
    crowd, telling = Crowd(), Telling()
    telling.tell(Effects([(crowd.listener("caller"), "answer")], crowd.news(1, 7)))
    assert crowd.who() == ["caller"]
    await asyncio.sleep(0)
    assert len(crowd.heard) == 1 + TOLD_AT_ONCE
    for _ in range(3):
        await asyncio.sleep(0)
    assert len(crowd.heard) == 1 + CROWD


@on_loop
async def test_few_are_told_at_once() -> None:
    crowd, telling = Crowd(), Telling()
    telling.tell(Effects([], crowd.news(1, 7)[:TOLD_AT_ONCE]))
    assert len(crowd.heard) == TOLD_AT_ONCE


@on_loop
async def test_what_was_not_told_becomes_one_with_what_comes_after() -> None:
    crowd, telling = Crowd(), Telling()
    telling.tell(Effects([], crowd.news(1, 7, 8)))
    telling.tell(Effects([], crowd.news(2, 8, 9)))
    telling.finish()
    assert len(crowd.heard) == CROWD
    assert crowd.heard[0][1] == Delta(2, {7: b"1", 8: b"2", 9: b"2"})


@on_loop
async def test_one_of_the_crowd_hears_what_is_left_before_its_own() -> None:
    crowd, telling = Crowd(), Telling()
    telling.tell(Effects([], crowd.news(1, 7)))
    last = crowd.listeners[-1]
    telling.tell(Effects([(last, Delta(2, {7: b"2"}))], [], [(last, Delta(2, {}, "tag"))]))
    assert [value.ts for _, value in crowd.heard] == [1, 2, 2]
    telling.finish()
    assert crowd.who().count(f"watcher {CROWD - 1}") == 3


@on_loop
async def test_who_is_no_subscriber_is_answered_when_all_have_heard() -> None:
    crowd, telling = Crowd(), Telling()
    telling.tell(Effects([], crowd.news(1, 7)))
    telling.tell(Effects([(crowd.listener("http"), "answer")], all_hear=True))
    assert crowd.who()[-1] == "http" and len(crowd.heard) == CROWD + 1


@on_loop
async def test_a_listener_that_fails_keeps_nothing_from_the_others(caplog: pytest.LogCaptureFixture) -> None:
    crowd, telling = Crowd(), Telling()

    def fail(_: object) -> None:
        raise ValueError("deaf")

    telling.tell(Effects([(fail, 1)], [(fail, Delta(1, {})), *crowd.news(1, 7)]))
    telling.finish()
    assert len(crowd.heard) == CROWD and "a listener of the engine failed" in caplog.text
