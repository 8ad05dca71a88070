"""Tables, fields and functions that were called otherwise."""

from typing import Annotated

from pydantic import Field
from schemagen import Id, MutationCtx, QueryCtx, Table, index, mutation, query, renamed_from


class Contact(Table, name="contacts", renamed_from="people"):
    full_name: Annotated[str, Field(min_length=1), renamed_from("display_name", "name")]
    stage: Annotated[str, renamed_from("status")] = "lead"

    by_name = index("full_name")


class Task(Table, name="tasks", renamed_from=["todos", "chores"]):
    contact_id: Annotated[Id[Contact], renamed_from("person_id")]


@mutation(renamed_from="contacts.add")
async def create(ctx: MutationCtx, *, full_name: Annotated[str, renamed_from("name")]) -> Id[Task]:
    contact_id: Id[Contact] = await ctx.db.insert(Contact(full_name=full_name))
    return await ctx.db.insert(Task(contact_id=contact_id))


@query(renamed_from=["contacts.all", "people.all"], deprecated="use page")
async def list_(ctx: QueryCtx) -> list[Contact]:
    return await ctx.db.query(Contact).where(Contact.full_name >= "a").take(9)
