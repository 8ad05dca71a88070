from schemagen import Id, MutationCtx, Table, mutation


class Company(Table, name="companies"):
    name: str


class Person(Table, name="people"):
    name: str


class Deal(Table, name="deals"):
    owner_id: Id[Person]


@mutation
async def clear(ctx: MutationCtx) -> None: ...
