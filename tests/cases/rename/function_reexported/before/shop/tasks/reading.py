from schemagen import QueryCtx, query

__all__ = ["list_", "words"]


@query
async def list_(ctx: QueryCtx) -> list[str]:
    return words()


def words() -> list[str]:
    return []
