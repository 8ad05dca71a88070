"""Pages tile a list: together they are the whole, without gaps or repeats, whatever their size."""

from __future__ import annotations

import asyncio

import pytest

from schemagen.model.contract import Json
from tests.backend.crm import Caller, open_crm


@pytest.mark.parametrize("path", ["contacts.list", "deals.list", "tasks.list", "activities.feed", "agents.list"])
@pytest.mark.parametrize("size", [1, 4, 1000])
def test_pages_tile_the_whole_list(path: str, size: int) -> None:
    async def check() -> None:
        async with open_crm(contacts=11) as crm:
            pages = await _pages(crm.owner, path, size)
            whole = await crm.owner.query(path, page={"size": 1000})
            assert [item for page in pages for item in page] == whole["items"]
            assert all(len(page) == size for page in pages[:-1])
            assert whole["nextCursor"] is None

    asyncio.run(check())


def test_contacts_come_by_name_and_tasks_by_due_time() -> None:
    async def check() -> None:
        async with open_crm(contacts=40) as crm:
            names = [contact["fullName"] for contact in (await crm.owner.query("contacts.list"))["items"]]
            assert names == sorted(names)
            due = [item["task"]["dueAt"] for item in (await crm.owner.query("tasks.list"))["items"]]
            assert due == sorted(due)

    asyncio.run(check())


def test_a_page_size_out_of_bounds_is_refused_with_its_path() -> None:
    async def check() -> None:
        async with open_crm(contacts=1) as crm:
            for size in (0, 1001):
                failure = await crm.owner.refused("contacts.list", page={"size": size})
                assert failure.kind == "invalidArguments"
                assert [issue.path for issue in failure.issues] == [("page", "size")]

    asyncio.run(check())


async def _pages(caller: Caller, path: str, size: int) -> list[list[Json]]:
    pages: list[list[Json]] = []
    cursor = None
    while True:
        page = await caller.query(path, page={"size": size, "cursor": cursor})
        pages.append(page["items"])
        cursor = page["nextCursor"]
        if cursor is None:
            return pages
