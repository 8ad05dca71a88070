from collections.abc import Iterable
from typing import Generic, TypeVar

from pydantic import BaseModel, field_validator

from schemagen import FIRST, Page, PageRequest, QueryCtx, query

T = TypeVar("T")


class Boxed(BaseModel, Generic[T]):
    item: T
    total: int = 1


class Invoice(BaseModel):
    total: int = 0
    lines: list["Invoice"] = []

    @field_validator("total")
    @classmethod
    def positive(cls, given: int) -> int:
        return abs(given)


@query
async def invoices(ctx: QueryCtx, *, page: PageRequest = FIRST) -> Page[Invoice]:
    return Page(items=[Invoice(total=3)], next_cursor=None)


@query
async def boxed(ctx: QueryCtx, *, given: Invoice | None = None) -> Boxed[Invoice]:
    page = await ctx.run_query(invoices, page=FIRST)
    box = Boxed(item=page.items[0])
    rest = sorted(page.items, key=lambda each: each.total)
    by_total = {each.total: each for each in rest if each.total > 0}
    total = sum_of(by_total.values()) + box.total + box.item.total + (given.total if given else 0)
    for number, each in enumerate(rest):
        each.total = number + total
        for line in each.lines:
            line.total -= 1
    first, *others = rest
    (last := others[-1]).total = first.total
    return Boxed[Invoice](item=last, total=last.total)


def sum_of(invoices: Iterable[Invoice]) -> int:
    return sum(invoice.total for invoice in invoices)
