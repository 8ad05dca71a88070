from schemagen import Id, MutationCtx, QueryCtx, col, desc, mutation, query
from shop.schema import Company, Contact


@query
async def list_(ctx: QueryCtx, *, full_name: str) -> list[Contact]:
    found = ctx.db.query(Contact).where(Contact.full_name == full_name, col(Contact.full_name) > "a")
    return await found.order_by(desc(Contact.full_name)).all()


@query
async def names(ctx: QueryCtx, *, contact_id: Id[Contact]) -> list[str]:
    contact = await ctx.db.get(contact_id)
    if contact is None:
        return []
    company = await ctx.db.get_existing(contact.company_id)
    everybody = await ctx.db.query(Contact).scan().all()
    by_id = {each.id: each for each in everybody}
    return [
        contact.full_name, company.full_name,   # theirs stays
        *(each.full_name for each in everybody),
        by_id[contact_id].full_name,
        max(everybody, key=lambda each: each.full_name).full_name,
        f"{contact.full_name!r:>20} and {contact.greeting()}",
        getattr(contact, "full_name"),
    ]


@mutation
async def rename(ctx: MutationCtx, *, contact_id: Id[Contact], full_name: str) -> None:
    await ctx.db.patch(contact_id, full_name=full_name)
    contact = await ctx.db.get_existing(contact_id)
    contact.full_name = full_name
    contact.full_name += "!"
    await ctx.db.save(contact)
    await ctx.db.insert(
        Contact(
            company_id=contact.company_id,
            full_name=full_name,
        )
    )
    await ctx.db.insert(contact.model_copy(update={"full_name": full_name}))
    await ctx.db.insert(Company(full_name=full_name))
