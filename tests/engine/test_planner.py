"""Which index serves which select, and the words for those that none serves."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal, cast

import pytest

from schemagen import Id, Select, Table, UnindexedQuery, col, desc, index
from schemagen.declare.select import SelectRunner
from schemagen.engine.catalog import Catalog, CatalogTable
from schemagen.engine.planner import Plan, Planner
from schemagen.store.sqlite import SqliteStore
from schemagen.wire.codec import Codec
from tests.engine.backend import backend_of


class Owner(Table, name="owners"):
    name: str


class Deal(Table, name="deals"):
    owner_id: Id[Owner]
    stage: Literal["open", "won"]
    title: str
    value: int | None = None
    price: Decimal = Decimal(0)
    tags: list[str] = []

    by_owner = index("owner_id")
    by_owner_stage_value = index("owner_id", "stage", "value")
    by_owner_title = index("owner_id", "title")
    by_value = index("value")


BACKEND = backend_of(tables=[Owner, Deal])
OWNER = cast(Id[Owner], "owners_01h455vb4pex5vsknk084sn02q")


def catalog_table() -> CatalogTable:
    codec = Codec(BACKEND.contract.types_by_name)
    store = SqliteStore.open(None, BACKEND.contract, codec, lambda *_: None, "")
    found = Catalog(BACKEND.tables, store.tables, codec, BACKEND.contract.types_by_name).by_type[Deal]
    store.close()
    return found


TABLE = catalog_table()
DEALS: Select[Deal] = Select(Deal, cast(SelectRunner, None))


def plan_of(select: Select[Deal]) -> Plan:
    return Planner().span(TABLE, select).plan


def check_served(select: Select[Deal], by: str, fixed: int) -> None:
    plan = plan_of(select)
    assert (plan.index.stored.name, len(plan.equal)) == (by, fixed) and not plan.in_memory


def check_refused(select: Select[Deal], text: str) -> None:
    with pytest.raises(UnindexedQuery) as caught:
        plan_of(select)
    assert str(caught.value) == text.strip("\n")


def check_wrong(select: Select[Deal], text: str) -> None:
    with pytest.raises(TypeError) as caught:
        plan_of(select)
    assert str(caught.value) == text


def test_the_index_with_the_least_left_over_serves() -> None:
    check_served(DEALS, "by_creation_time", 0)
    check_served(DEALS.where(Deal.owner_id == OWNER), "by_owner", 1)
    check_served(DEALS.where(Deal.owner_id == OWNER).order_by(Deal.creation_time), "by_owner", 1)
    check_served(DEALS.where(Deal.owner_id == OWNER).order_by(desc(Deal.title)), "by_owner_title", 1)
    check_served(DEALS.where(Deal.stage == "won", Deal.owner_id == OWNER), "by_owner_stage_value", 2)
    check_served(DEALS.where(Deal.owner_id == OWNER).order_by(Deal.stage), "by_owner_stage_value", 1)
    check_served(DEALS.where(Deal.owner_id == OWNER, Deal.title >= "a", Deal.title < "b"), "by_owner_title", 1)
    check_served(DEALS.where(Deal.value == None), "by_value", 1)  # noqa: E711  # a condition, not a comparison
    check_served(DEALS.where(col(Deal.value) > 3).order_by(Deal.value), "by_value", 0)
    check_served(DEALS.where(Deal.creation_time > datetime(2026, 1, 1, tzinfo=UTC)), "by_creation_time", 0)
    check_served(DEALS.where(Deal.id == cast(Any, "deals_01h455vb4pex5vsknk084sn02q")), "by_id", 1)
    check_served(DEALS.order_by(Deal.id), "by_id", 0)


def test_a_field_that_is_fixed_orders_nothing() -> None:
    select = DEALS.where(Deal.owner_id == OWNER, Deal.stage == "won")
    check_served(select.order_by(Deal.stage, Deal.value), "by_owner_stage_value", 2)
    check_served(select.order_by(Deal.value, Deal.owner_id), "by_owner_stage_value", 2)


def test_a_missing_index_is_printed_as_the_line_to_add() -> None:
    check_refused(
        DEALS.where(Deal.stage == "won", col(Deal.value) > 3).order_by(Deal.value, Deal.title),
        """
