"""Pages, still and live: they tile, and cursors mean nothing but their place."""

from __future__ import annotations

import random
from typing import Any

import pytest

from schemagen.engine.answer import FailureKind
from tests.engine.crm import CRM
from tests.engine.host import Host, Watcher, on_loop, running, user

ADA = user("ada")


async def company(host: Host, *names: str) -> str:
    acme: str = await host.mutate("app.found", name="Acme")
    await host.mutate("app.hire", subject="ada", companyId=acme)
    for name in names:
        await host.mutate("app.create", ADA, fullName=name)
    return acme


def names_in(page: Any) -> list[str]:
    return [item["fullName"] for item in page["items"]]


def asked(acme: str, cursor: str | None, size: int, backwards: bool = False) -> dict[str, Any]:
    return {"companyId": acme, "page": {"cursor": cursor, "size": size}, "backwards": backwards}


@pytest.mark.parametrize("backwards", [False, True])
@on_loop
async def test_pages_tile(backwards: bool) -> None:
    async with running(CRM) as host:
        names = [f"{number // 3}" for number in range(10)]  # many of one name
        acme = await company(host, *names)
        for size in (1, 3, 5, 10, 20):
            seen: list[str] = []
            ids: set[str] = set()
            cursor = None
            while True:
                page = await host.query("app.pages", **asked(acme, cursor, size, backwards))
                seen += names_in(page)
                ids |= {item["id"] for item in page["items"]}
                cursor = page["nextCursor"]
                if cursor is None:
                    break
                assert len(page["items"]) == size
            assert seen == sorted(names, reverse=backwards) and len(ids) == 10


@on_loop
async def test_a_full_last_page_is_the_last() -> None:
    async with running(CRM) as host:
        acme = await company(host, "a", "b")
        assert (await host.query("app.pages", **asked(acme, None, 2)))["nextCursor"] is None


async def pages_of(watcher: Watcher, acme: str, size: int, backwards: bool) -> list[str]:
    """Watch page after page until the last; what they show together."""
    cursor, query_id = None, 100
    while True:
        await watcher.update({query_id: ("app.pages", asked(acme, cursor, size, backwards))})
        cursor = watcher.results[query_id]["nextCursor"]
        query_id += 1
        if cursor is None:
            return shown(watcher)


def shown(watcher: Watcher) -> list[str]:
    return [name for query_id in sorted(watcher.results) for name in names_in(watcher.results[query_id])]


@pytest.mark.parametrize("seed", range(8))
@on_loop
async def test_live_pages_tile_whatever_is_written(seed: int) -> None:
    chance = random.Random(seed)
    backwards = chance.random() < 0.5
    async with running(CRM) as host:
        names = [f"{chance.randrange(100):02}" for _ in range(chance.randrange(25))]
        acme = await company(host, *names)
        watcher = host.watcher()
        assert await pages_of(watcher, acme, chance.randint(1, 6), backwards) == sorted(names, reverse=backwards)
        for _ in range(40):
            contacts = await host.query("app.pages", companyId=acme, page={"size": 1000})
            some = chance.choice(contacts["items"])["id"] if contacts["items"] else None
            match chance.randrange(3):
                case 0 if some:
                    await host.mutate("app.remove", id=some)
                case 1 if some:
                    await host.mutate("app.rename", id=some, fullName=f"{chance.randrange(100):02}")
                case _:
                    await host.mutate("app.create", ADA, fullName=f"{chance.randrange(100):02}")
            now = sorted(await host.query("app.names", companyId=acme), reverse=backwards)
            last = watcher.results[max(watcher.results)]["nextCursor"]
            if last is None:
                assert shown(watcher) == now
            else:  # the last page filled up: the rest is on the page it now points to
                rest = await host.query("app.pages", **asked(acme, last, 1000, backwards))
                assert shown(watcher) + names_in(rest) == now


@on_loop
async def test_a_page_that_outgrew_its_size_is_not_given_to_newcomers() -> None:
    async with running(CRM) as host:
        acme = await company(host, "b", "d", "f")
        early, late = host.watcher(), host.watcher()
        await early.watch("app.pages", **asked(acme, None, 2))
        await host.mutate("app.create", ADA, fullName="c")
        assert names_in(early.results[0]) == ["b", "c", "d"]
        assert names_in(await late.watch("app.pages", **asked(acme, None, 2))) == ["b", "c"]
        await host.mutate("app.create", ADA, fullName="a")
        assert names_in(early.results[0]) == ["a", "b", "c", "d"]
        assert names_in(late.results[0]) == ["a", "b", "c"]


@on_loop
async def test_writes_behind_a_page_do_not_run_it_again() -> None:
    async with running(CRM) as host:
        acme = await company(host, "a", "b", "c")
        watcher = host.watcher()
        await watcher.watch("app.pages", **asked(acme, None, 2))
        await host.mutate("app.create", ADA, fullName="d")
        assert host.stats.reruns == 0


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "!!!!", "ÄÖÜ", "A" * 200])
@on_loop
async def test_a_mangled_cursor_is_the_callers_mistake(cursor: str) -> None:
    async with running(CRM) as host:
        acme = await company(host, "a", "b", "c")
        failure = await host.failure("query", "app.pages", asked(acme, cursor, 2))
        assert failure.kind is FailureKind.INVALID_ARGUMENTS
        assert [issue.path for issue in failure.issues] == [("page", "cursor")]
        good = (await host.query("app.pages", **asked(acme, None, 2)))["nextCursor"]
        for broken in (good[:-2], good[1:], good + "AAAA", good.swapcase()):
            assert (
                await host.failure("query", "app.pages", asked(acme, broken, 2))
            ).kind is FailureKind.INVALID_ARGUMENTS
        other_order = await host.failure("query", "app.pages", asked(acme, good, 2, backwards=True))
        assert other_order.issues[0].path == ("page", "cursor")


@on_loop
async def test_a_cursor_of_one_company_shows_nothing_of_another() -> None:
    async with running(CRM) as host:
        acme = await company(host, "a", "b", "c")
        other = await host.mutate("app.found", name="Other")
        cursor = (await host.query("app.pages", **asked(acme, None, 1)))["nextCursor"]
        assert names_in(await host.query("app.pages", **asked(other, cursor, 5))) == []
