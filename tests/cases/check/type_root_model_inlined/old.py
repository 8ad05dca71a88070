from pydantic import RootModel

from schemagen import QueryCtx, query


class Tags(RootModel[list[str]]):
    pass


@query
async def tags(ctx: QueryCtx) -> Tags: ...
