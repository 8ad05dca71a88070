"""Tags: labels a company sorts its contacts by."""

from backend.errors import AlreadyExists, TooMany
from backend.permissions import find, require, require_agent
from backend.schema import Contact, ContactTag, Name, Tag, TagColor
from schemagen import Id, MutationCtx, QueryCtx, ReferencedDocument, UniqueConflict, mutation, query

TAGS_MAX = 200
TAGS_PER_CONTACT_MAX = 30


@query
async def list_(ctx: QueryCtx) -> list[Tag]:
    """Every tag of your company, by name."""
    agent = await require_agent(ctx)
    return await ctx.db.query(Tag).where(Tag.company_id == agent.company_id).order_by(Tag.name).take(TAGS_MAX)


@mutation(raises=[AlreadyExists, TooMany])
async def create(ctx: MutationCtx, *, name: Name, color: TagColor = "gray") -> Id[Tag]:
    """Make a tag."""
    agent = await require(ctx, "tags.manage")
    if await ctx.db.query(Tag).where(Tag.company_id == agent.company_id).count() >= TAGS_MAX:
        raise TooMany(limit=TAGS_MAX)
    try:
        return await ctx.db.insert(Tag(company_id=agent.company_id, name=name, color=color))
    except UniqueConflict:
        raise AlreadyExists(what="tag_name", value=name) from None


@mutation
async def set_color(ctx: MutationCtx, *, tag_id: Id[Tag], color: TagColor) -> None:
    """Paint a tag."""
    agent = await require(ctx, "tags.manage")
    await find(ctx, agent, tag_id)
    await ctx.db.patch(tag_id, color=color)


@mutation
async def delete(ctx: MutationCtx, *, tag_id: Id[Tag]) -> bool:
    """Take a tag off its contacts, up to 1000 at a time, and delete it. False if some still carry it: call again."""
    agent = await require(ctx, "tags.manage")
    await find(ctx, agent, tag_id)
    links = ctx.db.query(ContactTag).where(ContactTag.tag_id == tag_id)
    for link in await links.take(1000):
        await ctx.db.delete(link.id)
    try:
        await ctx.db.delete(tag_id)
    except ReferencedDocument:
        return False
    return True


@mutation(raises=[TooMany])
async def attach(ctx: MutationCtx, *, contact_id: Id[Contact], tag_id: Id[Tag]) -> None:
    """Put a tag on a contact; nothing happens if it is there."""
    agent = await require(ctx, "contacts.edit")
    await find(ctx, agent, contact_id)
    await find(ctx, agent, tag_id)
    if await _link(ctx, contact_id, tag_id) is not None:
        return
    if len(await of(ctx, contact_id)) >= TAGS_PER_CONTACT_MAX:
        raise TooMany(limit=TAGS_PER_CONTACT_MAX)
    await ctx.db.insert(ContactTag(company_id=agent.company_id, contact_id=contact_id, tag_id=tag_id))


@mutation
async def detach(ctx: MutationCtx, *, contact_id: Id[Contact], tag_id: Id[Tag]) -> None:
    """Take a tag off a contact; nothing happens if it is not there."""
    agent = await require(ctx, "contacts.edit")
    await find(ctx, agent, contact_id)
    await find(ctx, agent, tag_id)
    link = await _link(ctx, contact_id, tag_id)
    if link is not None:
        await ctx.db.delete(link.id)


async def of(ctx: QueryCtx, contact_id: Id[Contact]) -> list[Tag]:
    """The tags of a contact that the caller was found to see."""
    links = ctx.db.query(ContactTag).where(ContactTag.contact_id == contact_id)
    return [await ctx.db.get_existing(link.tag_id) for link in await links.take(TAGS_PER_CONTACT_MAX)]


async def _link(ctx: QueryCtx, contact_id: Id[Contact], tag_id: Id[Tag]) -> ContactTag | None:
    links = ctx.db.query(ContactTag)
    return await links.where(ContactTag.contact_id == contact_id, ContactTag.tag_id == tag_id).unique()
