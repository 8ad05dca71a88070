"""Imports: contacts from a CSV file."""

import csv
from io import StringIO

from pydantic import BaseModel, ValidationError

from backend import contacts
from backend.errors import AlreadyExists, MalformedFile, QuotaExceeded
from backend.permissions import require
from backend.schema import Contact, ContactImport, EmailAddress, Name, PhoneNumber, RowMistake, Stage
from schemagen import (
    FIRST,
    ActionCtx,
    Id,
    MutationCtx,
    Page,
    PageRequest,
    QueryCtx,
    action,
    desc,
    mutation,
    query,
)

COLUMNS = ("full_name", "email", "phone", "stage", "organization")
MISTAKES_MAX = 100
BATCH = 100


class ContactRow(BaseModel):
    """A row of the file; an empty cell counts as left out."""

    full_name: Name
    email: EmailAddress | None = None
    phone: PhoneNumber | None = None
    stage: Stage = "lead"
    organization: str | None = None


class NumberedRow(BaseModel):
    """A row that can be read, and where it stood."""

    row: int
    contact: ContactRow


class BatchReport(BaseModel):
    """What came of some rows."""

    created: int = 0
    mistakes: list[RowMistake] = []
    full: bool = False
    """Whether the plan ended within them; the rows after that were not tried."""


@query
async def list_(ctx: QueryCtx, *, page: PageRequest = FIRST) -> Page[ContactImport]:
    """Every file your company imported, the latest first."""
    agent = await require(ctx, "contacts.import")
    imports = ctx.db.query(ContactImport).where(ContactImport.company_id == agent.company_id)
    return await imports.order_by(desc(ContactImport.creation_time)).paginate(page)


@action(raises=[MalformedFile])
async def contacts_csv(ctx: ActionCtx, *, file_name: Name, text: str) -> ContactImport:
    """Add a contact for each row of a CSV file with the columns full_name, email, phone, stage and organization.

    Only full_name is needed. Rows with mistakes, or with an address that a contact has, are left out and reported;
    the others commit in batches of 100. A plan that ends meanwhile ends the import, which says so in its report.
    """
    rows, mistakes = _read(text)
    created = 0
    for start in range(0, len(rows), BATCH):
        batch = await ctx.run_mutation(add_rows, rows=rows[start : start + BATCH])
        created += batch.created
        mistakes += batch.mistakes
        if batch.full:
            break
    mistakes.sort(key=lambda mistake: mistake.row)
    return await ctx.run_mutation(finish, file_name=file_name, created=created, mistakes=mistakes[:MISTAKES_MAX])


@mutation(internal=True)
async def add_rows(ctx: MutationCtx, *, rows: list[NumberedRow]) -> BatchReport:
    """Add the contacts of some rows, each wholly or not at all."""
    await require(ctx, "contacts.import")
    report = BatchReport()
    for row in rows:
        try:
            await ctx.run_mutation(add_row, row=row.contact)
            report.created += 1
        except AlreadyExists as taken:
            report.mistakes.append(RowMistake(row=row.row, message=taken.message))
        except QuotaExceeded as full:
            report.mistakes.append(RowMistake(row=row.row, message=full.message))
            report.full = True
            break
    return report


@mutation(internal=True)
async def add_row(ctx: MutationCtx, *, row: ContactRow) -> Id[Contact]:
    """Add the contact of one row; it belongs to whoever imports it."""
    agent = await require(ctx, "contacts.import")
    contact = Contact(
        company_id=agent.company_id,
        owner_id=agent.id,
        team_id=agent.team_id,
        full_name=row.full_name,
        stage=row.stage,
        channel="import",
        organization=row.organization,
    )
    return await contacts.add(ctx, contact, email=row.email, phone=row.phone, by=agent)


@mutation(internal=True)
async def finish(ctx: MutationCtx, *, file_name: Name, created: int, mistakes: list[RowMistake]) -> ContactImport:
    """Remember what came of a file."""
    agent = await require(ctx, "contacts.import")
    done = ContactImport(
        company_id=agent.company_id, file_name=file_name, imported_by=agent.id, created=created, mistakes=mistakes
    )
    await ctx.db.insert(done)
    return done


def _read(text: str) -> tuple[list[NumberedRow], list[RowMistake]]:
    """The rows that can be read, and what is wrong with the others. Raises `MalformedFile` if it is no such file."""
    rows: list[NumberedRow] = []
    mistakes: list[RowMistake] = []
    lines = csv.DictReader(StringIO(text), strict=True)
    try:
        if "full_name" not in (lines.fieldnames or ()):
            raise MalformedFile(problem="there is no column full_name in its first line")
        for number, cells in enumerate(lines, start=1):
            given = {column: cells[column] for column in COLUMNS if cells.get(column)}
            try:
                rows.append(NumberedRow(row=number, contact=ContactRow.model_validate(given)))
            except ValidationError as invalid:
                mistakes.append(RowMistake(row=number, message=_explain(invalid)))
    except csv.Error as malformed:
        raise MalformedFile(problem=f"line {lines.line_num}: {malformed}") from malformed
    return rows, mistakes


def _explain(invalid: ValidationError) -> str:
    return "; ".join(f"{error['loc'][0]}: {error['msg']}" for error in invalid.errors())
