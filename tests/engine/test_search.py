"""Search: what is found and in what order, in step with every write, and watched no wider than it reads."""

from __future__ import annotations

from schemagen import Id, MutationCtx, QueryCtx, Table, index, mutation, query, search_index
from tests.engine.backend import backend_of
from tests.engine.host import Host, on_loop, running


class Company(Table, name="companies"):
    name: str


class Contact(Table, name="contacts"):
    company_id: Id[Company]
    full_name: str
    stage: str | None = None
    score: int = 0
    labels: list[str] = []

    by_company = index("company_id")
    search_name = search_index("full_name", filters=["company_id", "stage"])
    search_labels = search_index("labels")


@mutation
async def found(ctx: MutationCtx) -> Id[Company]:
    return await ctx.db.insert(Company(name="Acme"))


@mutation
async def add(
    ctx: MutationCtx, *, company: Id[Company], name: str, stage: str | None = None, labels: list[str] | None = None
) -> Id[Contact]:
    return await ctx.db.insert(Contact(company_id=company, full_name=name, stage=stage, labels=labels or []))


@mutation
async def change(ctx: MutationCtx, *, id: Id[Contact], name: str | None = None, score: int | None = None) -> None:
    contact = await ctx.db.get_existing(id)
    contact.full_name = contact.full_name if name is None else name
    contact.score = contact.score if score is None else score
    await ctx.db.save(contact)


@mutation
async def move(ctx: MutationCtx, *, id: Id[Contact], company: Id[Company], stage: str | None = None) -> None:
    await ctx.db.patch(id, company_id=company, stage=stage)


@mutation
async def remove(ctx: MutationCtx, *, id: Id[Contact]) -> None:
    await ctx.db.delete(id)


@mutation
async def add_and_fail(ctx: MutationCtx, *, company: Id[Company], name: str) -> None:
    await ctx.db.insert(Contact(company_id=company, full_name=name))
    assert await ctx.db.search(Contact.search_name, name).first() is not None
    raise RuntimeError("undone")


@query
async def search(ctx: QueryCtx, *, text: str, company: Id[Company], count: int = 20) -> list[str]:
    hits = ctx.db.search(Contact.search_name, text).where(Contact.company_id == company)
    return [contact.full_name for contact in await hits.take(count)]


@query
async def search_stage(ctx: QueryCtx, *, text: str, company: Id[Company], stage: str | None) -> list[str]:
    hits = ctx.db.search(Contact.search_name, text).where(Contact.company_id == company, Contact.stage == stage)
    return [contact.full_name for contact in await hits.take(20)]


@query
async def search_all(ctx: QueryCtx, *, text: str) -> list[str]:
    return [contact.full_name for contact in await ctx.db.search(Contact.search_name, text).take(2_000)]


@query
async def search_labels(ctx: QueryCtx, *, text: str) -> str | None:
    hit = await ctx.db.search(Contact.search_labels, text).first()
    return hit.full_name if hit else None


BACKEND = backend_of(
    found, add, change, move, remove, add_and_fail, search, search_stage, search_all, search_labels,
    tables=[Company, Contact],
)  # fmt: skip


async def names(host: Host, company: str, *names: str) -> list[str]:
    return [await host.mutate("app.add", company=company, name=name) for name in names]


async def check_found(host: Host, company: str, text: str, *expected: str) -> None:
    assert await host.query("app.search", text=text, company=company) == list(expected)


@on_loop
async def test_all_words_are_there_and_the_last_one_begins_so() -> None:
    async with running(BACKEND) as host:
        acme = await host.mutate("app.found")
        await names(host, acme, "Ada Lovelace", "Ada Byron", "Lo Ada", "Adam Lopez")
        await check_found(host, acme, "ada lo", "Lo Ada", "Ada Lovelace")
        await check_found(host, acme, "LOVE", "Ada Lovelace")
        await check_found(host, acme, "ada  lo?!", "Lo Ada", "Ada Lovelace")
        await check_found(host, acme, "lo ada", "Lo Ada")
        await check_found(host, acme, "lo adam")
        await check_found(host, acme, "nobody")
