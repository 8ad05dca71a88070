from typing import Annotated

from schemagen import Id, MutationCtx, Table, index, mutation, ref, renamed_from


class Company(Table, name="companies"):
    name: str


class Contact(Table, name="contacts"):
    firm_id: Annotated[Id[Company], renamed_from("company_id")] = ref(on_delete="cascade")

    by_company = index("firm_id")


@mutation
async def clear(ctx: MutationCtx) -> None: ...
