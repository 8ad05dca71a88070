"""Deals travel through their pipeline, and the totals travel with them."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from random import Random

import pytest

from tests.backend.crm import Caller, Value, open_crm


def test_a_deal_moves_stage_by_stage_and_closes_in_the_last() -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            deal, stages = await _deal(crm.owner)
            moved = await crm.owner.mutation("deals.move", dealId=deal, stageId=stages["Offer sent"])
            assert (moved["status"], moved["closedAt"]) == ("open", None)
            won = await crm.owner.mutation("deals.move", dealId=deal, stageId=stages["Won"])
            assert won["status"] == "won"
            assert won["closedAt"] is not None
            kinds = [item["activity"]["payload"] for item in (await crm.owner.query("activities.feed"))["items"]]
            assert [payload["kind"] for payload in kinds[:3]] == ["deal_closed", "deal_moved", "deal_created"]
            assert kinds[1]["stage"] == {"before": "New", "after": "Offer sent"}

    asyncio.run(check())


@pytest.mark.parametrize("reason", ["same_stage", "other_pipeline", "deal_closed"])
def test_a_move_that_makes_no_sense_says_why(reason: str) -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            deal, stages = await _deal(crm.owner)
            other = await crm.owner.mutation(
                "pipelines.create", name="Renewals", currency="USD", stages=[{"name": "Start"}]
            )
            pipelines = await crm.owner.query("pipelines.list")
            elsewhere = next(one["stages"][0]["id"] for one in pipelines if one["pipeline"]["id"] == other)
            if reason == "deal_closed":
                await crm.owner.mutation("deals.move", dealId=deal, stageId=stages["Lost"])
            target = {"same_stage": stages["New"], "other_pipeline": elsewhere, "deal_closed": stages["New"]}[reason]
            failure = await crm.owner.refused("deals.move", dealId=deal, stageId=target)
            assert failure.code == "invalid_stage_move"
            assert failure.data is not None
            assert failure.data["reason"] == reason

    asyncio.run(check())


@pytest.mark.parametrize("seed", range(3))
def test_the_board_adds_up_after_any_changes(seed: int) -> None:
    async def check() -> None:
        async with open_crm(contacts=15) as crm:
            random = Random(seed)
            callers = [crm.owner, crm.as_("lead-north@acme.example"), crm.as_("agent-south@acme.example")]
            _, stages = await _deal(crm.owner)
            for _ in range(25):
                caller = random.choice(callers)
                cards = (await caller.query("deals.list"))["items"]
                if not cards or random.random() < 0.3:
                    await _deal(caller, amount=str(random.randrange(1, 9999)))
                    continue
                deal = random.choice(cards)["deal"]
                match random.randrange(4):
                    case 0:
                        await caller.mutation("deals.setAmount", dealId=deal["id"], amount="77.70")
                    case 1 if caller is not callers[2]:
                        await caller.mutation("deals.delete", dealId=deal["id"])
                    case 2 if deal["stageId"] != stages["In talks"]:
                        await caller.mutation("deals.move", dealId=deal["id"], stageId=stages["In talks"])
                    case _ if deal["stageId"] != stages["Won"]:
                        await caller.mutation("deals.move", dealId=deal["id"], stageId=stages["Won"])
            for caller in callers:
                await _check_board(caller)

    asyncio.run(check())


def test_stages_move_over_for_a_new_one_and_close_the_gap_of_a_removed_one() -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            deal, stages = await _deal(crm.owner)
            [pipeline] = await crm.owner.query("pipelines.list")
            await crm.owner.mutation(
                "pipelines.addStage", pipelineId=pipeline["pipeline"]["id"], position=1, stage={"name": "Demo"}
            )
            await crm.owner.mutation("pipelines.deleteStage", stageId=stages["In talks"])
            assert (await crm.owner.refused("pipelines.deleteStage", stageId=stages["New"])).data == {"usedBy": "deals"}
            [pipeline] = await crm.owner.query("pipelines.list")
            names = [(stage["position"], stage["name"]) for stage in pipeline["stages"]]
            assert names == [(0, "New"), (1, "Demo"), (2, "Offer sent"), (3, "Won"), (4, "Lost")]
            only = await crm.owner.mutation(
                "pipelines.create", name="Gifts", currency="EUR", stages=[{"name": "Given", "kind": "won"}]
            )
            [given] = [
                one["stages"] for one in await crm.owner.query("pipelines.list") if one["pipeline"]["id"] == only
            ]
            last = await crm.owner.refused("pipelines.deleteStage", stageId=given[0]["id"])
            assert last.data == {"usedBy": "pipelines"}
            contact = (await crm.owner.query("deals.get", dealId=deal))["deal"]["contactId"]
            gift = await crm.owner.mutation("deals.create", contactId=contact, pipelineId=only, title="Mug", amount="0")
            assert (await crm.owner.query("deals.get", dealId=gift))["deal"]["status"] == "won"

    asyncio.run(check())


def test_sales_by_month_end_with_this_month_and_add_up() -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            for amount in ("100", "50.50"):
                deal, stages = await _deal(crm.owner, amount)
                await crm.owner.mutation("deals.move", dealId=deal, stageId=stages["Won"])
            lost, stages = await _deal(crm.owner, "1000")
            await crm.owner.mutation("deals.move", dealId=lost, stageId=stages["Lost"])
            months = await crm.owner.query("dashboard.salesByMonth", months=14)
            assert [month["month"] for month in months] == sorted({month["month"] for month in months})
            assert len(months) == 14
            assert (months[-1]["deals"], Decimal(months[-1]["amount"])) == (2, Decimal("150.5"))
            assert sum(month["deals"] for month in months[:-1]) == 0

    asyncio.run(check())


def test_handing_over_moves_every_record_and_its_totals() -> None:
    async def check() -> None:
        async with open_crm(contacts=30) as crm:
            giver, taker = crm.as_("agent-north@acme.example"), crm.as_("agent-south@acme.example")
            before = len((await taker.query("contacts.list"))["items"])
            had = (await giver.query("contacts.list"))["items"]
            moved = await crm.owner.action(
                "agents.handOver", fromAgent=await _agent_id(giver), toAgent=await _agent_id(taker)
            )
            assert moved > len(had) > 0
            for path in ("contacts.list", "tasks.list", "deals.list"):
                assert (await giver.query(path))["items"] == []
            assert len((await taker.query("contacts.list"))["items"]) == before + len(had)
            for caller in (giver, taker, crm.owner):
                await _check_board(caller)

    asyncio.run(check())


async def _check_board(caller: Caller) -> None:
    [pipeline] = await caller.query("pipelines.list")
    board = await caller.query("deals.board", pipelineId=pipeline["pipeline"]["id"])
    for column in board["columns"]:
        amounts = [Decimal(card["deal"]["amount"]) for card in column["cards"]]
        assert len(amounts) <= 25
        assert (column["deals"], Decimal(column["amount"])) == (len(amounts), sum(amounts, Decimal(0)))
    summary = await caller.query("dashboard.summary")
    opened = [column for column in board["columns"] if column["stage"]["kind"] == "open"]
    assert summary["openDeals"] == sum(column["deals"] for column in opened)
    assert Decimal(summary["openAmount"]) == sum((Decimal(column["amount"]) for column in opened), Decimal(0))


async def _deal(caller: Caller, amount: str = "250.00") -> tuple[str, dict[str, str]]:
    """A new deal, and the ids of the stages by name."""
    pipeline: Value = (await caller.query("pipelines.list"))[-1]
    contact = await caller.mutation("contacts.create", fullName="Ada")
    deal: str = await caller.mutation(
        "deals.create", contactId=contact, pipelineId=pipeline["pipeline"]["id"], title="Licenses", amount=amount
    )
    return deal, {stage["name"]: stage["id"] for stage in pipeline["stages"]}


async def _agent_id(caller: Caller) -> str:
    agent_id: str = (await caller.query("users.me"))["agent"]["id"]
    return agent_id
