"""Sample data: companies with everything in them, the same at every run. `schemagen run sample.fill`."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from pydantic import BaseModel

from backend import agents, contacts, deals, pipelines
from backend.companies import found
from backend.schema import (
    STAGES,
    Address,
    Agent,
    Company,
    Contact,
    ContactTag,
    Deal,
    DealStatus,
    Note,
    Pipeline,
    Plan,
    Priority,
    Role,
    RoleKind,
    Tag,
    Task,
    Team,
    User,
)
from schemagen import ActionCtx, Id, MutationCtx, QueryCtx, action, mutation, query

BATCH = 100

COMPANIES = ("Acme", "Globex", "Initech", "Umbrella", "Hooli", "Vandelay", "Stark", "Wayne", "Tyrell", "Cyberdyne")
FIRST_NAMES = (
    *("Ada", "Alan", "Barbara", "Blaise", "Charles", "Claude", "Dorothy", "Edsger", "Emmy", "Frances"),
    *("Grace", "Hedy", "Ida", "Joan", "John", "Karen", "Katherine", "Leslie", "Margaret", "Niklaus"),
)
LAST_NAMES = (
    *("Allen", "Bauer", "Costa", "Dijkstra", "Eriksson", "Fischer", "García", "Hopper", "Ivanova", "Jensen"),
    *("Kowalska", "Lovelace", "Moreau", "Novak", "O’Brien", "Pereira", "Rossi", "Santos", "Turing", "Vaughan"),
)
CITIES = (("Lisbon", "PT"), ("Berlin", "DE"), ("Paris", "FR"), ("Vienna", "AT"), ("Dublin", "IE"))
GOODS = ("Onboarding", "Licenses", "Support", "Training", "Migration")
TO_DOS = ("Call back", "Send the offer", "Prepare the demo", "Ask for a reference")
TAGS = ("VIP", "Newsletter", "Partner")

STAFF: tuple[tuple[str, RoleKind, int | None], ...] = (
    ("lead-north", "lead", 0),
    ("agent-north", "agent", 0),
    ("lead-south", "lead", 1),
    ("agent-south", "agent", 1),
    ("viewer", "viewer", None),
)
"""Who works in each company besides its owner: their name before the @, their role, and the number of their team."""

TEAMS = ("North", "South")


class SampleReport(BaseModel):
    """What was stored, and a subject to sign in as: the first company's owner."""

    companies: int
    contacts: int
    sign_in_as: str


@action(internal=True)
async def fill(
    ctx: ActionCtx,
    *,
    seed: int = 1,
    companies: int = 2,
    contacts_per_company: int = 200,
    today: date | None = None,
) -> SampleReport:
    """Store sample companies, each with two teams, six agents, contacts, deals and tasks. Nothing if there is data.

    Equal arguments give equal data, ids and creation times aside; due dates count from `today`, by default the real
    one. Everybody's subject is `<name>@<company>.example`, such as `owner@acme.example` or `agent-north@acme.example`.
    """
    report = SampleReport(companies=0, contacts=0, sign_in_as=f"owner@{_slug(0)}.example")
    if not await ctx.run_query(is_empty):
        return report
    for number in range(companies):
        company_id = await ctx.run_mutation(add_company, number=number)
        for first in range(0, contacts_per_company, BATCH):
            count = min(BATCH, contacts_per_company - first)
            await ctx.run_mutation(
                add_contacts, company_id=company_id, seed=seed, first=first, count=count, today=today or ctx.now.date()
            )
            report.contacts += count
        report.companies += 1
    return report


@query(internal=True)
async def is_empty(ctx: QueryCtx) -> bool:
    """Whether no company is stored."""
    return not await ctx.db.query(Company).scan().exists()


@mutation(internal=True)
async def add_company(ctx: MutationCtx, *, number: int) -> Id[Company]:
    """Store a company with its teams, agents and tags."""
    slug = _slug(number)
    owner = await _add_user(ctx, f"owner@{slug}.example", number)
    company = Company(name=f"{COMPANIES[number % len(COMPANIES)]} Ltd", slug=slug, plan=Plan.BUSINESS)
    company_id = await found(ctx, company, owner=owner)
    team_ids = [await ctx.db.insert(Team(company_id=company_id, name=name)) for name in TEAMS]
    for place, (name, kind, team) in enumerate(STAFF, start=1):
        user = await _add_user(ctx, f"{name}@{slug}.example", number * len(STAFF) + place)
        role_id = await _role(ctx, company_id, kind)
        team_id = None if team is None else team_ids[team]
        await agents.join(ctx, user, company_id=company_id, role_id=role_id, team_id=team_id)
    for name in TAGS:
        await ctx.db.insert(Tag(company_id=company_id, name=name, color="blue"))
    return company_id


