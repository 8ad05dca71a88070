from schemagen import ActionCtx, Id, MutationCtx, QueryCtx, action, mutation, query

from .schema import Card, ColumnFull

LIMIT = 3


@query
async def list_(ctx: QueryCtx, *, column: str = "todo") -> list[Card]:
    return await ctx.db.query(Card).where(Card.column == column).all()


@query(raises=[ColumnFull])
async def free(ctx: QueryCtx, *, column: str) -> int:
    """Places left in a column."""
    used = await ctx.db.query(Card).where(Card.column == column).count()
    if used == LIMIT:
        raise ColumnFull(column=column, limit=LIMIT)
    return LIMIT - used


@mutation(raises=[ColumnFull])
async def add(ctx: MutationCtx, *, title: str, column: str = "todo") -> Id[Card]:
    if await ctx.db.query(Card).where(Card.column == column).count() == LIMIT:
        raise ColumnFull(column=column, limit=LIMIT)
    return await ctx.db.insert(Card(column=column, title=title))


@query
async def whoami(ctx: QueryCtx) -> str | None:
    identity = await ctx.auth.identity()
    return identity.subject if identity else None


@action
async def shout(ctx: ActionCtx, *, text: str) -> str:
    return text.upper()
