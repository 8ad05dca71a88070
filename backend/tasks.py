"""Tasks: what agents have to do."""

from datetime import datetime, timedelta

from pydantic import BaseModel

from backend.activities import record
from backend.permissions import find, require, visible
from backend.schema import Agent, Contact, Deal, Name, Priority, Task, TaskCompleted, TaskStatus
from schemagen import FIRST, Id, MutationCtx, Page, PageRequest, QueryCtx, col, mutation, query

OVERDUE_MAX = 100


class TaskItem(BaseModel):
    """A task as a list shows it."""

    task: Task
    contact_name: str | None
    owner_name: str


@query
async def list_(ctx: QueryCtx, *, status: TaskStatus = "open", page: PageRequest = FIRST) -> Page[TaskItem]:
    """The tasks you may see by due time; those without one come first."""
    agent = await require(ctx, "tasks.view")
    tasks = (await visible(ctx, agent, Task)).where(Task.status == status)
    found = await tasks.order_by(Task.due_at).paginate(page)
    return Page(items=await _items(ctx, found.items), next_cursor=found.next_cursor)


@query
async def overdue(ctx: QueryCtx) -> list[TaskItem]:
    """The open tasks whose time has passed, the longest overdue first, at most 100.

    Watch it: it keeps up with the clock.
    """
    agent = await require(ctx, "tasks.view")
    late = (await visible(ctx, agent, Task)).where(
        Task.status == "open", col(Task.due_at) < ctx.tick(timedelta(minutes=1))
    )
    return await _items(ctx, await late.order_by(Task.due_at).take(OVERDUE_MAX))


@query
async def for_contact(ctx: QueryCtx, *, contact_id: Id[Contact], status: TaskStatus = "open") -> list[Task]:
    """The tasks about a contact you may see, the oldest first, at most 100."""
    agent = await require(ctx, "tasks.view")
    await find(ctx, agent, contact_id)
    return await ctx.db.query(Task).where(Task.contact_id == contact_id, Task.status == status).take(100)


@mutation
async def create(
    ctx: MutationCtx,
    *,
    title: Name,
    due_at: datetime | None = None,
    priority: Priority = Priority.NORMAL,
    repeat_every: timedelta | None = None,
    contact_id: Id[Contact] | None = None,
    deal_id: Id[Deal] | None = None,
) -> Id[Task]:
    """Make a task for yourself, about a contact or a deal if you like."""
    agent = await require(ctx, "tasks.edit")
    if contact_id is not None:
        await find(ctx, agent, contact_id)
    if deal_id is not None:
        await find(ctx, agent, deal_id)
    return await ctx.db.insert(
        Task(
            company_id=agent.company_id,
            owner_id=agent.id,
            team_id=agent.team_id,
            title=title,
            due_at=due_at,
            priority=priority,
            repeat_every=repeat_every,
            contact_id=contact_id,
            deal_id=deal_id,
        )
    )


@mutation
async def complete(ctx: MutationCtx, *, task_id: Id[Task]) -> Id[Task] | None:
    """A task is done. The id of the next one if it repeats; nothing happens if it was done before."""
    agent = await require(ctx, "tasks.edit")
    task = await find(ctx, agent, task_id)
    if task.status == "done":
        return None
    await ctx.db.patch(task_id, status="done", completed_at=ctx.now)
    if task.contact_id is not None:
        await record(ctx, task, task.contact_id, TaskCompleted(task_id=task_id, title=task.title), by=agent)
    return await _repeat(ctx, task)


@mutation
async def reopen(ctx: MutationCtx, *, task_id: Id[Task]) -> None:
    """A task was not done after all."""
    agent = await require(ctx, "tasks.edit")
    await find(ctx, agent, task_id)
    await ctx.db.patch(task_id, status="open", completed_at=None)


@mutation
async def reschedule(ctx: MutationCtx, *, task_id: Id[Task], due_at: datetime | None) -> None:
    """Say when a task is due; None takes its due time away."""
    agent = await require(ctx, "tasks.edit")
    await find(ctx, agent, task_id)
    await ctx.db.patch(task_id, due_at=due_at)


@mutation
async def assign(ctx: MutationCtx, *, task_id: Id[Task], agent_id: Id[Agent]) -> None:
    """Give a task to another agent."""
    agent = await require(ctx, "tasks.edit")
    await find(ctx, agent, task_id)
    taker = await find(ctx, agent, agent_id)
    await ctx.db.patch(task_id, owner_id=taker.id, team_id=taker.team_id)


@mutation
async def delete(ctx: MutationCtx, *, task_id: Id[Task]) -> None:
    """Delete a task."""
    agent = await require(ctx, "tasks.edit")
    await find(ctx, agent, task_id)
    await ctx.db.delete(task_id)


async def _repeat(ctx: MutationCtx, task: Task) -> Id[Task] | None:
    """The next task of a repeating one, due that much later than this one was, or later than now if it had no time."""
    if task.repeat_every is None:
        return None
    return await ctx.db.insert(
        Task(
            company_id=task.company_id,
            owner_id=task.owner_id,
            team_id=task.team_id,
            title=task.title,
            due_at=(task.due_at or ctx.now) + task.repeat_every,
            priority=task.priority,
            repeat_every=task.repeat_every,
            contact_id=task.contact_id,
            deal_id=task.deal_id,
        )
    )


async def _items(ctx: QueryCtx, tasks: list[Task]) -> list[TaskItem]:
    contacts = await ctx.db.get_many({task.contact_id for task in tasks if task.contact_id})
    owners = await ctx.db.get_many({task.owner_id for task in tasks})
    contact_names = {contact.id: contact.full_name for contact in contacts if contact}
    owner_names = {owner.id: owner.full_name for owner in owners if owner}
    return [
        TaskItem(
            task=task,
            contact_name=contact_names.get(task.contact_id) if task.contact_id else None,
            owner_name=owner_names[task.owner_id],
        )
        for task in tasks
    ]
