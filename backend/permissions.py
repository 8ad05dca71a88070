"""Who is calling, and what they may see and do: the first lines of every function.

    agent = await require(ctx, "contacts.view")        may they do this at all? (their role's permissions)
    contacts = await visible(ctx, agent, Contact)      of everything, what they may see (their role's scope)
    contact = await find(ctx, agent, contact_id)       this one, if they may see it

All three read the rows that decide, the agent's and the role's. A live query has read them too, so it runs again when
somebody changes the agent's role, and only then.
"""

from typing import TypeVar, assert_never

from backend.errors import Forbidden, NoCompany, NotSignedIn, ScopeTooWide
from backend.schema import SCOPES, Agent, Company, InCompany, Owned, Permission, Role, Scope, User
from schemagen import DocumentNotFound, Id, QueryCtx, Select

D = TypeVar("D", bound=InCompany)
O = TypeVar("O", bound=Owned)  # noqa: E741  # O for owned


async def require(ctx: QueryCtx, permission: Permission) -> Agent:
    """The calling agent, if their role allows it. Raises `Forbidden`, `NoCompany`, `NotSignedIn`."""
    agent = await require_agent(ctx)
    role = await ctx.db.get_existing(agent.role_id)
    if permission not in role.permissions:
        raise Forbidden(permission=permission)
    return agent


async def require_agent(ctx: QueryCtx) -> Agent:
    """The calling agent in the company they are looking at. Raises `NoCompany`, `NotSignedIn`."""
    user = await require_user(ctx)
    if user.company_id is None:
        raise NoCompany()
    agent = await agent_of(ctx, user.id, user.company_id)
    if agent is None or not agent.active:
        raise NoCompany()
    return agent


async def require_user(ctx: QueryCtx) -> User:
    """The calling user, who may not work for anybody yet. Raises `NotSignedIn`."""
    identity = await ctx.auth.identity()
    if identity is None:
        raise NotSignedIn()
    user = await ctx.db.query(User).where(User.subject == identity.subject).unique()
    if user is None:
        raise NotSignedIn()
    return user


async def agent_of(ctx: QueryCtx, user_id: Id[User], company_id: Id[Company]) -> Agent | None:
    """The agent that a user is in a company, also one who left."""
    return await ctx.db.query(Agent).where(Agent.user_id == user_id, Agent.company_id == company_id).unique()


async def visible(ctx: QueryCtx, agent: Agent, table: type[O]) -> Select[O]:
    """All documents of a table that the agent may see, to be narrowed further."""
    documents = ctx.db.query(table).where(Owned.company_id == agent.company_id)
    scope = await scope_of(ctx, agent)
    match scope:
        case "company":
            return documents
        case "team":
            return documents.where(Owned.team_id == agent.team_id)
        case "own":
            return documents.where(Owned.owner_id == agent.id)
        case _:
            assert_never(scope)


async def find(ctx: QueryCtx, agent: Agent, document_id: Id[D]) -> D:
    """The document, if the agent may see it. Raises `DocumentNotFound` for one they may not, as if it did not exist."""
    document = await ctx.db.get(document_id)
    if document is None or document.company_id != agent.company_id:
        raise DocumentNotFound(id=document_id)
    if isinstance(document, Owned) and not await may_see(ctx, agent, document):
        raise DocumentNotFound(id=document_id)
    return document


async def may_see(ctx: QueryCtx, agent: Agent, document: Owned) -> bool:
    """Whether `visible` would hold this document of the agent's own company."""
    scope = await scope_of(ctx, agent)
    match scope:
        case "company":
            return True
        case "team":
            return document.team_id == agent.team_id
        case "own":
            return document.owner_id == agent.id
        case _:
            assert_never(scope)


async def scope_of(ctx: QueryCtx, agent: Agent) -> Scope:
    """Whose records the agent reaches; without a team, a role that reaches the team's reaches one's own."""
    role = await ctx.db.get_existing(agent.role_id)
    return "own" if role.scope == "team" and agent.team_id is None else role.scope


async def check_may_give(ctx: QueryCtx, agent: Agent, role: Role) -> None:
    """Nobody gives away more than they have. Raises `Forbidden` for the first missing permission, or `ScopeTooWide`."""
    own = await ctx.db.get_existing(agent.role_id)
    for permission in role.permissions:
        if permission not in own.permissions:
            raise Forbidden(permission=permission)
    if SCOPES.index(role.scope) > SCOPES.index(own.scope):
        raise ScopeTooWide(scope=role.scope, own_scope=own.scope)
