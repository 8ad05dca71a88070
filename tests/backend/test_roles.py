"""Roles and invitations: nobody gives away more than they have, and a company keeps an owner."""

from __future__ import annotations

import asyncio

from tests.backend.crm import Caller, Crm, open_crm


def test_the_last_owner_can_neither_leave_nor_step_down() -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            owner_id, viewer_id = await _agent_id(crm.owner), await _agent_id(crm.as_("viewer@acme.example"))
            roles = await _roles(crm)
            step_down = {"agentId": owner_id, "roleId": roles["agent"]}
            assert (await crm.owner.refused("agents.setRole", **step_down)).code == "last_owner"
            assert (await crm.owner.refused("agents.deactivate", agentId=owner_id)).code == "last_owner"
            await crm.owner.mutation("agents.setRole", agentId=viewer_id, roleId=roles["owner"])
            await crm.owner.mutation("agents.setRole", **step_down)

    asyncio.run(check())


def test_nobody_gives_away_a_permission_or_a_scope_they_do_not_have() -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            lead, roles = crm.as_("lead-north@acme.example"), await _roles(crm)
            me = (await lead.query("users.me"))["agent"]
            team = {"teamId": me["teamId"]}
            too_much = await lead.refused("invitations.create", email="a@b.example", roleId=roles["owner"], **team)
            assert (too_much.code, too_much.data) == ("forbidden", {"permission": "company.manage"})
            too_wide = await lead.refused("invitations.create", email="a@b.example", roleId=roles["viewer"], **team)
            assert (too_wide.code, too_wide.data) == ("scope_too_wide", {"scope": "company", "ownScope": "team"})
            no_team = await lead.refused("invitations.create", email="a@b.example", roleId=roles["agent"])
            assert no_team.code == "scope_too_wide"
            await lead.mutation("invitations.create", email="a@b.example", roleId=roles["agent"], **team)

    asyncio.run(check())


def test_an_invitation_is_used_once_and_a_second_one_replaces_the_first() -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            roles = await _roles(crm)
            old = await crm.owner.mutation("invitations.create", email="new@acme.example", roleId=roles["agent"])
            token = await crm.owner.mutation("invitations.create", email="new@acme.example", roleId=roles["viewer"])
            newcomer = crm.as_("new@acme.example")
            await newcomer.mutation("users.signIn")
            assert (await newcomer.refused("invitations.accept", token=old)).code == "document_not_found"
            await newcomer.mutation("invitations.accept", token=token)
            assert (await newcomer.refused("invitations.accept", token=token)).code == "document_not_found"
            assert (await newcomer.query("users.me"))["role"]["kind"] == "viewer"
            assert (await crm.owner.query("invitations.list"))["items"] == []

    asyncio.run(check())


def test_a_role_somebody_has_cannot_go_and_the_standard_ones_never() -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            roles = await _roles(crm)
            custom = await crm.owner.mutation("roles.create", name="Intern", scope="own", permissions=["tasks.view"])
            await crm.owner.mutation(
                "agents.setRole", agentId=await _agent_id(crm.as_("viewer@acme.example")), roleId=custom
            )
            assert (await crm.owner.refused("roles.delete", roleId=custom)).code == "in_use"
            assert (await crm.owner.refused("roles.delete", roleId=roles["viewer"])).code == "unchangeable"
            taken = await crm.owner.refused("roles.create", name="Intern", scope="own", permissions=[])
            assert taken.data == {"what": "role_name", "value": "Intern"}

    asyncio.run(check())


async def _roles(crm: Crm) -> dict[str, str]:
    return {role["kind"]: role["id"] for role in await crm.owner.query("roles.list")}


async def _agent_id(caller: Caller) -> str:
    agent_id: str = (await caller.query("users.me"))["agent"]["id"]
    return agent_id
