from schemagen import MutationCtx, Table, mutation


class Contact(Table, name="contacts"):
    """A person."""

    name: str
    """What we call them."""


@mutation
async def clear(ctx: MutationCtx) -> None: ...
