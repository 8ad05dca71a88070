"""What `docs/queries.md` shows is what runs, and its error is the one that is raised."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemagen.introspect import load
from tests.engine.backend import Backend
from tests.engine.host import running

PAGE = (Path(__file__).parents[2] / "docs/queries.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[Backend]:
    """All the Python of the page, as one backend."""
    folder = tmp_path / "pagebackend"
    folder.mkdir()
    unserved = "\n\n@query\nasync def unserved(ctx: QueryCtx) -> list[Contact]:\n" + (
        '    return await ctx.db.query(Contact).where(Contact.stage == "lead").order_by(Contact.full_name).all()\n'
    )
    found = "\n\n@mutation\nasync def found(ctx: MutationCtx, *, name: str) -> Id[Company]:\n" + (
        "    return await ctx.db.insert(Company(name=name))\n"
    )
    (folder / "__init__.py").write_text('"""The page."""\n')
    (folder / "app.py").write_text("\n\n".join(blocks("python")) + unserved + found)
    loaded = load(folder, tmp_path)
    yield Backend(loaded.contract, dict(loaded.functions), dict(loaded.tables))
    for name in [name for name in sys.modules if name.split(".")[0] == "pagebackend"]:
        del sys.modules[name]


def test_the_page_runs(shown: Backend, caplog: pytest.LogCaptureFixture) -> None:
    async def check() -> None:
        async with running(shown) as host:
            acme = await host.mutate("app.found", name="Acme")
            ada = await host.mutate("app.create", companyId=acme, fullName="Ada")
            await host.mutate("app.create", companyId=acme, fullName="Bob")
            assert len(await host.query("app.leads", companyId=acme)) == 2
            await host.mutate("app.win", contactId=ada)
            assert await host.query("app.unfinished", companyId=acme) == 1
            await host.mutate("app.postpone", contactId=ada)
            assert await host.query("app.due", companyId=acme) == []
            page = await host.query("app.contacts", companyId=acme, page={"size": 1})
            assert page["items"][0]["fullName"] == "Bob" and page["nextCursor"] is not None
            await host.failure("query", "app.unserved", {})
            assert blocks("text")[0].strip() in caplog.text

    asyncio.run(check())
