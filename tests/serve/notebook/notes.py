import asyncio
from typing import Annotated

from pydantic import BaseModel, Field

from schemagen import ActionCtx, Id, MutationCtx, QueryCtx, action, mutation, query

from .schema import Counter, Member, Note, TooManyNotes


class Slice(BaseModel):
    size: Annotated[int, Field(ge=1, le=100)] = 10


@query
async def list_(ctx: QueryCtx, *, company: str, slice: Slice | None = None) -> list[str]:
    size = slice.size if slice else 10
    return [note.text for note in await ctx.db.query(Note).where(Note.company == company).take(size)]


@query
async def every(ctx: QueryCtx, *, company: str) -> list[Note]:
    return await ctx.db.query(Note).where(Note.company == company).all()


@mutation
async def fill(ctx: MutationCtx, *, company: str, count: int, size: int = 20) -> list[Id[Note]]:
    """Many notes, each of `size` characters."""
    texts = [f"note {number}".ljust(size, ".") for number in range(count)]
    return [await ctx.db.insert(Note(company=company, text=text)) for text in texts]


@mutation
async def edit(ctx: MutationCtx, *, note: Id[Note], text: str) -> None:
    await ctx.db.patch(note, text=text)


@query
async def mine(ctx: QueryCtx) -> list[str] | None:
    """The notes of the caller's company; None for a caller without one."""
    identity = await ctx.auth.identity()
    if identity is None:
        return None
    member = await ctx.db.query(Member).where(Member.subject == identity.subject).first()
    if member is None:
        return None
    return [note.text for note in await ctx.db.query(Note).where(Note.company == member.company).all()]


@query
async def whoami(ctx: QueryCtx) -> str | None:
    identity = await ctx.auth.identity()
    return identity.subject if identity else None


@query
async def broken(ctx: QueryCtx, *, reason: str) -> int:
    raise RuntimeError(f"this is broken: {reason}")


@query
async def large(ctx: QueryCtx, *, size: int) -> str:
    """A result of `size` characters that starts with the number of ticks."""
    return str(await ticks(ctx)).ljust(size, ".")


@query(internal=True)
async def secret(ctx: QueryCtx) -> int:
    return 42


@mutation
async def join(ctx: MutationCtx, *, subject: str, company: str) -> None:
    member = await ctx.db.query(Member).where(Member.subject == subject).first()
    if member is None:
        await ctx.db.insert(Member(subject=subject, company=company))
    else:
        await ctx.db.patch(member.id, company=company)


@mutation(raises=[TooManyNotes])
async def add(ctx: MutationCtx, *, company: str, text: str) -> Id[Note]:
    if len(await ctx.db.query(Note).where(Note.company == company).take(5)) == 5:
        raise TooManyNotes(max_notes=5)
    return await ctx.db.insert(Note(company=company, text=text))


@mutation
async def retype(ctx: MutationCtx, *, company: str) -> None:
    """Another note with the text of the company's first one takes its place."""
    first = await ctx.db.query(Note).where(Note.company == company).first()
    if first is not None:
        await ctx.db.delete(first.id)
        await ctx.db.insert(Note(company=company, text=first.text))


@mutation
async def tick(ctx: MutationCtx) -> int:
    """Count one up; what it gives tells how often it ran."""
    counter = await ctx.db.query(Counter).where(Counter.name == "ticks").first()
    if counter is None:
        await ctx.db.insert(Counter(name="ticks", value=1))
        return 1
    await ctx.db.patch(counter.id, value=counter.value + 1)
    return counter.value + 1


@mutation
async def labour(ctx: MutationCtx, *, rounds: int) -> int:
    """A mutation that takes a while."""
    total = 0
    for number in range(rounds):
        total += number % 7
    await tick(ctx)
    return total


async def ticks(ctx: QueryCtx) -> int:
    counter = await ctx.db.query(Counter).where(Counter.name == "ticks").first()
    return counter.value if counter else 0


@query
async def count(ctx: QueryCtx) -> int:
    return await ticks(ctx)


@action
async def reveal(ctx: ActionCtx) -> int:
    return await ctx.run_query(secret)


@action
async def wait(ctx: ActionCtx, *, seconds: float) -> str:
    await asyncio.sleep(seconds)
    return "done"
