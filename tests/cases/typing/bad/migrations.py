from schemagen import Changes, MutationCtx, QueryCtx, Stored, Table, migration, query


class Contact(Table, name="contacts"):
    name: str


@query(renamed_from=5)  # mypy: call-overload | pyright: reportArgumentType
async def list_(ctx: QueryCtx) -> list[Contact]:
    return []


@migration("contacts")  # mypy: arg-type | pyright: reportArgumentType
async def by_name(ctx: QueryCtx, stored: Stored) -> Changes:
    return None


@migration(Contact)  # mypy: arg-type | pyright: reportArgumentType
async def returns_text(ctx: QueryCtx, stored: Stored) -> str:
    return ""


@migration(Contact)  # mypy: arg-type | pyright: reportArgumentType
async def may_write(ctx: MutationCtx, stored: Stored) -> Changes:
    return None


@migration(Contact)  # mypy: arg-type | pyright: reportArgumentType
def not_async(ctx: QueryCtx, stored: Stored) -> Changes:
    return None
