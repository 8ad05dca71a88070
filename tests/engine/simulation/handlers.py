"""The functions of a simulated backend: they read and write what their argument, a small program, says.

So every random query and mutation is one declared function with other arguments. A read is an object whose `way` says
what to do, most with a `select`; a write is a list that starts with its verb. `model.py` says what each must give.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import cache
from typing import Any

from pydantic import JsonValue

from schemagen import AppError, MutationCtx, NotUnique, PageRequest, QueryCtx, Table, desc, mutation, query
from tests.engine.backend import Backend, backend_of
from tests.engine.simulation.schema import Schema

OPS: dict[str, Any] = {
    "==": lambda column, value: column == value,
    "!=": lambda column, value: column != value,
    "<": lambda column, value: column < value,
    "<=": lambda column, value: column <= value,
    ">": lambda column, value: column > value,
    ">=": lambda column, value: column >= value,
}


class Refused(AppError):
    """The program says so."""


@cache
def backend_for(schema: Schema) -> Backend:
    """Queries `app.look`, mutations `app.change`."""
    tables = schema.classes

    @query
    async def look(ctx: QueryCtx, *, reads: JsonValue) -> JsonValue:
        """A list of what each read gives; of a single one what it gives itself."""
        results = [await read(ctx, tables, each, inner) for each in _items(reads)]
        return results[0] if len(results) == 1 else results

    @query(internal=True)
    async def inner(ctx: QueryCtx, *, reads: JsonValue) -> JsonValue:
        return [await read(ctx, tables, each, inner) for each in _items(reads)]

    @mutation
    async def change(ctx: MutationCtx, *, writes: JsonValue) -> JsonValue:
        return await write(ctx, tables, _items(writes), part, inner)

    @mutation(internal=True)
    async def part(ctx: MutationCtx, *, writes: JsonValue) -> JsonValue:
        return await write(ctx, tables, _items(writes), part, inner)

    return backend_of(look, inner, change, part, tables=list(tables.values()), errors=[Refused])


def _items(given: JsonValue) -> list[Any]:
    assert isinstance(given, list)
    return given


def shown(doc: Table | None) -> Any:
    """A document as JSON."""
    if doc is None:
        return None
    moment = doc.creation_time.isoformat(timespec="microseconds")
    return {"id": doc.id, "creation_time": moment.replace("+00:00", "Z"), **doc.model_dump()}


def selected(ctx: QueryCtx, tables: dict[str, type[Table]], select: Any) -> Any:
    table = tables[select["table"]]
    chosen = ctx.db.query(table)
    for field, op, value in select["where"]:
        chosen = chosen.where(OPS[op](getattr(table, field), value))
    if select["order"]:
        columns = [getattr(table, field) for field in select["order"]]
        chosen = chosen.order_by(*([desc(column) for column in columns] if select["desc"] else columns))
    return chosen.scan() if select["scan"] else chosen


async def read(ctx: QueryCtx, tables: dict[str, type[Table]], what: Any, inner: Any) -> Any:
    """What one read of a program gives."""
    chosen: Any = selected(ctx, tables, what["select"]) if "select" in what else None
    match what["way"]:
        case "all":
            return list(map(shown, await chosen.all()))
        case "take":
            return list(map(shown, await chosen.take(what["count"])))
        case "first":
            return shown(await chosen.first())
        case "unique":
            try:
                return shown(await chosen.unique())
            except NotUnique:
                return "several"
        case "count":
            return await chosen.count()
        case "exists":
            return await chosen.exists()
        case "walk":
            return await _walk(chosen, what)
        case "page":
            page = await chosen.paginate(PageRequest(cursor=what["cursor"], size=what["size"]))
            return {"items": list(map(shown, page.items)), "cursor": page.next_cursor}
        case "get":
            return shown(await ctx.db.get(what["id"]))
        case "get_many":
            return list(map(shown, await ctx.db.get_many(what["ids"])))
        case "search":
            table = tables[what["table"]]
            hits = ctx.db.search(getattr(table, f"search_{what['field']}"), what["text"])
            for name, value in what["where"]:
                hits = hits.where(getattr(table, name) == value)
            return list(map(shown, await hits.take(what["count"])))
        case "follow":
            found = await chosen.first()
            if found is None:
                return None
            table = tables[what["to"]]
            same = ctx.db.query(table).where(getattr(table, what["field"]) == getattr(found, what["by"]))
            return [shown(found), *map(shown, await same.all())]
        case "who":
            identity = await ctx.auth.identity()
            return identity.subject if identity else None
        case "who_if":
            found = await chosen.first()
            if found is None:
                return "did not ask"
            identity = await ctx.auth.identity()
            return [shown(found), identity.subject if identity else None]
        case "refuse_if":
            several = await chosen.take(what["count"])
            if len(several) == what["count"]:
                raise Refused
            return list(map(shown, several))
        case "tick":
            return ctx.tick(timedelta(seconds=what["seconds"])).isoformat()
        case "nested":
            return await ctx.run_query(inner, reads=what["reads"])
        case "gather":
            return await asyncio.gather(*(read(ctx, tables, each, inner) for each in what["reads"]))
        case way:
            raise AssertionError(way)


async def _walk(chosen: Any, what: Any) -> list[Any]:
    """Document by document, up to so many, or to the first that has a value."""
    found: list[Any] = []
    async for doc in chosen:
        found.append(shown(doc))
        if len(found) == what["count"] or (what["field"] and getattr(doc, what["field"]) == what["value"]):
            break
    return found


async def write(
    ctx: MutationCtx, tables: dict[str, type[Table]], writes: list[Any], part: Any, inner: Any
) -> list[Any]:
    """Run the writes in turn; what each gave."""
    out: list[Any] = []

    def meant(ref: Any) -> Any:
        return out[ref] if isinstance(ref, int) else ref

    for verb, *rest in writes:
        match verb:
            case "insert":
                table, values = rest
                out.append(await ctx.db.insert(tables[table](**values)))
            case "patch":
                ref, values = rest
                await ctx.db.patch(meant(ref), **values)
                out.append(None)
            case "save":
                ref, values = rest
                doc = await ctx.db.get_existing(meant(ref))
                for name, value in values.items():
                    setattr(doc, name, value)
                await ctx.db.save(doc)
                out.append(None)
            case "delete":
                await ctx.db.delete(meant(rest[0]))
                out.append(None)
            case "clear":
                gone = []
                async for doc in selected(ctx, tables, rest[0]):
                    await ctx.db.delete(doc.id)
                    gone.append(doc.id)
                out.append(gone)
            case "read":
                out.append(await read(ctx, tables, rest[0], inner))
            case "try":
                try:
                    out.append(await ctx.run_mutation(part, writes=rest[0]))
                except AppError as error:
                    out.append(error.code)
            case "refuse":
                raise Refused
            case _:
                raise AssertionError(verb)
    return out
