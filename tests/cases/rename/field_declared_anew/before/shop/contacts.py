from typing import TypeVar

from schemagen import QueryCtx, query
from shop.schema import Contact, Deal, Owned

O = TypeVar("O", bound=Owned)


@query
async def owners(ctx: QueryCtx, *, contacts: list[Contact], deals: list[Deal]) -> list[str]:
    for each in contacts:
        print(named(each).owner)
    for each in deals:
        each.owner += "!"
    return [each.owner for each in (*contacts, *deals)]


def named(document: O) -> O:
    assert document.owner
    return document
