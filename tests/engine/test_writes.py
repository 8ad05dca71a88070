"""Documents as they are written and read back, and what a table cannot hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from annotated_types import Ge, MaxLen
from pydantic import BaseModel, JsonValue, field_validator, model_validator

from schemagen import DocumentNotFound, Id, MutationCtx, Table, index, mutation
from schemagen.model.contract import FunctionKind
from tests.engine.backend import backend_of
from tests.engine.host import Host, on_loop, running


class Color(Enum):
    RED = "red"
    BLUE = "blue"


class Point(BaseModel):
    x: int
    when: datetime


class Thing(Table, name="things"):
    text: Annotated[str, MaxLen(10)] = "a"
    number: Annotated[int, Ge(0)] = 1
    real: float = -0.0
    yes: bool = True
    blob: bytes = b"\x00\xff"
    price: Decimal = Decimal("1.50")
    key: UUID = UUID(int=7)
    at: datetime = datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
    day: date = date(2026, 1, 2)
    clock: time = time(3, 4, 5)
    span: timedelta = timedelta(days=1, microseconds=5)
    stage: Literal["lead", "won"] = "lead"
    level: Literal[1, 2] = 1
    color: Color = Color.RED
    maybe_color: Color | None = None
    other: Id[Thing] | None = None
    point: Point | None = None
    points: list[Point] = []
    words: set[str] = set()
    notes: dict[str, int] = {}
    either: int | str = 3
    anything: JsonValue = None
    low: int = 0
    high: int = 9
    high_shown: str = ""

    by_real = index("real")

    @model_validator(mode="after")
    def _in_order(self) -> Thing:
        if self.low > self.high:
            raise ValueError("low is above high")
        self.high_shown = f"up to {self.high}"
        return self

    @field_validator("text")
    @classmethod
    def _polite(cls, value: str) -> str:
        if value == "damn":
            raise ValueError("no swearing")
        return value


POINT = Point(x=1, when=datetime(2026, 1, 2, tzinfo=UTC))

body: Any = None


@mutation
async def run(ctx: MutationCtx) -> None:
    """Whatever the test says: it is a handler like any other."""
    await body(ctx)


BACKEND = backend_of(run, tables=[Thing])


async def inside(host: Host, what: Any) -> None:
    """Run a coroutine function as a mutation; what it raises is raised here."""
    global body
    caught: list[BaseException] = []

    async def kept(ctx: MutationCtx) -> None:
        try:
            await what(ctx)
        except BaseException as error:
            caught.append(error)
            raise

    body = kept
    answer = await host.call(FunctionKind.MUTATION, "app.run", {})
    if caught:
        raise caught[0]
    assert answer.failure is None


@on_loop
async def test_every_kind_of_field_comes_back_as_it_was() -> None:
    async def check(ctx: MutationCtx) -> None:
        id = await ctx.db.insert(
            Thing(
                point=POINT,
                points=[POINT, POINT],
                words={"b", "a"},
                notes={"k": 1},
                either="text",
                anything={"deep": [1, None, "x"]},
                maybe_color=Color.BLUE,
                at=datetime.fromisoformat("2026-01-02T05:04:05.000006+02:00"),
            )
        )
        await ctx.db.patch(id, other=id)
        found = await ctx.db.get_existing(id)
        assert found == await ctx.db.get(id) and type(found.id) is Id and type(found.other) is Id
        assert (
            found.model_dump() | {"other": None}
            == Thing(
                point=POINT,
                points=[POINT, POINT],
                words={"b", "a"},
                notes={"k": 1},
                either="text",
                anything={"deep": [1, None, "x"]},
                maybe_color=Color.BLUE,
            ).model_dump()
        )
        assert found.at.tzinfo is UTC and found.color is Color.RED and str(found.real) == "0.0"
        assert found.creation_time == ctx.now and isinstance(found.price, Decimal)

    async with running(BACKEND) as host:
        await inside(host, check)


@on_loop
async def test_an_inserted_document_knows_its_id() -> None:
    async def check(ctx: MutationCtx) -> None:
        thing = Thing()
        id = await ctx.db.insert(thing)
        assert (thing.id, thing.creation_time) == (id, ctx.now)
        with pytest.raises(ValueError, match=r"stored already, as things_\w{26}: use ctx\.db\.save\(\)"):
            await ctx.db.insert(thing)
        ids = [await ctx.db.insert(Thing()) for _ in range(100)]
        assert ids == sorted(ids) and [t.id for t in await ctx.db.query(Thing).all()] == [id, *ids]

    async with running(BACKEND) as host:
        await inside(host, check)


@on_loop
async def test_save_stores_what_was_assigned() -> None:
    async def check(ctx: MutationCtx) -> None:
        thing = await ctx.db.get_existing(await ctx.db.insert(Thing(notes={"a": 1})))
        thing.stage = "won"
        thing.notes["b"] = 2
        await ctx.db.save(thing)
        again = await ctx.db.get_existing(thing.id)
        assert (again.stage, again.notes) == ("won", {"a": 1, "b": 2})
        with pytest.raises(ValueError, match=r"not stored yet: use ctx\.db\.insert\(\)"):
            await ctx.db.save(Thing())
        await ctx.db.delete(thing.id)
        for call in (ctx.db.save(thing), ctx.db.patch(thing.id, stage="won"), ctx.db.delete(thing.id)):
            with pytest.raises(DocumentNotFound):
                await call
        assert await ctx.db.get(thing.id) is None

    async with running(BACKEND) as host:
        await inside(host, check)


@on_loop
async def test_what_a_table_cannot_hold_is_refused_with_its_place() -> None:
    async def check(ctx: MutationCtx) -> None:
        id = await ctx.db.insert(Thing())
        cases: list[tuple[dict[str, Any], str]] = [
            ({"stage": "typo"}, "stage"),
            ({"number": -1}, "number: Input should be greater than or equal to 0"),
            ({"text": "damn"}, "text: Value error, no swearing"),
            ({"text": "a\0"}, "text: contains a NUL character"),
            ({"number": 2**53}, "number: must be within"),
            ({"real": float("nan")}, "real: must be finite"),
            ({"at": datetime(2026, 1, 1)}, "at: a datetime without time zone"),
            ({"other": "users_01h455vb4pex5vsknk084sn02q"}, "other: an id of table 'users', not of 'things'"),
        ]
        for changes, problem in cases:
            with pytest.raises(ValueError, match="things cannot hold this document: ") as caught:
                await ctx.db.patch(id, **changes)
            assert problem in str(caught.value)
        with pytest.raises(ValueError, match="things has no field 'colour' to patch; its fields: text"):
            await ctx.db.patch(id, colour="x")
        thing = Thing()
        thing.points.append("no point")  # type: ignore[arg-type]
        with pytest.raises(ValueError, match=r"points\[0\]: expected a Point, got str 'no point'"):
            await ctx.db.insert(thing)
        thing = await ctx.db.get_existing(id)
        thing.text = "damn"
        with pytest.raises(ValueError, match="text: Value error, no swearing"):
            await ctx.db.save(thing)
        assert (await ctx.db.get_existing(id)).model_dump() == Thing().model_dump()

    async with running(BACKEND) as host:
        await inside(host, check)


@on_loop
async def test_validators_see_a_change_as_a_whole() -> None:
    async def check(ctx: MutationCtx) -> None:
        id = await ctx.db.insert(Thing())
        await ctx.db.patch(id, low=20, high=30)
        assert (await ctx.db.get_existing(id)).high_shown == "up to 30"
        with pytest.raises(ValueError, match="low is above high"):
            await ctx.db.patch(id, low=40)

    async with running(BACKEND) as host:
        await inside(host, check)


@on_loop
async def test_what_is_no_table_and_no_id_is_refused() -> None:
    class Stranger(Table, name="strangers"):
        name: str

    async def check(ctx: MutationCtx) -> None:
        with pytest.raises(TypeError, match="no table of this backend"):
            await ctx.db.insert(Stranger(name="x"))
        for wrong in ("x", 3, None, "strangers_01h455vb4pex5vsknk084sn02q"):
            with pytest.raises(TypeError, match="is no id of any table"):
                await ctx.db.get(wrong)  # type: ignore[arg-type]

    async with running(BACKEND) as host:
        await inside(host, check)
