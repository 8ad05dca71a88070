"""Exports: contacts as a CSV file."""

import csv
from io import StringIO

from pydantic import BaseModel

from backend import emails, phones
from backend.imports import COLUMNS
from backend.permissions import require, visible
from backend.schema import Contact, Stage
from schemagen import ActionCtx, Page, PageRequest, QueryCtx, action, query

PAGE_SIZE = 500


class CsvFile(BaseModel):
    """A file to save, in UTF-8."""

    file_name: str
    text: str


class ExportRow(BaseModel):
    """A contact as a row of the file; imports read the same columns."""

    full_name: str
    email: str
    phone: str
    stage: Stage
    organization: str


@action
async def contacts_csv(ctx: ActionCtx) -> CsvFile:
    """Every contact you may see, by name. Read page by page: what changes meanwhile may be in it or not."""
    text = StringIO()
    file = csv.writer(text)
    file.writerow(COLUMNS)
    request: PageRequest | None = PageRequest(size=PAGE_SIZE)
    while request is not None:
        page = await ctx.run_query(rows, page=request)
        file.writerows((row.full_name, row.email, row.phone, row.stage, row.organization) for row in page.items)
        request = PageRequest(cursor=page.next_cursor, size=PAGE_SIZE) if page.next_cursor else None
    return CsvFile(file_name=f"contacts-{ctx.now.date()}.csv", text=text.getvalue())


@query(internal=True)
async def rows(ctx: QueryCtx, *, page: PageRequest) -> Page[ExportRow]:
    """Some rows of the file."""
    agent = await require(ctx, "contacts.export")
    found = await (await visible(ctx, agent, Contact)).order_by(Contact.full_name).paginate(page)
    return Page(items=[await _row(ctx, contact) for contact in found.items], next_cursor=found.next_cursor)


async def _row(ctx: QueryCtx, contact: Contact) -> ExportRow:
    addresses = await emails.of(ctx, contact.id)
    numbers = await phones.of(ctx, contact.id)
    return ExportRow(
        full_name=contact.full_name,
        email=next((entry.email for entry in addresses if entry.primary), ""),
        phone=numbers[0].number if numbers else "",
        stage=contact.stage,
        organization=contact.organization or "",
    )
