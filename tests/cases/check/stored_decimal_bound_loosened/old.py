from decimal import Decimal
from typing import Annotated

from pydantic import Field

from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    amount: Annotated[Decimal, Field(ge=1)]


@mutation
async def clear(ctx: MutationCtx) -> None: ...
