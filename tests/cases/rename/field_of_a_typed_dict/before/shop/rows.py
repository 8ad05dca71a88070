from typing import Any

from typing_extensions import TypedDict

from schemagen import QueryCtx, query


class Row(TypedDict):
    label: str
    count: int


@query
async def rows(ctx: QueryCtx, *, given: Row, other: dict[str, Any]) -> list[Row]:
    first: Row = {"label": given["label"], "count": 1}
    first["label"] = other["label"]
    second = Row(label="x", count=2)
    return [first, second, {"label": show(given), "count": 3}]


def show(row: Row) -> str:
    return row["label"] + row.get("label", "")
