"""A plan ends where it says it does."""

from __future__ import annotations

import asyncio

from tests.backend.crm import Caller, Crm, open_crm


def test_the_free_plan_ends_at_100_contacts_and_a_deleted_one_makes_room() -> None:
    async def check() -> None:
        async with open_crm(companies=0) as crm:
            founder = await _found_company(crm)
            ids = [await founder.mutation("contacts.create", fullName=f"Contact {n}") for n in range(100)]
            failure = await founder.refused("contacts.create", fullName="One more")
            assert (failure.kind, failure.code) == ("app", "quota_exceeded")
            assert failure.data == {"resource": "contacts", "limit": 100}
            assert failure.message == "Your plan ends at 100 contacts."
            assert (await founder.query("companies.usage"))["used"]["contacts"] == 100
            await founder.mutation("contacts.delete", contactId=ids[0])
            await founder.mutation("contacts.create", fullName="One more")

    asyncio.run(check())


def test_a_refused_contact_leaves_nothing_behind() -> None:
    async def check() -> None:
        async with open_crm(companies=0) as crm:
            founder = await _found_company(crm)
            await founder.mutation("contacts.create", fullName="Ada", email="ada@example.com")
            before = await founder.query("activities.feed"), await founder.query("companies.usage")
            failure = await founder.refused("contacts.create", fullName="Ada again", email="ADA@example.com")
            assert failure.data == {"what": "contact_email", "value": "ADA@example.com"}
            assert (await founder.query("activities.feed"), await founder.query("companies.usage")) == before

    asyncio.run(check())


def test_attachments_count_by_their_bytes() -> None:
    async def check() -> None:
        async with open_crm(companies=0) as crm:
            founder = await _found_company(crm)
            contact = await founder.mutation("contacts.create", fullName="Ada")
            quarter = "A" * (2**18 // 3 * 4) + "AA=="  # 262,143 and 1 bytes of zeros
            ids = [
                await founder.mutation("attachments.add", contactId=contact, fileName=f"{n}.bin", content=quarter)
                for n in range(4)
            ]
            assert (await founder.query("companies.usage"))["used"]["attachmentBytes"] == str(2**20)
            failure = await founder.refused("attachments.add", contactId=contact, fileName="x", content="AA==")
            assert failure.data == {"resource": "attachment_bytes", "limit": 2**20}
            assert len(await founder.query("attachments.content", attachmentId=ids[0])) == len(quarter)
            await founder.mutation("contacts.delete", contactId=contact)
            assert (await founder.query("companies.usage"))["used"]["attachmentBytes"] == "0"

    asyncio.run(check())


def test_a_plan_that_is_too_small_for_what_is_used_is_refused() -> None:
    async def check() -> None:
        async with open_crm(contacts=2) as crm:
            assert (await crm.owner.refused("companies.setPlan", plan="free")).data == {
                "resource": "agents",
                "limit": 3,
            }
            await crm.owner.mutation("companies.setPlan", plan="team")
            assert (await crm.owner.query("companies.usage"))["plan"] == "team"

    asyncio.run(check())


async def _found_company(crm: Crm) -> Caller:
    founder = crm.as_("founder@start.example")
    await founder.mutation("users.signIn")
    await founder.mutation("companies.create", name="Start", slug="start")
    return founder
