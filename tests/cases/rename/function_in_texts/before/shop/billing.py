from schemagen import QueryCtx, query


@query
async def open_invoices(ctx: QueryCtx) -> list[str]:
    return []


@query(deprecated="use billing.open_invoices")
async def invoices(ctx: QueryCtx) -> list[str]:
    return await open_invoices(ctx)
