"""Live queries follow what they read: also the role they were allowed by."""

from __future__ import annotations

import asyncio

from tests.backend.crm import Caller, Crm, open_crm


def test_a_changed_role_changes_the_contact_list_that_another_connection_watches() -> None:
    async def check() -> None:
        async with open_crm(contacts=30) as crm:
            agent = crm.as_("agent-north@acme.example")
            watcher = agent.watch("contacts.list")
            await crm.settle()
            own = _names(watcher.latest)
            await _set_role(crm, agent, "lead")
            team = _names(watcher.latest)
            await _set_role(crm, agent, "viewer")
            assert own < team < _names(watcher.latest)
            assert watcher.latest == await crm.owner.query("contacts.list")
            await _set_role(crm, agent, "agent")
            assert _names(watcher.latest) == own

    asyncio.run(check())


def test_a_changed_role_tells_another_company_nothing_and_runs_nothing_of_it_again() -> None:
    async def check() -> None:
        async with open_crm(contacts=30) as crm:
            agent = crm.as_("agent-north@acme.example")
            watcher = agent.watch("contacts.list")
            elsewhere = [
                crm.stranger.watch(path) for path in ("contacts.list", "agents.list", "dashboard.summary", "users.me")
            ]
            await crm.settle()
            told, before = [watcher.deltas for watcher in elsewhere], crm.stats()
            reruns, wasted = before.reruns, before.wasted_reruns
            await _set_role(crm, agent, "lead")
            assert len(watcher.results) == 2
            assert [watcher.deltas for watcher in elsewhere] == told
            assert crm.stats().reruns == reruns + 1
            assert crm.stats().wasted_reruns == wasted

    asyncio.run(check())


def test_a_new_contact_runs_only_the_lists_it_belongs_to() -> None:
    async def check() -> None:
        async with open_crm(contacts=10) as crm:
            north, south = crm.as_("lead-north@acme.example"), crm.as_("lead-south@acme.example")
            leads = {
                name: caller.watch("contacts.list", stage="lead")
                for name, caller in [("north", north), ("south", south)]
            }
            lost = north.watch("contacts.list", stage="lost")
            await crm.settle()
            reruns = crm.stats().reruns
            await crm.as_("agent-north@acme.example").mutation("contacts.create", fullName="Ada")
            await crm.settle()
            assert "Ada" in _names(leads["north"].latest)
            assert len(leads["south"].results) == len(lost.results) == 1
            assert crm.stats().reruns == reruns + 1

    asyncio.run(check())


def test_a_lost_permission_turns_the_watched_list_into_an_error_and_back() -> None:
    async def check() -> None:
        async with open_crm() as crm:
            agent = crm.as_("agent-north@acme.example")
            nothing = await crm.owner.mutation("roles.create", name="Nothing", scope="own", permissions=[])
            watcher = agent.watch("contacts.list")
            await crm.settle()
            agent_id = (await agent.query("users.me"))["agent"]["id"]
            await crm.owner.mutation("agents.setRole", agentId=agent_id, roleId=nothing)
            await crm.settle()
            assert watcher.latest.code == "forbidden"
            assert watcher.latest.data == {"permission": "contacts.view"}
            await _set_role(crm, agent, "agent")
            assert watcher.latest == watcher.results[0]

    asyncio.run(check())


def test_the_figures_of_the_dashboard_follow_every_deal() -> None:
    async def check() -> None:
        async with open_crm(contacts=6) as crm:
            watcher = crm.owner.watch("dashboard.summary")
            await crm.settle()
            [pipeline] = await crm.owner.query("pipelines.list")
            contact = await crm.owner.mutation("contacts.create", fullName="Ada")
            before = watcher.latest
            deal = await crm.owner.mutation(
                "deals.create", contactId=contact, pipelineId=pipeline["pipeline"]["id"], title="Big", amount="1000"
            )
            await crm.settle()
            assert watcher.latest["openDeals"] == before["openDeals"] + 1
            won = next(stage["id"] for stage in pipeline["stages"] if stage["kind"] == "won")
            await crm.owner.mutation("deals.move", dealId=deal, stageId=won)
            await crm.settle()
            assert watcher.latest["openDeals"] == before["openDeals"]
            assert float(watcher.latest["wonAmountThisMonth"]) == float(before["wonAmountThisMonth"]) + 1000

    asyncio.run(check())


def test_counting_against_the_plan_wakes_nobody_who_watches_the_company() -> None:
    async def check() -> None:
        async with open_crm(contacts=3) as crm:
            company, usage = crm.owner.watch("companies.current"), crm.owner.watch("companies.usage")
            await crm.settle()
            reruns = crm.stats().reruns
            await crm.owner.mutation("contacts.create", fullName="Ada")
            await crm.settle()
            assert (len(company.results), len(usage.results)) == (1, 2)
            assert crm.stats().reruns == reruns + 1

    asyncio.run(check())


async def _set_role(crm: Crm, agent: Caller, kind: str) -> None:
    roles = await crm.owner.query("roles.list")
    role_id = next(role["id"] for role in roles if role["kind"] == kind)
    agent_id = (await agent.query("users.me"))["agent"]["id"]
    await crm.owner.mutation("agents.setRole", agentId=agent_id, roleId=role_id)
    await crm.settle()


def _names(page: dict[str, list[dict[str, str]]]) -> set[str]:
    return {contact["fullName"] for contact in page["items"]}
