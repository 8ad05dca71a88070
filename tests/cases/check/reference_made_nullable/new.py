from schemagen import Id, MutationCtx, Table, index, mutation, ref


class Company(Table, name="companies"):
    name: str


class Contact(Table, name="contacts"):
    company_id: Id[Company] | None = ref(on_delete="cascade", default=None)

    by_company = index("company_id")


@mutation
async def clear(ctx: MutationCtx) -> None: ...
