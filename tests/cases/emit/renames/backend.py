"""A backend that renamed a table, fields and functions."""

from typing import Annotated

from pydantic import BaseModel
from schemagen import AppError, Id, MutationCtx, QueryCtx, Table, mutation, query, renamed_from


class Address(BaseModel):
    city: Annotated[str, renamed_from("town")] = ""


class Contact(Table, name="contacts", renamed_from="people"):
    """Someone we talk to."""

    full_name: Annotated[str, renamed_from("display_name", "name")]
    address: Address | None = None


class TooManyContacts(AppError):
    limit: Annotated[int, renamed_from("most")]


@query(renamed_from="contacts.all")
async def list_(ctx: QueryCtx) -> list[Contact]:
    """Every contact."""
    return []


@mutation(renamed_from=["create_contact", "people.billing.add_person"], raises=[TooManyContacts])
async def create(
    ctx: MutationCtx, *, full_name: Annotated[str, renamed_from("name")], address: Address | None = None
) -> Id[Contact]:
    return await ctx.db.insert(Contact(full_name=full_name, address=address))


@query(renamed_from="contacts.hidden", internal=True)
async def secret(ctx: QueryCtx) -> None: ...
