from schemagen import AppError, Id, MutationCtx, Table, mutation


class Company(Table, name="companies"):
    name: str


class Person(Table, name="people"):
    name: str


class Taken(AppError):
    by: Id[Person]


@mutation(raises=[Taken])
async def save(ctx: MutationCtx) -> None: ...
