"""What `docs/schema.md` shows is what runs."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

import pytest

from schemagen.introspect import Backend, load
from tests.engine.backend import Backend as Served
from tests.engine.host import running

PAGE = (Path(__file__).parents[2] / "docs/schema.md").read_text()
ADD = """
@mutation
async def add(ctx: MutationCtx, *, company_id: Id[Company], team: str, assignee_id: Id[Member]) -> Id[Team]:
    team_id = await ctx.db.insert(Team(company_id=company_id, name=team))
    await ctx.db.patch(assignee_id, team_id=team_id)
    await ctx.db.insert(Task(assignee_id=assignee_id, title="Call"))
    return team_id


@mutation
async def close_down(ctx: MutationCtx, *, company_id: Id[Company]) -> None:
    await ctx.db.delete(company_id)
"""


@pytest.fixture
def page(tmp_path: Path) -> Backend:
    """All the Python of the page, as one backend."""
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    folder = tmp_path / "schemapage"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""The page."""\n')
    (folder / "app.py").write_text("\n\n".join([*blocks, ADD]))
    loaded = load(folder, tmp_path)
    for name in [name for name in sys.modules if name.split(".")[0] == "schemapage"]:
        del sys.modules[name]
    return loaded


def test_the_page_runs(page: Backend) -> None:
    async def check() -> None:
        async with running(Served(page.contract, dict(page.functions), dict(page.tables))) as host:
            acme = await host.mutate("app.foundOrFind", name="Acme", slug="acme")
            assert await host.mutate("app.foundOrFind", name="Acme again", slug="acme") == acme
            ada = await host.mutate("app.invite", companyId=acme, email="Ada@x.org")
            taken = await host.failure("mutation", "app.invite", {"companyId": acme, "email": "ada@x.org"})
            assert (taken.code, taken.data) == ("email_taken", {"email": "ada@x.org"})
            assert (await host.query("app.byEmail", companyId=acme, email="ADA@x.org"))["id"] == ada
            bob = await host.mutate("app.invite", companyId=acme, email="bob@x.org")
            await host.mutate("app.add", companyId=acme, team="A", assigneeId=ada)
            refused = await host.failure("mutation", "app.dismiss", {"memberId": ada})
            assert refused.data == {"table": "tasks", "field": "assignee_id"}
            assert await host.mutate("app.handOver", memberId=ada, to=bob) == 1
            assert await host.query("app.byEmail", companyId=acme, email="ada@x.org") is None
            assert (await host.failure("mutation", "app.closeDown", {"companyId": acme})).code == "referenced_document"

    asyncio.run(check())
