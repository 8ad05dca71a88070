"""Mistakes that a type checker finds. Behind each line: what mypy says of it, and what pyright says."""

from good.crm import Company, Contact, QuotaExceeded, create, import_, list_

from schemagen import ActionCtx, Id, MutationCtx, QueryCtx, Table, action, col, index, mutation, query, ref


class User:
    name: str


@query
async def conditions(ctx: QueryCtx, *, user_id: Id[User], company_id: Id[Company]) -> None:
    contacts = ctx.db.query(Contact)
    contacts.where(Contact.stage == "typo")  # mypy: comparison-overlap | pyright: reportUnnecessaryComparison
    contacts.where(Contact.company_id == user_id)  # mypy: comparison-overlap | pyright: nothing
    contacts.where(Contact.id == company_id)  # mypy: comparison-overlap | pyright: nothing
    contacts.where(Contact.full_name == 1)  # mypy: comparison-overlap | pyright: reportUnnecessaryComparison
    contacts.where(Contact.nope == 1)  # mypy: attr-defined | pyright: reportAttributeAccessIssue
    contacts.where(Contact.full_name > 3)  # mypy: operator | pyright: reportOperatorIssue
    contacts.where(col(Contact.next_task_due_at) >= "now")  # mypy: operator | pyright: reportOperatorIssue
    contacts.where("full_name")  # mypy: arg-type | pyright: reportArgumentType
    ctx.db.query(int)  # mypy: type-var | pyright: reportArgumentType


@query
async def searches(ctx: QueryCtx, *, text: str, company_id: Id[Company]) -> list[Company]:
    ctx.db.search(Contact.full_name, text)  # mypy: arg-type | pyright: reportArgumentType
    ctx.db.search(Contact.by_company, text)  # mypy: arg-type | pyright: reportArgumentType
    ctx.db.search(Contact.search_name)  # mypy: call-arg | pyright: reportCallIssue
    ctx.db.search(Contact.search_nope, text)  # mypy: attr-defined | pyright: reportAttributeAccessIssue
    hits = ctx.db.search(Contact.search_name, text)
    hits.where(Contact.stage == "typo")  # mypy: comparison-overlap | pyright: reportUnnecessaryComparison
    hits.where("full_name")  # mypy: arg-type | pyright: reportArgumentType
    return await hits.take(20)  # mypy: return-value | pyright: reportReturnType


@query
async def calls(ctx: QueryCtx, *, user_id: Id[User], company_id: Id[Company]) -> str:
    await ctx.run_query(list_, compny_id=company_id)  # mypy: call-arg | pyright: reportCallIssue
    await ctx.run_query(list_, company_id=user_id)  # mypy: arg-type | pyright: reportArgumentType
    await ctx.run_query(list_)  # mypy: call-arg | pyright: reportCallIssue
    await ctx.run_query(create, full_name="a", company_id=company_id)  # mypy: arg-type | pyright: reportArgumentType
    await list_(ctx, company_id=company_id, stage="typo")  # mypy: arg-type | pyright: reportArgumentType
    return await ctx.run_query(list_, company_id=company_id)  # mypy: arg-type | pyright: reportReturnType


@query
async def writes_in_a_query(ctx: QueryCtx, *, contact_id: Id[Contact]) -> None:
    await ctx.db.delete(contact_id)  # mypy: attr-defined | pyright: reportAttributeAccessIssue
    await ctx.run_mutation(create)  # mypy: attr-defined | pyright: reportAttributeAccessIssue


@mutation
async def writes(ctx: MutationCtx, *, company_id: Id[Company]) -> Id[Contact]:
    await ctx.db.insert(1)  # mypy: type-var | pyright: reportArgumentType
    Contact(full_name=1, company_id=company_id)  # mypy: arg-type | pyright: reportArgumentType
    Contact(full_name="a")  # mypy: call-arg | pyright: reportCallIssue
    Contact(full_name="a", company_id=company_id, stage="typo")  # mypy: arg-type | pyright: reportArgumentType
    contact = await ctx.db.get_existing(company_id)
    contact.full_name = "b"  # mypy: attr-defined | pyright: reportAttributeAccessIssue
    await ctx.run_action(import_)  # mypy: attr-defined | pyright: reportAttributeAccessIssue
    return company_id  # mypy: return-value | pyright: reportReturnType


@action
async def acts(ctx: ActionCtx, *, company_id: Id[Company]) -> None:
    ctx.db  # mypy: attr-defined | pyright: reportAttributeAccessIssue
    await ctx.run_mutation(list_, company_id=company_id)  # mypy: arg-type | pyright: reportArgumentType
    await ctx.run_mutation(create, full_name=1, company_id=company_id)  # mypy: arg-type | pyright: reportArgumentType
    raise QuotaExceeded(limit="a")  # mypy: arg-type | pyright: reportArgumentType


@query  # mypy: arg-type | pyright: reportArgumentType
def not_async(ctx: QueryCtx) -> int:
    return 1


@mutation  # mypy: arg-type | pyright: reportArgumentType
async def wrong_context(ctx: ActionCtx) -> int:
    return 1


@query(raises=[KeyError])  # mypy: list-item | pyright: reportArgumentType
async def wrong_error(ctx: QueryCtx) -> int:
    return 1


class Member(Table, name="members"):
    contact_id: Id[Contact] = ref(on_delete="setnull")  # mypy: call-overload | pyright: reportArgumentType
    company_id: Id[Company] = ref(on_delete="cascade", default=1)  # mypy: call-overload | pyright: reportAssignmentType

    by_contact = index("contact_id", unique="yes")  # mypy: arg-type | pyright: reportArgumentType
    by_company = index("company_id")


@mutation
async def joins(ctx: MutationCtx, *, company_id: Id[Company], contact_id: Id[Contact]) -> None:
    await ctx.db.insert(Member())  # mypy: call-arg | pyright: reportCallIssue
    await ctx.db.insert(Member(contact_id=company_id))  # mypy: arg-type | pyright: reportArgumentType
