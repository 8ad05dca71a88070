from schemagen import MutationCtx, Table, mutation


class Company(Table, name="companies"):
    name: str


class Person(Table, name="people"):
    name: str


class Deal(Table, name="deals"):
    owner_id: str


@mutation
async def clear(ctx: MutationCtx) -> None: ...
