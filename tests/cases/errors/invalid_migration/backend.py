from schemagen import Changes, QueryCtx, Stored, Table, migration


class Named(Table):
    name: str


class Contact(Named, name="contacts"):
    age: int = 0


@migration(Named)
async def of_a_base(ctx: QueryCtx, stored: Stored) -> Changes:
    return None


@migration(Contact)
def at_once(ctx: QueryCtx, stored: Stored) -> Changes:
    return None


@migration(Contact)
async def of_a_document(contact: Contact) -> Changes:
    return None
