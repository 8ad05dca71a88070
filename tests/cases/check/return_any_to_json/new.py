from schemagen import JsonValue, QueryCtx, query


@query
async def load(ctx: QueryCtx) -> JsonValue: ...
