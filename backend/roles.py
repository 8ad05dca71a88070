"""Roles: what agents may do, and with whose records."""

from collections.abc import Mapping, Sequence

from backend.errors import AlreadyExists, Forbidden, InUse, ScopeTooWide, TooMany, Unchangeable
from backend.permissions import check_may_give, find, require, require_agent
from backend.schema import PERMISSIONS, Agent, Company, Name, Permission, Role, RoleKind, Scope
from schemagen import Id, MutationCtx, QueryCtx, ReferencedDocument, UniqueConflict, mutation, query

ROLES_MAX = 50

_LEAD: Sequence[Permission] = (
    "invitations.manage",
    "tags.manage",
    "contacts.view",
    "contacts.create",
    "contacts.edit",
    "contacts.delete",
    "contacts.assign",
    "contacts.import",
    "contacts.export",
    "deals.view",
    "deals.create",
    "deals.edit",
    "deals.delete",
    "tasks.view",
    "tasks.edit",
    "notes.view",
    "notes.edit",
    "activities.view",
)
_AGENT: Sequence[Permission] = (
    "contacts.view",
    "contacts.create",
    "contacts.edit",
    "deals.view",
    "deals.create",
    "deals.edit",
    "tasks.view",
    "tasks.edit",
    "notes.view",
    "notes.edit",
    "activities.view",
)
_VIEWER: Sequence[Permission] = ("contacts.view", "deals.view", "tasks.view", "notes.view", "activities.view")

STANDARD: Mapping[RoleKind, tuple[str, Scope, Sequence[Permission]]] = {
    "owner": ("Owner", "company", PERMISSIONS),
    "lead": ("Team lead", "team", _LEAD),
    "agent": ("Agent", "own", _AGENT),
    "viewer": ("Viewer", "company", _VIEWER),
}
"""The roles every company starts with: name, scope and permissions."""


@query
async def list_(ctx: QueryCtx) -> list[Role]:
    """Every role of your company, by name."""
    agent = await require_agent(ctx)
    return await ctx.db.query(Role).where(Role.company_id == agent.company_id).order_by(Role.name).take(ROLES_MAX)


@mutation(raises=[AlreadyExists, Forbidden, ScopeTooWide, TooMany])
async def create(ctx: MutationCtx, *, name: Name, scope: Scope, permissions: list[Permission]) -> Id[Role]:
    """Make a role of your own."""
    agent = await require(ctx, "roles.manage")
    if await ctx.db.query(Role).where(Role.company_id == agent.company_id).count() >= ROLES_MAX:
        raise TooMany(limit=ROLES_MAX)
    role = Role(company_id=agent.company_id, name=name, scope=scope, permissions=_in_order(permissions))
    await check_may_give(ctx, agent, role)
    try:
        return await ctx.db.insert(role)
    except UniqueConflict:
        raise AlreadyExists(what="role_name", value=name) from None


@mutation(raises=[Forbidden, ScopeTooWide, Unchangeable])
async def set_permissions(ctx: MutationCtx, *, role_id: Id[Role], scope: Scope, permissions: list[Permission]) -> None:
    """Change what a role allows. Whoever has it sees the difference at once. The owner's role stays as it is."""
    agent = await require(ctx, "roles.manage")
    role = await find(ctx, agent, role_id)
    if role.kind == "owner":
        raise Unchangeable()
    role.scope = scope
    role.permissions = _in_order(permissions)
    await check_may_give(ctx, agent, role)
    await ctx.db.save(role)


@mutation(raises=[InUse, Unchangeable])
async def delete(ctx: MutationCtx, *, role_id: Id[Role]) -> None:
    """Delete a role that nobody has and no invitation gives."""
    agent = await require(ctx, "roles.manage")
    role = await find(ctx, agent, role_id)
    if role.kind != "custom":
        raise Unchangeable()
    if await ctx.db.query(Agent).where(Agent.company_id == agent.company_id, Agent.role_id == role_id).exists():
        raise InUse(used_by="agents")
    try:
        await ctx.db.delete(role_id)
    except ReferencedDocument:
        raise InUse(used_by="invitations") from None


async def insert_standard(ctx: MutationCtx, company_id: Id[Company]) -> dict[RoleKind, Id[Role]]:
    """Store the roles a new company starts with."""
    return {
        kind: await ctx.db.insert(
            Role(company_id=company_id, name=name, kind=kind, scope=scope, permissions=list(permissions))
        )
        for kind, (name, scope, permissions) in STANDARD.items()
    }


def _in_order(permissions: Sequence[Permission]) -> list[Permission]:
    """Each once, in the order of `Permission`: equal roles look equal."""
    return [permission for permission in PERMISSIONS if permission in permissions]
