"""Documents by many ids at once."""

from __future__ import annotations

from schemagen import Id, MutationCtx, QueryCtx, Table, mutation, query
from tests.engine.backend import backend_of
from tests.engine.host import on_loop, running


class Card(Table, name="cards"):
    text: str


@mutation
async def add(ctx: MutationCtx, *, text: str) -> Id[Card]:
    return await ctx.db.insert(Card(text=text))


@mutation
async def change(ctx: MutationCtx, *, id: Id[Card], text: str) -> None:
    await ctx.db.patch(id, text=text)


@mutation
async def remove(ctx: MutationCtx, *, id: Id[Card]) -> list[str | None]:
    """What the same mutation sees of it, and of another that it adds."""
    added = await ctx.db.insert(Card(text="added"))
    await ctx.db.delete(id)
    return [card.text if card else None for card in await ctx.db.get_many([id, added])]


@query
async def texts(ctx: QueryCtx, *, ids: list[Id[Card]]) -> list[str | None]:
    return [card.text if card else None for card in await ctx.db.get_many(ids)]


BACKEND = backend_of(add, change, remove, texts, tables=[Card])


@on_loop
async def test_documents_come_in_the_order_asked_and_none_for_what_is_not_there() -> None:
    async with running(BACKEND) as host:
        a, b, c = [await host.mutate("app.add", text=text) for text in "abc"]
        assert await host.mutate("app.remove", id=b) == [None, "added"]
        assert await host.query("app.texts", ids=[c, b, a, c]) == ["c", None, "a", "c"]
        assert await host.query("app.texts", ids=[]) == []


@on_loop
async def test_thousands_of_ids_are_no_problem() -> None:
    async with running(BACKEND) as host:
        a = await host.mutate("app.add", text="a")
        absent = [f"cards_{number:026}" for number in range(5_000)]
        assert await host.query("app.texts", ids=[*absent, a]) == [None] * 5_000 + ["a"]


@on_loop
async def test_a_live_query_runs_again_for_each_of_its_ids_and_for_no_other() -> None:
    async with running(BACKEND) as host:
        a, b, other = [await host.mutate("app.add", text=text) for text in "abc"]
        watcher = host.watcher()
        assert await watcher.watch("app.texts", ids=[a, b]) == ["a", "b"]
        await host.mutate("app.change", id=b, text="B")
        assert watcher.results[0] == ["a", "B"]
        await host.mutate("app.remove", id=a)
        assert watcher.results[0] == [None, "B"]
        reruns = host.stats.reruns
        await host.mutate("app.change", id=other, text="C")
        assert host.stats.reruns == reruns
