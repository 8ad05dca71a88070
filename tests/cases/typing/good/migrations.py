"""Migrations of stored documents."""

from schemagen import Changes, Id, QueryCtx, Stored, Table, migration


class Company(Table, name="companies"):
    name: str


class Contact(Table, name="contacts"):
    company_id: Id[Company]
    first_name: str
    company_name: str | None = None


@migration(Contact)
async def split_name(ctx: QueryCtx, stored: Stored) -> Changes:
    return {"first_name": stored["name"].partition(" ")[0]}


@migration(Contact, name="2026-03 names of companies")
async def fill_company_name(ctx: QueryCtx, stored: Stored) -> Changes:
    company_id: Id[Company] = stored["company_id"]
    company = await ctx.db.get(company_id)
    return None if company is None else {"company_name": company.name}
