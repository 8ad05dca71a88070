from pydantic import BaseModel

from schemagen import QueryCtx, query


class Contact(BaseModel):
    title: str
    assistant: "Contact | None" = None


class Task(BaseModel):
    title: str
    parent: "Task | None" = None


@query
async def last(ctx: QueryCtx, *, contact: Contact) -> str:
    while contact.assistant is not None:
        contact = contact.assistant
    return contact.title


@query
async def titles(ctx: QueryCtx, *, contacts: list[Contact], tasks: list[Task], all_: bool) -> list[str]:
    found = []
    for each in contacts:
        found.append(each.title)
    for each in tasks:
        while each.parent:
            each = each.parent
        found.append(each.title)
    each = contacts[0]
    found.append(each.title)
    if all_:
        each = tasks[0]
    found.append(each.title)
    try:
        each = Contact(title=each.title)
    finally:
        print(each)
    return found
