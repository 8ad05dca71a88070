from schemagen import Changes, QueryCtx, Stored, Table, migration


class Contact(Table, name="contacts"):
    name: str


@migration(Contact, name="2026-03 names")
async def trim(ctx: QueryCtx, stored: Stored) -> Changes:
    return {"name": stored["name"].strip()}


@migration(Contact, name="2026-03 names")
async def fold(ctx: QueryCtx, stored: Stored) -> Changes:
    return {"name": stored["name"].lower()}
