"""What there can be only one of, and what is left when something is deleted."""

from __future__ import annotations

import asyncio

import pytest

from schemagen.model.contract import Json
from tests.backend.crm import open_crm

ONLY_ONCE: list[tuple[str, str, dict[str, Json], str]] = [
    ("company_slug", "companies.create", {"name": "Another", "slug": "taken"}, "taken"),
    ("contact_email", "contacts.create", {"fullName": "Ada", "email": "Ada@x.example"}, "Ada@x.example"),
    ("tag_name", "tags.create", {"name": "Loyal"}, "Loyal"),
    ("team_name", "teams.create", {"name": "West"}, "West"),
    ("role_name", "roles.create", {"name": "Intern", "scope": "own", "permissions": []}, "Intern"),
    (
        "pipeline_name",
        "pipelines.create",
        {"name": "Renewals", "currency": "EUR", "stages": [{"name": "New"}]},
        "Renewals",
    ),
]


@pytest.mark.parametrize(("what", "path", "args", "value"), ONLY_ONCE, ids=[each[0] for each in ONLY_ONCE])
def test_a_second_one_of_the_same_name_is_refused(what: str, path: str, args: dict[str, Json], value: str) -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            await crm.owner.mutation(path, **args)
            failure = await crm.owner.refused(path, **args)
            assert (failure.code, failure.data) == ("already_exists", {"what": what, "value": value})

    asyncio.run(check())


def test_another_company_may_use_the_same_names() -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            for caller in (crm.owner, crm.stranger):
                for _, path, args, _ in ONLY_ONCE[1:]:
                    await caller.mutation(path, **args)

    asyncio.run(check())


def test_a_team_is_renamed_to_a_free_name_or_its_own() -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            west = await crm.owner.mutation("teams.create", name="West")
            await crm.owner.mutation("teams.create", name="East")
            await crm.owner.mutation("teams.rename", teamId=west, name="West")
            assert (await crm.owner.refused("teams.rename", teamId=west, name="East")).code == "already_exists"

    asyncio.run(check())


def test_a_task_outlives_its_deal_and_an_answer_its_note() -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            contact = await crm.owner.mutation("contacts.create", fullName="Ada")
            [pipeline] = await crm.owner.query("pipelines.list")
            deal = await crm.owner.mutation(
                "deals.create", contactId=contact, pipelineId=pipeline["pipeline"]["id"], title="Big", amount="1"
            )
            await crm.owner.mutation("tasks.create", title="Offer", dealId=deal)
            await crm.owner.mutation("deals.delete", dealId=deal)
            [item] = (await crm.owner.query("tasks.list"))["items"]
            assert item["task"]["dealId"] is None
            note = await crm.owner.mutation("notes.create", contactId=contact, text="question")
            await crm.owner.mutation("notes.create", contactId=contact, text="answer", replyTo=note)
            await crm.owner.mutation("notes.delete", noteId=note)
            [thread] = await crm.owner.query("notes.list", contactId=contact)
            assert (thread["note"]["text"], thread["note"]["replyTo"]) == ("answer", None)

    asyncio.run(check())


def test_a_tag_is_taken_off_its_contacts_before_it_goes() -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            contact = await crm.owner.mutation("contacts.create", fullName="Ada")
            tag = await crm.owner.mutation("tags.create", name="Loyal")
            await crm.owner.mutation("tags.attach", contactId=contact, tagId=tag)
            assert await crm.owner.mutation("tags.delete", tagId=tag) is True
            assert (await crm.owner.query("contacts.get", contactId=contact))["tags"] == []

    asyncio.run(check())


def test_a_deleted_contact_gives_back_the_bytes_of_its_files() -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            contact = await crm.owner.mutation("contacts.create", fullName="Ada")
            for name in ("a", "b"):
                await crm.owner.mutation("attachments.add", contactId=contact, fileName=name, content="AAAA")
            assert (await crm.owner.query("companies.usage"))["used"]["attachmentBytes"] == "6"
            await crm.owner.mutation("contacts.delete", contactId=contact)
            used = (await crm.owner.query("companies.usage"))["used"]
            assert (used["attachmentBytes"], used["contacts"]) == ("0", 0)

    asyncio.run(check())
