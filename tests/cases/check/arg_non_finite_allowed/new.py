from typing import Annotated

from pydantic import Field

from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, ratio: Annotated[float, Field(allow_inf_nan=True)]) -> None: ...
