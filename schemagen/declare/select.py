"""What a backend asks of a table: columns, conditions, and the immutable builder that `ctx.db.query` returns.

Class access to a field (`Contact.stage`) is a `Column` at run time and the field's own type to type checkers, so a
comparison with a value of another type is a type error; the price is that conditions are typed `bool`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, NoReturn, Protocol, TypeVar, cast

if TYPE_CHECKING:
    from schemagen.declare.page import Page, PageRequest
    from schemagen.declare.table import Table

T = TypeVar("T")
D = TypeVar("D", bound="Table")
D_co = TypeVar("D_co", bound="Table", covariant=True)


class Op(StrEnum):
    EQ = "=="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """One comparison of a field with a value."""

    field: str
    op: Op
    value: object

    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"a condition on {self.field!r} has no truth value here: pass each condition to where() by itself, "
            "not joined with and/or/not"
        )


class Column:
    """A field of a table, as `Contact.stage` is at run time; comparing it gives a `Condition`."""

    __slots__ = ("name", "table")

    def __init__(self, table: type[Table], name: str) -> None:
        self.table = table
        self.name = name

    def __eq__(self, other: object) -> Condition:  # type: ignore[override]  # a condition, not a truth value
        return Condition(self.name, Op.EQ, other)

    def __ne__(self, other: object) -> Condition:  # type: ignore[override]
        return Condition(self.name, Op.NE, other)

    def __lt__(self, other: object) -> Condition:
        return Condition(self.name, Op.LT, other)

    def __le__(self, other: object) -> Condition:
        return Condition(self.name, Op.LE, other)

    def __gt__(self, other: object) -> Condition:
        return Condition(self.name, Op.GT, other)

    def __ge__(self, other: object) -> Condition:
        return Condition(self.name, Op.GE, other)

    def __hash__(self) -> int:
        return hash((self.table, self.name))

    def __bool__(self) -> NoReturn:
        raise TypeError(f"{self!r} is a column, not a value: compare it, as in where({self!r} == True)")

    def __repr__(self) -> str:
        return f"{self.table.__name__}.{self.name}"


@dataclass(frozen=True, slots=True)
class Descending:
    column: Column


def col(field: T | None) -> T:
    """An optional column that is about to be compared: `where(col(Contact.next_task_due_at) >= ctx.now)`."""
    return cast(T, field)


def desc(field: T) -> T:
    """Order from the greatest down: `order_by(desc(Contact.full_name))`. All fields of an order go the same way."""
    return cast(T, Descending(cast(Column, field)))


class SelectRunner(Protocol):
    """What the engine does with a select. Rows come in index order, ties by creation time and id."""

    async def fetch(self, select: Select[D], limit: int | None) -> list[D]: ...

    def stream(self, select: Select[D]) -> AsyncIterator[D]: ...

    async def fetch_page(self, select: Select[D], request: PageRequest) -> Page[D]: ...

    async def count(self, select: Select[D]) -> int: ...

    async def exists(self, select: Select[D]) -> bool: ...


@dataclass(frozen=True, slots=True, eq=False)
class Select(Generic[D_co]):
    """Documents of one table, narrowed and ordered; nothing is read before one of the awaited methods.

    `where` is served by an index: equality on the first fields of an index, then one range, then the order. A select
    that no index can serve raises `UnindexedQuery`, which shows the `index(...)` line to add; `scan()` says that
    reading every document of the table is meant.
    """

    table: type[D_co]
    runner: SelectRunner
    conditions: tuple[Condition, ...] = ()
    order: tuple[str, ...] = ()
    descending: bool = False
    whole_table: bool = False

    def where(self, *conditions: bool) -> Select[D_co]:
        """Only documents for which all conditions hold, e.g. `where(Contact.stage == "lead")`."""
        added = tuple([condition_of(condition) for condition in conditions])
        return Select(self.table, self.runner, self.conditions + added, self.order, self.descending, self.whole_table)

    def order_by(self, *fields: object) -> Select[D_co]:
        """Ascending by these fields, or descending if each is in `desc(...)`; replaces an earlier order."""
        names, directions = [], set()
        for given in fields:
            column = given.column if isinstance(given, Descending) else given
            if not isinstance(column, Column):
                raise TypeError(f"order_by takes columns such as {self.table.__name__}.creation_time, got {given!r}")
            names.append(column.name)
            directions.add(isinstance(given, Descending))
        if len(directions) > 1:
            raise TypeError("order_by: an index is read in one direction; put desc(...) around all fields or none")
        return Select(self.table, self.runner, self.conditions, tuple(names), directions == {True}, self.whole_table)

    def scan(self) -> Select[D_co]:
        """Reading the whole table is meant: no index has to serve this select."""
        return replace(self, whole_table=True)

    async def all(self) -> list[D_co]:
        """Every document."""
        return await self.runner.fetch(self, None)

    async def take(self, count: int) -> list[D_co]:
        """The first `count` documents, or fewer if there are no more. Raises ValueError if `count` is negative."""
        if count < 0:
            raise ValueError(f"take() needs a count of 0 or more, got {count}")
        return await self.runner.fetch(self, count)

    async def first(self) -> D_co | None:
        """The first document, or None."""
        found = await self.runner.fetch(self, 1)
        return found[0] if found else None

    async def unique(self) -> D_co | None:
        """The only document, or None if there is none. Raises `NotUnique` if there are two or more."""
        from schemagen.declare.errors import NotUnique

        found = await self.runner.fetch(self, 2)
        if len(found) > 1:
            raise NotUnique(f"more than one document of {self.table.__name__} matches; use first() if any will do")
        return found[0] if found else None

    async def paginate(self, page: PageRequest) -> Page[D_co]:
        """One page, and the cursor at which the next one starts."""
        return await self.runner.fetch_page(self, page)

    async def count(self) -> int:
        """How many documents there are; the database counts them in the index, so the cost grows with their number."""
        return await self.runner.count(self)

    async def exists(self) -> bool:
        """Whether there is at least one document; found in the index, without reading the document."""
        return await self.runner.exists(self)

    def __aiter__(self) -> AsyncIterator[D_co]:
        """Document by document; leaving the loop early reads no further."""
        return self.runner.stream(self)


def condition_of(given: object) -> Condition:
    """What `where` was given, as a condition; a column alone is one that is true."""
    if isinstance(given, Condition):
        return given
    if isinstance(given, Column):
        return Condition(given.name, Op.EQ, True)
    raise TypeError(
        f"where() takes conditions such as Contact.stage == 'lead', got {given!r}; "
        "a comparison of two plain values is already decided before where() sees it"
    )
