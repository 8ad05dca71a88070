"""What `docs/search.md` shows is what runs, and its error is the one that is raised."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemagen.introspect import load
from schemagen.store.finding import ENTRIES_MAX
from schemagen.store.tokens import TERMS_MAX, TOKEN_LENGTH_MAX, TOKENS_MAX
from tests.conftest import ROOT
from tests.docs.pages import Page
from tests.engine.backend import Backend
from tests.engine.host import on_loop, running

PAGE = Page(ROOT / "docs/search.md")
WRITING = """
@mutation
async def found(ctx: MutationCtx, *, name: str) -> Id[Company]:
    return await ctx.db.insert(Company(name=name))


@mutation
async def create(ctx: MutationCtx, *, company_id: Id[Company], full_name: str) -> Id[Contact]:
    return await ctx.db.insert(Contact(company_id=company_id, full_name=full_name))


@query
async def unserved(ctx: QueryCtx) -> list[Contact]:
    return await ctx.db.search(Contact.search_name, "ada").where(Contact.full_name == "Ada").take(20)
"""


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[Backend]:
    """All the Python of the page, as one backend."""
    folder = tmp_path / "searchpage"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""The page."""\n')
    (folder / "app.py").write_text("\n\n".join([*PAGE.blocks("python"), WRITING]))
    loaded = load(folder, tmp_path)
    yield Backend(loaded.contract, dict(loaded.functions), dict(loaded.tables))
    for name in [name for name in sys.modules if name.split(".")[0] == "searchpage"]:
        del sys.modules[name]


def test_the_schema_it_shows_is_three_lines() -> None:
    lines = PAGE.blocks("python")[0].split('class Contact(Table, name="contacts"):\n')[1].splitlines()
    assert [line.split()[0].rstrip(":") for line in lines] == ["company_id", "full_name", "search_name"]


def test_the_page_runs(shown: Backend, caplog: pytest.LogCaptureFixture) -> None:
    @on_loop
    async def check() -> None:
        async with running(shown) as host:
            acme = await host.mutate("app.found", name="Acme")
            globex = await host.mutate("app.found", name="Globex")
            for company, name in (
                (acme, "Ada Lovelace"),
                (globex, "Ada Lovejoy"),
                (acme, "Łódź"),
                (acme, "Straße"),
                (acme, "東京都"),
            ):
                await host.mutate("app.create", companyId=company, fullName=name)
            for text, expected in (
                ("ada lo", ["Ada Lovelace"]),
                ("LODZ", ["Łódź"]),
                ("strasse", ["Straße"]),
                ("京都", ["東京都"]),
                ("都", ["東京都"]),
                ("running", []),
            ):
                found = await host.query("app.search", companyId=acme, text=text)
                assert [contact["fullName"] for contact in found] == expected, text
            await host.failure("query", "app.unserved", {})
            assert PAGE.blocks("text")[0].strip() in caplog.text

    check()


def test_its_limits_are_those_of_the_code() -> None:
    text = PAGE.text
    assert f"the first {ENTRIES_MAX:,} entries" in text
    assert f"| {TERMS_MAX}; those after them" in text
    assert f"| {TOKEN_LENGTH_MAX} characters;" in text
    assert f"| {TOKENS_MAX:,} different ones;" in text
