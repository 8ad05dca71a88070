"""Leads: contacts that send themselves in, through forms, hotlines and chats of a company's own."""

from typing import assert_never
from uuid import UUID

from backend import contacts, emails
from backend.errors import QuotaExceeded, TooMany
from backend.permissions import find, require
from backend.schema import (
    Agent,
    Channel,
    ChatTranscript,
    Contact,
    Lead,
    LeadForm,
    LeadPayload,
    Name,
    PhoneCall,
    WebForm,
)
from schemagen import ActionCtx, DocumentNotFound, Id, Int64, MutationCtx, QueryCtx, action, mutation, query

FORMS_MAX = 50


@query
async def forms(ctx: QueryCtx) -> list[LeadForm]:
    """The doors for leads, with their keys, by name."""
    agent = await require(ctx, "leads.manage")
    forms = ctx.db.query(LeadForm).where(LeadForm.company_id == agent.company_id)
    return await forms.order_by(LeadForm.name).take(FORMS_MAX)


@mutation(raises=[TooMany])
async def create_form(ctx: MutationCtx, *, name: Name, owner_id: Id[Agent]) -> UUID:
    """Open a door for leads; the key it returns is all a sender needs. `owner_id` gets the contacts."""
    agent = await require(ctx, "leads.manage")
    await find(ctx, agent, owner_id)
    if len(await forms(ctx)) >= FORMS_MAX:
        raise TooMany(limit=FORMS_MAX)
    form = LeadForm(company_id=agent.company_id, name=name, key=ctx.uuid(), owner_id=owner_id)
    await ctx.db.insert(form)
    return form.key


@mutation
async def delete_form(ctx: MutationCtx, *, form_id: Id[LeadForm]) -> None:
    """Close a door for leads: its key opens nothing any more."""
    agent = await require(ctx, "leads.manage")
    await find(ctx, agent, form_id)
    await ctx.db.delete(form_id)


@action(raises=[QuotaExceeded])
async def receive(ctx: ActionCtx, *, key: UUID, external_id: Int64, payload: LeadPayload) -> Id[Contact]:
    """Take in a lead from outside: no token, the form's key is enough. Sent again, it is taken in once.

    An action, so that a sender may call it as a webhook; whatever it has to ask of other services goes here.
    """
    return await ctx.run_mutation(accept, key=key, external_id=external_id, payload=payload)


@mutation(internal=True)
async def accept(ctx: MutationCtx, *, key: UUID, external_id: Int64, payload: LeadPayload) -> Id[Contact]:
    """The contact of a lead: the one it made before, the one who reads its address, or a new one."""
    form = await ctx.db.query(LeadForm).where(LeadForm.key == key).unique()
    if form is None:
        raise DocumentNotFound(id=str(key))
    leads = ctx.db.query(Lead).where(Lead.form_id == form.id, Lead.external_id == external_id)
    known = await leads.unique()
    if known is not None:
        return known.contact_id
    contact_id = await _contact_of(ctx, form, payload)
    await ctx.db.insert(
        Lead(
            company_id=form.company_id,
            form_id=form.id,
            external_id=external_id,
            contact_id=contact_id,
            payload=payload,
        )
    )
    return contact_id


async def _contact_of(ctx: MutationCtx, form: LeadForm, payload: LeadPayload) -> Id[Contact]:
    match payload:
        case WebForm(full_name=full_name, email=email):
            reader = await emails.in_company(ctx, form.company_id, email)
            return reader.contact_id if reader else await _add(ctx, form, full_name, "web", email=email)
        case PhoneCall(full_name=full_name, number=number):
            return await _add(ctx, form, full_name or number, "phone", phone=number)
        case ChatTranscript(full_name=full_name):
            return await _add(ctx, form, full_name, "web")
        case _:
            assert_never(payload)


async def _add(
    ctx: MutationCtx,
    form: LeadForm,
    full_name: str,
    channel: Channel,
    *,
    email: str | None = None,
    phone: str | None = None,
) -> Id[Contact]:
    owner = await ctx.db.get_existing(form.owner_id)
    contact = Contact(
        company_id=form.company_id, owner_id=owner.id, team_id=owner.team_id, full_name=full_name, channel=channel
    )
    return await contacts.add(ctx, contact, email=email, phone=phone, by=None)
