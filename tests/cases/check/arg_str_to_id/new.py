from schemagen import Id, MutationCtx, Table, mutation


class Company(Table, name="companies"):
    name: str


class Person(Table, name="people"):
    name: str


@mutation
async def save(ctx: MutationCtx, *, owner_id: Id[Company]) -> None: ...
