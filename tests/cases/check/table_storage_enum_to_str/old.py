from enum import StrEnum

from schemagen import MutationCtx, Table, mutation


class Stage(StrEnum):
    LEAD = "lead"
    WON = "won"


class Contact(Table, name="contacts"):
    stage: Stage


@mutation
async def clear(ctx: MutationCtx) -> None: ...
