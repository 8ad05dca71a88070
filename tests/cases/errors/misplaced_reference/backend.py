from typing import Annotated

from pydantic import BaseModel

from schemagen import Id, QueryCtx, Table, query, ref


class Company(Table, name="companies"):
    name: str = ref(on_delete="restrict")


class Line(BaseModel):
    company_id: Id[Company] = ref(on_delete="cascade")


class Order(Table, name="orders"):
    companies: list[Id[Company]] = ref(on_delete="cascade")
    partners: list[Annotated[Id[Company], ref(on_delete="cascade")]] = []
    lines: list[Line] = []


@query
async def find(ctx: QueryCtx, *, company_id: Annotated[Id[Company], ref(on_delete="cascade")]) -> None: ...