no index serves ctx.db.query(Deal).where(Deal.stage == ...).where(Deal.value > ...).order_by(Deal.value, Deal.title)
  fix: add this line to class Deal, in its schema:
         by_stage_value_title = index("stage", "value", "title")
       or end the select with .scan() if reading the whole table is meant
""",
    )
    check_refused(
        DEALS.where(Deal.title == "x").order_by(desc(Deal.creation_time)),
        """
no index serves ctx.db.query(Deal).where(Deal.title == ...).order_by(desc(Deal.creation_time))
  fix: add this line to class Deal, in its schema:
         by_title = index("title")
       or end the select with .scan() if reading the whole table is meant
""",
    )


def test_what_no_index_could_serve_says_why() -> None:
    advice = """
  fix: narrow by other conditions and choose in Python,
       or end the select with .scan() if reading the whole table is meant"""
    check_refused(
        DEALS.where(Deal.owner_id == OWNER, Deal.stage != "won"),
        """
no index serves ctx.db.query(Deal).where(Deal.owner_id == ...).where(Deal.stage != ...)
  why: Deal.stage != ...: an index finds what is equal, less or more, not what is different"""
        + advice,
    )
    check_refused(
        DEALS.where(col(Deal.value) > 3, Deal.title < "x"),
        """
no index serves ctx.db.query(Deal).where(Deal.value > ...).where(Deal.title < ...)
  why: an index serves one range after its equalities, here are several: value, title"""
        + advice,
    )
    check_refused(
        DEALS.where(col(Deal.value) > 3).order_by(Deal.title),
        """
no index serves ctx.db.query(Deal).where(Deal.value > ...).order_by(Deal.title)
  why: rows within a range of value come ordered by value, not by title"""
        + advice,
    )
    check_refused(
        DEALS.where(Deal.price == Decimal(3)),
        """
no index serves ctx.db.query(Deal).where(Deal.price == ...)
  why: Deal.price == ...: values stored as decimal have no order an index could keep"""
        + advice,
    )


def test_a_scan_takes_what_no_index_serves() -> None:
    plan = plan_of(DEALS.where(Deal.owner_id == OWNER, Deal.stage != "won").order_by(Deal.value, Deal.title).scan())
    assert plan.in_memory and len(plan.equal) == 1
    assert [key.field for key in plan.order or ()] == ["value", "title", "creation_time", "id"]
    served = plan_of(DEALS.where(Deal.owner_id == OWNER).scan())
    assert served.index.stored.name == "by_owner" and not served.in_memory


def test_conditions_that_can_never_hold_are_mistakes() -> None:
    deal_id = cast(Any, "deals_01h455vb4pex5vsknk084sn02q")
    check_wrong(
        DEALS.where(Deal.owner_id == deal_id),
        "where(Deal.owner_id == 'deals_01h455vb4pex5vsknk084sn02q') can never hold: "
        "an id of table 'deals', not of 'owners'",
    )
    check_wrong(
        DEALS.where(Deal.owner_id == OWNER, Deal.stage == cast(Any, "lost")),
        "where(Deal.stage == 'lost') can never hold: expected one of 'open', 'won', got str 'lost'",
    )
    check_wrong(
        DEALS.where(Deal.owner_id == OWNER, Deal.title == cast(Any, 3)),
        "where(Deal.title == 3) can never hold: expected a str, got int 3",
    )
    check_wrong(
        DEALS.where(col(Deal.value) > cast(Any, None)),
        "where(Deal.value > None): None is neither less nor more than anything; use == or !=",
    )


def test_order_of_what_has_none_is_a_mistake_even_in_a_scan() -> None:
    check_wrong(DEALS.order_by(Deal.tags).scan(), "order_by(Deal.tags): values stored as json have no order")
    check_wrong(
        DEALS.where(Deal.tags > cast(Any, ["a"])).scan(), "where(Deal.tags > ...): values stored as json have no order"
    )
