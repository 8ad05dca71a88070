"""Attachments: small files kept with a contact."""

from typing import Annotated

from pydantic import Field

from backend.errors import QuotaExceeded, TooMany
from backend.permissions import find, require
from backend.quotas import spend
from backend.schema import ATTACHMENT_SIZE_MAX, Attachment, AttachmentContent, Contact, Name
from schemagen import Id, MutationCtx, QueryCtx, mutation, query

ATTACHMENTS_MAX = 50


@query
async def list_(ctx: QueryCtx, *, contact_id: Id[Contact]) -> list[Attachment]:
    """The files kept with a contact, without their content."""
    agent = await require(ctx, "contacts.view")
    await find(ctx, agent, contact_id)
    return await of(ctx, contact_id)


@query
async def content(ctx: QueryCtx, *, attachment_id: Id[Attachment]) -> bytes:
    """The bytes of a file."""
    agent = await require(ctx, "contacts.view")
    attachment = await find(ctx, agent, attachment_id)
    await find(ctx, agent, attachment.contact_id)
    return (await _content_of(ctx, attachment)).content


@mutation(raises=[QuotaExceeded, TooMany])
async def add(
    ctx: MutationCtx,
    *,
    contact_id: Id[Contact],
    file_name: Name,
    media_type: str = "application/octet-stream",
    content: Annotated[bytes, Field(max_length=ATTACHMENT_SIZE_MAX)],
) -> Id[Attachment]:
    """Keep a file with a contact."""
    agent = await require(ctx, "contacts.edit")
    await find(ctx, agent, contact_id)
    if len(await of(ctx, contact_id)) >= ATTACHMENTS_MAX:
        raise TooMany(limit=ATTACHMENTS_MAX)
    await spend(ctx, agent.company_id, attachment_bytes=len(content))
    attachment_id = await ctx.db.insert(
        Attachment(
            company_id=agent.company_id,
            contact_id=contact_id,
            added_by=agent.id,
            file_name=file_name,
            media_type=media_type,
            size=len(content),
        )
    )
    await ctx.db.insert(AttachmentContent(company_id=agent.company_id, attachment_id=attachment_id, content=content))
    return attachment_id


@mutation
async def delete(ctx: MutationCtx, *, attachment_id: Id[Attachment]) -> None:
    """Delete a file."""
    agent = await require(ctx, "contacts.edit")
    attachment = await find(ctx, agent, attachment_id)
    await find(ctx, agent, attachment.contact_id)
    await remove(ctx, attachment)


async def of(ctx: QueryCtx, contact_id: Id[Contact]) -> list[Attachment]:
    """The files of a contact that the caller was found to see."""
    return await ctx.db.query(Attachment).where(Attachment.contact_id == contact_id).take(ATTACHMENTS_MAX)


async def remove(ctx: MutationCtx, attachment: Attachment) -> None:
    """Delete a file that the caller was found to see, and give back its bytes."""
    await ctx.db.delete(attachment.id)  # and its content
    await spend(ctx, attachment.company_id, attachment_bytes=-attachment.size)


async def _content_of(ctx: QueryCtx, attachment: Attachment) -> AttachmentContent:
    contents = ctx.db.query(AttachmentContent).where(AttachmentContent.attachment_id == attachment.id)
    content = await contents.unique()
    assert content is not None, "add() writes one for every attachment"
    return content