@mutation(internal=True)
async def add_contacts(
    ctx: MutationCtx, *, company_id: Id[Company], seed: int, first: int, count: int, today: date
) -> None:
    """Store the contacts number `first` to `first + count - 1` of a company, with what belongs to them."""
    owners = await _owners(ctx, company_id)
    company = await ctx.db.get_existing(company_id)
    pipeline = await ctx.db.query(Pipeline).where(Pipeline.company_id == company_id).first()
    assert pipeline is not None
    for number in range(first, first + count):
        random = Random(f"{seed}/{company.slug}/{number}")
        owner = random.choice(owners)
        contact = await _add_contact(ctx, random, owner, company.slug, number)
        if number % 3 == 0:
            await _add_deal(ctx, random, contact, pipeline, today)
        if number % 2 == 0:
            await _add_task(ctx, random, contact, today)
        if number % 5 == 0:
            await _add_tag_and_note(ctx, random, contact)


async def _add_user(ctx: MutationCtx, subject: str, number: int) -> User:
    full_name = f"{FIRST_NAMES[number % len(FIRST_NAMES)]} {LAST_NAMES[number * 7 % len(LAST_NAMES)]}"
    user = User(subject=subject, full_name=full_name, email=subject)
    await ctx.db.insert(user)
    return user


async def _add_contact(ctx: MutationCtx, random: Random, owner: Agent, slug: str, number: int) -> Contact:
    first_name, last_name = random.choice(FIRST_NAMES), random.choice(LAST_NAMES)
    city, country = random.choice(CITIES)
    contact = Contact(
        company_id=owner.company_id,
        owner_id=owner.id,
        team_id=owner.team_id,
        full_name=f"{first_name} {last_name}",
        stage=random.choice(STAGES),
        channel=random.choice(("web", "phone", "referral", "event")),
        job_title=random.choice(("Buyer", "Engineer", "Founder", None)),
        birthday=date(1960, 1, 1) + timedelta(days=random.randrange(15_000)),
        address=Address(street=f"Main Street {number + 1}", city=city, postal_code="1000", country=country),
        languages=random.sample(("en", "pt", "de", "fr"), 2),
    )
    await contacts.add(
        ctx,
        contact,
        email=f"{first_name}.{number}@{slug}-customers.example",
        phone=f"+351{210_000_000 + number}",
        by=owner,
    )
    return contact


async def _add_deal(ctx: MutationCtx, random: Random, contact: Contact, pipeline: Pipeline, today: date) -> None:
    stage = random.choice(await pipelines.stages_of(ctx, pipeline.id))
    closed_on = today - timedelta(days=random.randrange(150))
    await deals.insert(
        ctx,
        Deal(
            company_id=contact.company_id,
            owner_id=contact.owner_id,
            team_id=contact.team_id,
            contact_id=contact.id,
            pipeline_id=pipeline.id,
            stage_id=stage.id,
            title=random.choice(GOODS),
            amount=Decimal(random.randrange(100_000, 5_000_000)) / 100,
            status=DealStatus(stage.kind),
            expected_close_on=today + timedelta(days=random.randrange(90)),
            closed_at=None if stage.kind == "open" else _at(closed_on, hour=12),
        ),
    )


async def _add_task(ctx: MutationCtx, random: Random, contact: Contact, today: date) -> None:
    done = random.random() < 0.3
    due_at = _at(today + timedelta(days=random.randrange(-10, 20)), hour=random.randrange(8, 18))
    await ctx.db.insert(
        Task(
            company_id=contact.company_id,
            owner_id=contact.owner_id,
            team_id=contact.team_id,
            contact_id=contact.id,
            title=random.choice(TO_DOS),
            status="done" if done else "open",
            priority=random.choice(list(Priority)),
            due_at=due_at,
            completed_at=due_at if done else None,
            repeat_every=timedelta(days=7) if random.random() < 0.1 else None,
        )
    )


async def _add_tag_and_note(ctx: MutationCtx, random: Random, contact: Contact) -> None:
    tags = await ctx.db.query(Tag).where(Tag.company_id == contact.company_id).order_by(Tag.name).all()
    await ctx.db.insert(ContactTag(company_id=contact.company_id, contact_id=contact.id, tag_id=random.choice(tags).id))
    await ctx.db.insert(
        Note(
            company_id=contact.company_id,
            contact_id=contact.id,
            author_id=contact.owner_id,
            text=f"{contact.full_name} prefers to be called in the {random.choice(('morning', 'afternoon'))}.",
        )
    )


async def _owners(ctx: QueryCtx, company_id: Id[Company]) -> list[Agent]:
    """The agents who may own records, in an order that does not change from run to run."""
    everybody = await ctx.db.query(Agent).where(Agent.company_id == company_id).order_by(Agent.full_name).all()
    roles = [await ctx.db.get_existing(agent.role_id) for agent in everybody]
    return [agent for agent, role in zip(everybody, roles, strict=True) if role.kind != "viewer"]


async def _role(ctx: QueryCtx, company_id: Id[Company], kind: RoleKind) -> Id[Role]:
    role = await ctx.db.query(Role).where(Role.company_id == company_id, Role.kind == kind).first()
    assert role is not None, "companies.found() writes every standard role"
    return role.id


def _slug(number: int) -> str:
    """acme, globex, …, acme-2, …"""
    name, generation = COMPANIES[number % len(COMPANIES)].lower(), number // len(COMPANIES)
    return f"{name}-{generation + 1}" if generation else name


def _at(day: date, *, hour: int) -> datetime:
    return datetime.combine(day, time(hour), UTC)
