"""Tasks are done, come again, and are overdue."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from tests.backend.crm import open_crm


def test_a_repeating_task_comes_again_once() -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            task = await crm.owner.mutation(
                "tasks.create", title="Report", dueAt="2026-01-05T09:00:00Z", repeatEvery="P7D", priority=3
            )
            again = await crm.owner.mutation("tasks.complete", taskId=task)
            assert await crm.owner.mutation("tasks.complete", taskId=task) is None
            [item] = (await crm.owner.query("tasks.list"))["items"]
            assert (item["task"]["id"], item["task"]["dueAt"]) == (again, "2026-01-12T09:00:00Z")
            assert item["task"]["priority"] == 3
            [done] = (await crm.owner.query("tasks.list", status="done"))["items"]
            assert done["task"]["id"] == task
            assert done["task"]["completedAt"] is not None

    asyncio.run(check())


def test_overdue_is_what_should_be_done_by_now_and_has_a_time() -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            await crm.owner.mutation("tasks.create", title="late", dueAt="2020-01-01T00:00:00+02:00")
            await crm.owner.mutation("tasks.create", title="some day")
            tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
            later = await crm.owner.mutation("tasks.create", title="tomorrow", dueAt=tomorrow)
            assert [item["task"]["title"] for item in await crm.owner.query("tasks.overdue")] == ["late"]
            assert (await crm.owner.query("dashboard.summary"))["tasksOverdue"] == 1
            await crm.owner.mutation("tasks.reschedule", taskId=later, dueAt="2019-01-01T00:00:00Z")
            overdue = await crm.owner.query("tasks.overdue")
            assert [item["task"]["title"] for item in overdue] == ["tomorrow", "late"]

    asyncio.run(check())
