from schemagen import Page, PageRequest, QueryCtx, Table, query


class Contact(Table, name="contacts"):
    name: str


@query
async def list_(ctx: QueryCtx, *, page: PageRequest = PageRequest()) -> Page[Contact]: ...
