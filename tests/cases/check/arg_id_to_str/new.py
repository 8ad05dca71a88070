from schemagen import MutationCtx, Table, mutation


class Company(Table, name="companies"):
    name: str


class Person(Table, name="people"):
    name: str


@mutation
async def save(ctx: MutationCtx, *, owner_id: str) -> None: ...
