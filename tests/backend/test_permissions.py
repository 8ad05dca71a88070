"""Who may do what, and with whose records, in a company with one owner, two teams and a viewer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from schemagen.model.contract import Json
from tests.backend.crm import Caller, Crm, open_crm

PEOPLE = {
    "owner": "owner@acme.example",
    "lead": "lead-north@acme.example",
    "agent": "agent-north@acme.example",
    "lead of the other team": "lead-south@acme.example",
    "agent of the other team": "agent-south@acme.example",
    "viewer": "viewer@acme.example",
}

SEES: dict[str, set[str]] = {
    "owner": {"owner", "lead", "agent", "lead of the other team", "agent of the other team"},
    "lead": {"lead", "agent"},
    "agent": {"agent"},
    "lead of the other team": {"lead of the other team", "agent of the other team"},
    "agent of the other team": {"agent of the other team"},
    "viewer": {"owner", "lead", "agent", "lead of the other team", "agent of the other team"},
}
"""Whose records each of them sees: everybody's, the team's, or only their own."""

MAY = """
                          owner  lead  agent  viewer
    companies.update        x     .      .      .
    companies.setPlan       x     .      .      .
    settings.setCustom      x     .      .      .
    roles.create            x     .      .      .
    teams.create            x     .      .      .
    agents.setTeam          x     .      .      .
    pipelines.renameStage   x     .      .      .
    leads.forms             x     .      .      .
    invitations.list        x     x      .      .
    tags.create             x     x      .      .
    contacts.list           x     x      x      x
    contacts.get            x     x      x      x
    contacts.create         x     x      x      .
    contacts.setStage       x     x      x      .
    contacts.assign         x     x      .      .
    contacts.delete         x     x      .      .
    phones.add              x     x      x      .
    emails.list             x     x      x      x
    tags.attach             x     x      x      .
    attachments.list        x     x      x      x
    attachments.add         x     x      x      .
    imports.contactsCsv     x     x      .      .
    exports.contactsCsv     x     x      .      .
    deals.list              x     x      x      x
    deals.board             x     x      x      x
    deals.create            x     x      x      .
    deals.setAmount         x     x      x      .
    deals.delete            x     x      .      .
    tasks.list              x     x      x      x
    tasks.create            x     x      x      .
    tasks.complete          x     x      x      .
    notes.list              x     x      x      x
    notes.create            x     x      x      .
    activities.feed         x     x      x      x
    activities.logCall      x     x      x      .
    dashboard.summary       x     x      x      x
    teams.list              x     x      x      x
    agents.list             x     x      x      x
