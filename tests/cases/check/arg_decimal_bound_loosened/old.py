from decimal import Decimal
from typing import Annotated

from pydantic import Field

from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, amount: Annotated[Decimal, Field(ge=1)]) -> None: ...
