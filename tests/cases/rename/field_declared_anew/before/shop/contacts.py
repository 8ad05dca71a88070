from typing import TypeVar

from schemagen import QueryCtx, query
from shop.schema import Contact, Deal, Owned

O = TypeVar("O", bound=Owned)


@query
async def owners(ctx: QueryCtx) -> list[str]:
    contacts = await ctx.db.query(Contact).order_by(Contact.owner).all()
    deals = await ctx.db.query(Deal).scan().all()
    return [named(each).owner for each in contacts] + [each.owner for each in (*contacts, *deals)]


def named(document: O) -> O:
    assert document.owner
    return document
