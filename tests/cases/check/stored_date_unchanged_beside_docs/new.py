from datetime import date
from typing import Annotated

from pydantic import Field

from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    due_on: Annotated[date, Field(description="When.")]


@mutation
async def clear(ctx: MutationCtx) -> None: ...
