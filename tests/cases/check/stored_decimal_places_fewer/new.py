from decimal import Decimal
from typing import Annotated

from pydantic import Field

from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    amount: Annotated[Decimal, Field(max_digits=9, decimal_places=2)]


@mutation
async def clear(ctx: MutationCtx) -> None: ...
