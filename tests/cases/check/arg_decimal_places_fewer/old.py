from decimal import Decimal
from typing import Annotated

from pydantic import Field

from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, amount: Annotated[Decimal, Field(max_digits=9, decimal_places=4)]) -> None: ...
