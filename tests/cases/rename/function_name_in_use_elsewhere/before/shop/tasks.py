from schemagen import QueryCtx, query


@query
async def list_(ctx: QueryCtx) -> list[str]:
    return []


async def helper() -> int:
    find = 3  # a variable of its own is not in the way
    return find