"""


@dataclass(frozen=True)
class Records:
    """What one of them has made."""

    contact: str
    deal: str
    task: str


def test_each_role_may_do_what_the_table_says_and_nothing_else() -> None:
    async def check() -> None:
        async with open_crm() as crm:
            ids = await _company_ids(crm)
            for path, allowed in _table().items():
                for role, may in allowed.items():
                    caller = crm.as_(PEOPLE[role])
                    owner = crm.owner if role == "viewer" else caller
                    args = _arguments(path, ids, await _make_records(owner, f"{path} {role}"))
                    code = await _code(caller, path, args)
                    assert code == ("ok" if may else "forbidden"), f"{role} calls {path}({args})"

    asyncio.run(check())


@pytest.mark.parametrize("caller", SEES)
def test_records_are_seen_by_everybody_the_team_or_only_the_owner(caller: str) -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            made = {owner: await _make_records(crm.as_(PEOPLE[owner]), owner) for owner in PEOPLE if owner != "viewer"}
            seen = await _seen(crm.as_(PEOPLE[caller]))
            expected = [made[owner] for owner in made if owner in SEES[caller]]
            assert seen["contacts.list"] == {records.contact for records in expected}
            assert seen["deals.list"] == {records.deal for records in expected}
            assert seen["tasks.list"] == {records.task for records in expected}
            assert seen["activities.feed"] == {records.contact for records in expected}
            for owner, records in made.items():
                allowed = "ok" if owner in SEES[caller] else "document_not_found"
                assert await _code(crm.as_(PEOPLE[caller]), "contacts.get", {"contactId": records.contact}) == allowed
                assert await _code(crm.as_(PEOPLE[caller]), "deals.get", {"dealId": records.deal}) == allowed
                assert await _code(crm.as_(PEOPLE[caller]), "notes.list", {"contactId": records.contact}) == allowed

    asyncio.run(check())


def test_nobody_changes_a_record_they_do_not_see() -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            theirs = await _make_records(crm.as_(PEOPLE["agent of the other team"]), "theirs")
            changes: list[tuple[str, dict[str, Json]]] = [
                ("contacts.setStage", {"contactId": theirs.contact, "stage": "lost"}),
                ("contacts.update", {"contactId": theirs.contact, "changes": {"jobTitle": "Spy"}}),
                ("phones.add", {"contactId": theirs.contact, "number": "+351210000000"}),
                ("deals.setAmount", {"dealId": theirs.deal, "amount": "1"}),
                ("tasks.complete", {"taskId": theirs.task}),
                ("notes.create", {"contactId": theirs.contact, "text": "I was here"}),
                *await _what_hangs_on(crm.as_(PEOPLE["agent of the other team"]), theirs.contact),
            ]
            for path, args in changes:
                for role in ("agent", "lead"):
                    assert await _code(crm.as_(PEOPLE[role]), path, args) == "document_not_found"

    asyncio.run(check())


def test_looking_somebody_up_finds_nobody_one_does_not_see() -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            owner = crm.as_(PEOPLE["agent of the other team"])
            hidden = await owner.mutation(
                "contacts.create", fullName="Ada", email="ada@example.com", phone="+351210000000"
            )
            [tag, *_] = await owner.query("tags.list")
            await owner.mutation("tags.attach", contactId=hidden, tagId=tag["id"])
            for role, sees in (("agent", []), ("lead", []), ("agent of the other team", ["Ada"]), ("viewer", ["Ada"])):
                caller = crm.as_(PEOPLE[role])
                by_email = await caller.query("contacts.withEmail", email="ada@example.com")
                found = [
                    [by_email] if by_email else [],
                    await caller.query("phones.whoIs", number="+351210000000"),
                    await caller.query("contacts.search", text="ad"),
                    (await caller.query("contacts.withTag", tagId=tag["id"]))["items"],
                ]
                assert [[contact["fullName"] for contact in contacts] for contacts in found] == [sees] * 4, role

    asyncio.run(check())


def test_a_lead_without_a_team_sees_their_own_records_and_not_those_without_a_team() -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            await _make_records(crm.owner, "of nobody's team")
            lead = crm.as_(PEOPLE["lead"])
            agent_id = (await lead.query("users.me"))["agent"]["id"]
            await crm.owner.mutation("agents.setTeam", agentId=agent_id, teamId=None)
            own = await _make_records(lead, "own")
            assert (await _seen(lead))["contacts.list"] == {own.contact}

    asyncio.run(check())


def test_without_a_token_or_a_company_nothing_is_shown() -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            assert (await crm.as_(None).refused("contacts.list")).code == "not_signed_in"
            newcomer = crm.as_("newcomer@nowhere.example")
            assert (await newcomer.refused("contacts.list")).code == "not_signed_in"
            await newcomer.mutation("users.signIn")
            assert (await newcomer.refused("contacts.list")).code == "no_company"

    asyncio.run(check())


def test_an_agent_who_left_sees_nothing() -> None:
    async def check() -> None:
        async with open_crm() as crm:
            lead = crm.as_(PEOPLE["lead"])
            agent_id = (await lead.query("users.me"))["agent"]["id"]
            await crm.owner.mutation("agents.deactivate", agentId=agent_id)
            assert (await lead.refused("contacts.list")).code == "no_company"

    asyncio.run(check())


def _table() -> dict[str, dict[str, bool]]:
    header, *rows = (line.split() for line in MAY.strip().splitlines())
    return {path: dict(zip(header, (mark == "x" for mark in marks), strict=True)) for path, *marks in rows}


@dataclass(frozen=True)
class CompanyIds:
    team: str
    agent: str
    pipeline: str
    stage: str
    tag: str


async def _company_ids(crm: Crm) -> CompanyIds:
    [pipeline] = await crm.owner.query("pipelines.list")
    agents = (await crm.owner.query("agents.list"))["items"]
    teams = await crm.owner.query("teams.list")
    return CompanyIds(
        team=teams[0]["id"],
        agent=next(agent["id"] for agent in agents if agent["teamId"] == teams[0]["id"]),
        pipeline=pipeline["pipeline"]["id"],
        stage=pipeline["stages"][0]["id"],
        tag=(await crm.owner.query("tags.list"))[0]["id"],
    )


async def _make_records(owner: Caller, name: str) -> Records:
    [pipeline] = await owner.query("pipelines.list")
    contact = await owner.mutation("contacts.create", fullName=name)
    deal = await owner.mutation(
        "deals.create", contactId=contact, pipelineId=pipeline["pipeline"]["id"], title=name, amount="10.50"
    )
    task = await owner.mutation("tasks.create", title=name, contactId=contact)
    return Records(contact, deal, task)


async def _what_hangs_on(owner: Caller, contact: str) -> list[tuple[str, dict[str, Json]]]:
    """Changes to what belongs to a contact, by its own id."""
    phone = await owner.mutation("phones.add", contactId=contact, number="+351210000000")
    email = await owner.mutation("emails.add", contactId=contact, email="ada@example.com")
    note = await owner.mutation("notes.create", contactId=contact, text="Hello")
    file = await owner.mutation("attachments.add", contactId=contact, fileName="a.txt", content="aGk=")
    return [
        ("phones.remove", {"phoneId": phone}),
        ("emails.remove", {"emailId": email}),
        ("emails.makePrimary", {"emailId": email}),
        ("notes.edit", {"noteId": note, "text": "Bye"}),
        ("notes.pin", {"noteId": note, "pinned": True}),
        ("notes.delete", {"noteId": note}),
        ("attachments.content", {"attachmentId": file}),
        ("attachments.delete", {"attachmentId": file}),
    ]


def _arguments(path: str, ids: CompanyIds, own: Records) -> dict[str, Json]:
    """Arguments with which the call succeeds if it is allowed."""
    contact: dict[str, Json] = {"contactId": own.contact}
    arguments: dict[str, Callable[[], dict[str, Json]]] = {
        "companies.update": lambda: {"name": "Acme Ltd", "address": None},
        "companies.setPlan": lambda: {"plan": "business"},
        "settings.setCustom": lambda: {"key": "color", "value": ["red", 1]},
        "roles.create": lambda: {"name": own.task, "scope": "own", "permissions": ["contacts.view"]},
        "teams.create": lambda: {"name": own.task},
        "agents.setTeam": lambda: {"agentId": ids.agent, "teamId": ids.team},
        "pipelines.renameStage": lambda: {"stageId": ids.stage, "name": "New"},
        "tags.create": lambda: {"name": own.task},
        "contacts.get": lambda: contact,
        "contacts.create": lambda: {"fullName": "Ada"},
        "contacts.setStage": lambda: {**contact, "stage": "qualified"},
        "contacts.assign": lambda: {**contact, "agentId": ids.agent},
        "contacts.delete": lambda: contact,
        "phones.add": lambda: {**contact, "number": "+351210000000"},
        "emails.list": lambda: contact,
        "tags.attach": lambda: {**contact, "tagId": ids.tag},
        "attachments.list": lambda: contact,
        "attachments.add": lambda: {**contact, "fileName": "offer.txt", "content": "aGVsbG8="},
        "imports.contactsCsv": lambda: {"fileName": "a.csv", "text": "full_name\nAda\n"},
        "deals.board": lambda: {"pipelineId": ids.pipeline},
        "deals.create": lambda: {**contact, "pipelineId": ids.pipeline, "title": "Licenses", "amount": "99"},
        "deals.setAmount": lambda: {"dealId": own.deal, "amount": "12.34"},
        "deals.delete": lambda: {"dealId": own.deal},
        "tasks.create": lambda: {"title": "Call"},
        "tasks.complete": lambda: {"taskId": own.task},
        "notes.list": lambda: contact,
        "notes.create": lambda: {**contact, "text": "Hello"},
        "activities.logCall": lambda: {**contact, "duration": "PT90S", "outcome": "answered"},
    }
    return arguments.get(path, dict)()


async def _code(caller: Caller, path: str, args: dict[str, Json]) -> str:
    """ "ok", or the code of the error; a contact with a deal may be "in_use", which says that deleting is allowed."""
    answer = await caller.run(path, args)
    if answer.failure is None or (path, answer.failure.code) == ("contacts.delete", "in_use"):
        return "ok"
    return answer.failure.code


async def _seen(caller: Caller) -> dict[str, set[str]]:
    return {
        "contacts.list": {contact["id"] for contact in (await caller.query("contacts.list"))["items"]},
        "deals.list": {card["deal"]["id"] for card in (await caller.query("deals.list"))["items"]},
        "tasks.list": {item["task"]["id"] for item in (await caller.query("tasks.list"))["items"]},
        "activities.feed": {item["activity"]["contactId"] for item in (await caller.query("activities.feed"))["items"]},
    }
