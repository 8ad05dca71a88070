"""Functions."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from backend.schema import (
    Change,
    Contact,
    Extent,
    Names,
    OldRange,
    QuotaExceeded,
    Range,
    Stage,
    Tree,
)
from schemagen import FIRST, ActionCtx, Id, MutationCtx, Page, PageRequest, QueryCtx, action, mutation, query


@query
async def list_(ctx: QueryCtx, *, stage: Stage | None = None, page: PageRequest = FIRST) -> Page[Contact]:
    """The contacts of one stage.

    Sorted by name.
    """


@mutation(raises=[QuotaExceeded])
async def create(
    ctx: MutationCtx,
    *,
    contact: Contact,
    notify: Annotated[bool, Field(description="Send a mail.")] = True,
) -> Id[Contact]: ...


@action(deprecated="use create")
async def import_(ctx: ActionCtx, *, names: Names, tree: Tree, extent: Extent) -> dict[Stage, Range]: ...


@query(internal=True)
async def changes(ctx: QueryCtx, *, old: OldRange | None) -> list[Change[Stage | None]]: ...
