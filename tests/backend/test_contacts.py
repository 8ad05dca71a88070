"""Contacts: what is left out of a change stays, and what hangs on a contact goes with it."""

from __future__ import annotations

import asyncio

from schemagen.model.contract import Json
from tests.backend.crm import open_crm


def test_a_change_touches_only_what_it_names() -> None:
    async def check() -> None:
        async with open_crm(contacts=1) as crm:
            [before] = (await crm.owner.query("contacts.list"))["items"]
            assert before["birthday"] is not None
            changes: dict[str, Json] = {
                "birthday": None,
                "jobTitle": "Countess",
                "custom": {"likes": ["engines", 1, None]},
            }
            await crm.owner.mutation("contacts.update", contactId=before["id"], changes=changes)
            [after] = (await crm.owner.query("contacts.list"))["items"]
            assert after == {**before, **changes}
            await crm.owner.mutation("contacts.update", contactId=before["id"], changes={})
            assert (await crm.owner.query("contacts.list"))["items"] == [after]

    asyncio.run(check())


def test_a_name_may_not_be_empty_or_null() -> None:
    async def check() -> None:
        async with open_crm(contacts=1) as crm:
            [contact] = (await crm.owner.query("contacts.list"))["items"]
            for name in ("", None):
                failure = await crm.owner.refused("contacts.rename", contactId=contact["id"], fullName=name)
                assert failure.kind == "invalidArguments"
                assert [issue.path for issue in failure.issues] == [("fullName",)]

    asyncio.run(check())


def test_an_unknown_channel_is_kept_because_the_enum_is_open() -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            contact = await crm.owner.mutation("contacts.create", fullName="Ada", channel="carrier_pigeon")
            details = await crm.owner.query("contacts.get", contactId=contact)
            assert details["contact"]["channel"] == "carrier_pigeon"

    asyncio.run(check())


def test_details_join_phones_emails_tags_and_owner() -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            contact = await crm.owner.mutation(
                "contacts.create", fullName="Ada", email="Ada@Example.com", phone="+351210000000"
            )
            [tag, *_] = await crm.owner.query("tags.list")
            await crm.owner.mutation("tags.attach", contactId=contact, tagId=tag["id"])
            await crm.owner.mutation("tags.attach", contactId=contact, tagId=tag["id"])
            second = await crm.owner.mutation("emails.add", contactId=contact, email="countess@example.com")
            await crm.owner.mutation("emails.makePrimary", emailId=second)
            details = await crm.owner.query("contacts.get", contactId=contact)
            assert details["owner"]["id"] == details["contact"]["ownerId"]
            assert [phone["number"] for phone in details["phones"]] == ["+351210000000"]
            assert [(entry["email"], entry["primary"]) for entry in details["emails"]] == [
                ("ada@example.com", False),
                ("countess@example.com", True),
            ]
            assert details["tags"] == [tag]
            assert (await crm.owner.query("contacts.withEmail", email="ADA@example.com"))["id"] == contact
            assert [one["id"] for one in await crm.owner.query("phones.whoIs", number="+351210000000")] == [contact]
            assert [one["id"] for one in (await crm.owner.query("contacts.withTag", tagId=tag["id"]))["items"]] == [
                contact
            ]

    asyncio.run(check())


def test_a_search_finds_names_by_their_words_whatever_their_case_and_accents() -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            for name in ("Ada", "Adam Łukasz", "Alan", "Béla", "ad hoc"):
                await crm.owner.mutation("contacts.create", fullName=name)
            for text, names in {
                "Ad": ["ad hoc", "Ada", "Adam Łukasz"],
                "lukasz ad": ["Adam Łukasz"],
                "BELA": ["Béla"],
                "nobody": [],
                " ": [],
            }.items():
                found = await crm.owner.query("contacts.search", text=text)
                assert [contact["fullName"] for contact in found] == names, text

    asyncio.run(check())


def test_deleting_takes_everything_along_but_not_past_a_deal() -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            contact = await crm.owner.mutation("contacts.create", fullName="Ada", email="ada@example.com")
            await crm.owner.mutation("notes.create", contactId=contact, text="Hello")
            await crm.owner.mutation("tasks.create", title="Call", contactId=contact)
            [pipeline] = await crm.owner.query("pipelines.list")
            deal = await crm.owner.mutation(
                "deals.create", contactId=contact, pipelineId=pipeline["pipeline"]["id"], title="Big", amount="1"
            )
            assert (await crm.owner.refused("contacts.delete", contactId=contact)).data == {"usedBy": "deals"}
            await crm.owner.mutation("deals.delete", dealId=deal)
            await crm.owner.mutation("contacts.delete", contactId=contact)
            assert (await crm.owner.query("tasks.list"))["items"] == []
            assert [item["contactName"] for item in (await crm.owner.query("activities.feed"))["items"]] == [None] * 3
            await crm.owner.mutation("contacts.create", fullName="Ada", email="ada@example.com")

    asyncio.run(check())


def test_notes_form_threads_with_pinned_ones_first() -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            contact = await crm.owner.mutation("contacts.create", fullName="Ada")
            first = await crm.owner.mutation("notes.create", contactId=contact, text="first")
            pinned = await crm.owner.mutation("notes.create", contactId=contact, text="pinned")
            await crm.owner.mutation("notes.pin", noteId=pinned, pinned=True)
            reply = await crm.owner.mutation("notes.create", contactId=contact, text="reply", replyTo=first)
            await crm.owner.mutation("notes.create", contactId=contact, text="reply to reply", replyTo=reply)
            threads = await crm.owner.query("notes.list", contactId=contact)
            assert [thread["note"]["text"] for thread in threads] == ["pinned", "first"]
            assert threads[1]["replies"][0]["replies"][0]["note"]["text"] == "reply to reply"

    asyncio.run(check())
