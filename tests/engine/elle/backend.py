"""Lists that clients append to: some are one document that is patched, the others one document per value."""

from __future__ import annotations

from pydantic import JsonValue

from schemagen import AppError, MutationCtx, QueryCtx, Table, index, mutation, query
from tests.engine.backend import backend_of

KEYS = ("whole 1", "whole 2", "parts 1", "parts 2")


class Whole(Table, name="wholes"):
    key: str
    values: list[int]

    by_key = index("key")


class Part(Table, name="parts"):
    key: str
    value: int

    by_key = index("key")


class Aborted(AppError):
    """The client wants it undone."""


@query
async def read(ctx: QueryCtx, *, keys: list[str]) -> list[list[int]]:
    return [await values_of(ctx, key) for key in keys]


@mutation
async def transact(ctx: MutationCtx, *, ops: JsonValue, abort: bool) -> list[list[int] | None]:
    """Operations `["append", key, value]` and `["read", key]`, in order; what each read."""
    assert isinstance(ops, list)
    results: list[list[int] | None] = []
    for op in ops:
        match op:
            case ["append", str(key), int(value)]:
                await append(ctx, key, value)
                results.append(None)
            case ["read", str(key)]:
                results.append(await values_of(ctx, key))
            case _:
                raise AssertionError(op)
    if abort:
        raise Aborted
    return results


async def values_of(ctx: QueryCtx, key: str) -> list[int]:
    if key.startswith("parts"):
        return [part.value for part in await ctx.db.query(Part).where(Part.key == key).all()]
    whole = await ctx.db.query(Whole).where(Whole.key == key).unique()
    return whole.values if whole else []


async def append(ctx: MutationCtx, key: str, value: int) -> None:
    if key.startswith("parts"):
        await ctx.db.insert(Part(key=key, value=value))
        return
    whole = await ctx.db.query(Whole).where(Whole.key == key).unique()
    if whole is None:
        await ctx.db.insert(Whole(key=key, values=[value]))
    else:
        await ctx.db.patch(whole.id, values=[*whole.values, value])


LISTS = backend_of(read, transact, tables=[Whole, Part], errors=[Aborted])
