"""Notes: what agents want remembered about a contact."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from backend.activities import record
from backend.errors import Forbidden, TooMany
from backend.permissions import find, require, scope_of
from backend.schema import Agent, Contact, Note, NoteAdded
from schemagen import DocumentNotFound, Id, MutationCtx, QueryCtx, mutation, query

NOTES_MAX = 500

NoteText = Annotated[str, Field(min_length=1, max_length=10_000)]


class NoteThread(BaseModel):
    """A note, who wrote it, and the answers to it."""

    note: Note
    author_name: str
    replies: list[NoteThread]


@query
async def list_(ctx: QueryCtx, *, contact_id: Id[Contact]) -> list[NoteThread]:
    """What is noted about a contact: pinned notes first, then in the order they were written."""
    agent = await require(ctx, "notes.view")
    await find(ctx, agent, contact_id)
    notes = await _of(ctx, contact_id)
    names = {author_id: await _name(ctx, author_id) for author_id in {note.author_id for note in notes}}
    threads = {note.id: NoteThread(note=note, author_name=names[note.author_id], replies=[]) for note in notes}
    roots: list[NoteThread] = []
    for thread in threads.values():
        parent = threads.get(thread.note.reply_to) if thread.note.reply_to else None
        (parent.replies if parent else roots).append(thread)
    return sorted(roots, key=lambda thread: not thread.note.pinned)


@mutation(raises=[TooMany])
async def create(
    ctx: MutationCtx, *, contact_id: Id[Contact], text: NoteText, reply_to: Id[Note] | None = None
) -> Id[Note]:
    """Write a note about a contact, or an answer to one of its notes."""
    agent = await require(ctx, "notes.edit")
    contact = await find(ctx, agent, contact_id)
    if reply_to is not None and (await find(ctx, agent, reply_to)).contact_id != contact_id:
        raise DocumentNotFound(id=reply_to)
    if len(await _of(ctx, contact_id)) >= NOTES_MAX:
        raise TooMany(limit=NOTES_MAX)
    note = Note(company_id=agent.company_id, contact_id=contact_id, author_id=agent.id, text=text, reply_to=reply_to)
    note_id = await ctx.db.insert(note)
    await record(ctx, contact, contact_id, NoteAdded(note_id=note_id, excerpt=text[:80]), by=agent)
    return note_id


@mutation(raises=[Forbidden])
async def edit(ctx: MutationCtx, *, note_id: Id[Note], text: NoteText) -> None:
    """Rewrite a note of yours."""
    agent = await require(ctx, "notes.edit")
    note = await _find_note(ctx, agent, note_id)
    if note.author_id != agent.id:
        raise Forbidden(permission="notes.edit")
    await ctx.db.patch(note_id, text=text)


@mutation
async def pin(ctx: MutationCtx, *, note_id: Id[Note], pinned: bool) -> None:
    """Keep a note on top, or let it go down again."""
    agent = await require(ctx, "notes.edit")
    await _find_note(ctx, agent, note_id)
    await ctx.db.patch(note_id, pinned=pinned)


@mutation(raises=[Forbidden])
async def delete(ctx: MutationCtx, *, note_id: Id[Note]) -> None:
    """Delete a note of yours, or any if your role reaches further than your own. Answers to it stay."""
    agent = await require(ctx, "notes.edit")
    note = await _find_note(ctx, agent, note_id)
    if note.author_id != agent.id and await scope_of(ctx, agent) == "own":
        raise Forbidden(permission="notes.edit")
    await ctx.db.delete(note_id)


async def _find_note(ctx: QueryCtx, agent: Agent, note_id: Id[Note]) -> Note:
    note = await find(ctx, agent, note_id)
    await find(ctx, agent, note.contact_id)
    return note


async def _of(ctx: QueryCtx, contact_id: Id[Contact]) -> list[Note]:
    return await ctx.db.query(Note).where(Note.contact_id == contact_id).take(NOTES_MAX)


async def _name(ctx: QueryCtx, agent_id: Id[Agent]) -> str:
    return (await ctx.db.get_existing(agent_id)).full_name
