"""Sample data is the same at every run, and never comes twice."""

from __future__ import annotations

import asyncio
import json
import re

from schemagen.model.contract import Json
from tests.backend.crm import Crm, open_crm

FILL: dict[str, Json] = {"companies": 2, "contactsPerCompany": 25, "today": "2026-01-15"}
UNSTABLE = re.compile(r'_[0-7][0-9a-hjkmnp-tv-z]{25}"|"creationTime": "[^"]*"')


def test_equal_seeds_give_equal_data() -> None:
    assert asyncio.run(_filled(seed=3)) == asyncio.run(_filled(seed=3))


def test_another_seed_gives_other_data() -> None:
    assert asyncio.run(_filled(seed=3)) != asyncio.run(_filled(seed=4))


def test_filling_again_does_nothing() -> None:
    async def check() -> None:
        async with open_crm(companies=0) as crm:
            first = await crm.internal("sample.fill", seed=1, **FILL)
            before = await _shown(crm)
            again = await crm.internal("sample.fill", seed=2, **FILL)
            assert first == {"companies": 2, "contacts": 50, "signInAs": "owner@acme.example"}
            assert again == {"companies": 0, "contacts": 0, "signInAs": "owner@acme.example"}
            assert await _shown(crm) == before

    asyncio.run(check())


def test_more_companies_than_names_still_have_a_slug_each() -> None:
    async def check() -> None:
        async with open_crm(companies=12, contacts=0) as crm:
            company = await crm.as_("owner@globex-2.example").query("companies.current")
            assert company["slug"] == "globex-2"

    asyncio.run(check())


async def _filled(*, seed: int) -> str:
    async with open_crm(companies=0) as crm:
        await crm.internal("sample.fill", seed=seed, **FILL)
        return UNSTABLE.sub("", await _shown(crm))


async def _shown(crm: Crm) -> str:
    paths = ("contacts.list", "deals.list", "tasks.list", "agents.list", "teams.list", "activities.feed")
    return json.dumps([await caller.query(path) for caller in (crm.owner, crm.stranger) for path in paths])
