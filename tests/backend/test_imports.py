"""Contacts come from files and web forms, each once."""

from __future__ import annotations

import asyncio
import csv
from io import StringIO

from schemagen.model.contract import Json
from tests.backend.crm import open_crm

HEADER = "full_name,email,phone,stage,organization\n"


def test_good_rows_are_added_and_bad_ones_reported_by_number() -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            text = HEADER + (
                "Ada,ada@example.com,+351210000001,qualified,Analytical\n"
                ",nobody@example.com,,,\n"
                "Alan,ada@example.com,,,\n"
                '"Hopper, Grace",,,,\n'
                "Edsger,not an address,,,\n"
            )
            report = await crm.owner.action("imports.contactsCsv", fileName="people.csv", text=text)
            assert report["created"] == 2
            assert [mistake["row"] for mistake in report["mistakes"]] == [2, 3, 5]
            assert report["mistakes"][1]["message"] == "ada@example.com is taken."
            names = [contact["fullName"] for contact in (await crm.owner.query("contacts.list"))["items"]]
            assert names == ["Ada", "Hopper, Grace"]
            assert (await crm.owner.query("imports.list"))["items"] == [report]

    asyncio.run(check())


def test_a_file_without_names_is_malformed() -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            failure = await crm.owner.refused("imports.contactsCsv", fileName="x.csv", text="name\nAda\n")
            assert failure.code == "malformed_file"

    asyncio.run(check())


def test_what_is_exported_can_be_imported_elsewhere() -> None:
    async def check() -> None:
        async with open_crm(contacts=25) as crm:
            exported = await crm.owner.action("exports.contactsCsv")
            rows = list(csv.DictReader(StringIO(exported["text"])))
            assert [row["full_name"] for row in rows] == [
                contact["fullName"] for contact in (await crm.owner.query("contacts.list"))["items"]
            ]
            other = crm.as_("other@new.example")
            await other.mutation("users.signIn")
            await other.mutation("companies.create", name="New", slug="new")
            report = await other.action("imports.contactsCsv", fileName="all.csv", text=exported["text"])
            assert (report["created"], report["mistakes"]) == (25, [])
            assert (await other.action("exports.contactsCsv"))["text"] == exported["text"]

    asyncio.run(check())


def test_an_import_stops_where_the_plan_ends_and_says_so() -> None:
    async def check() -> None:
        async with open_crm(companies=0) as crm:
            founder = crm.as_("founder@start.example")
            await founder.mutation("users.signIn")
            await founder.mutation("companies.create", name="Start", slug="start")
            text = HEADER + "".join(f"Contact {n},,,,\n" for n in range(150))
            report = await founder.action("imports.contactsCsv", fileName="many.csv", text=text)
            assert report["created"] == 100
            assert report["mistakes"] == [{"row": 101, "message": "Your plan ends at 100 contacts."}]

    asyncio.run(check())


def test_a_lead_sent_twice_makes_one_contact() -> None:
    async def check() -> None:
        async with open_crm(contacts=0) as crm:
            lead = crm.as_("lead-north@acme.example")
            owner_id = (await lead.query("users.me"))["agent"]["id"]
            key = await crm.owner.mutation("leads.createForm", name="Web", ownerId=owner_id)
            payload: Json = {"kind": "web_form", "fullName": "Ada", "email": "ada@example.com", "answers": {"why": "x"}}
            nobody = crm.as_(None)
            first = await nobody.action("leads.receive", key=key, externalId=str(2**62), payload=payload)
            again = await nobody.action("leads.receive", key=key, externalId=str(2**62), payload=payload)
            same_person = await nobody.action("leads.receive", key=key, externalId="2", payload=payload)
            assert first == again == same_person
            call: Json = {"kind": "phone_call", "number": "+351210000009", "duration": "PT65S"}
            await nobody.action("leads.receive", key=key, externalId="3", payload=call)
            assert [one["fullName"] for one in (await lead.query("contacts.list"))["items"]] == ["+351210000009", "Ada"]
            wrong = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
            assert (await nobody.refused("leads.receive", key=wrong, externalId="4", payload=call)).code == (
                "document_not_found"
            )

    asyncio.run(check())
