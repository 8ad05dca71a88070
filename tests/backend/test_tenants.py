"""Nothing of one company is ever visible to, or changed by, another."""

from __future__ import annotations

import asyncio
import json
import re
from typing import assert_never

from schemagen.model.contract import AliasType, Contract, EnumType, Field, Function, Json, ObjectType
from schemagen.model.types import (
    AnyType,
    ArrayType,
    BoolType,
    BytesType,
    DateTimeType,
    DateType,
    DecimalType,
    FloatType,
    IdType,
    Int64Type,
    IntType,
    JsonType,
    LiteralType,
    MapType,
    NullType,
    RefType,
    SetType,
    StringType,
    TimedeltaType,
    TimeType,
    TupleType,
    Type,
    UnionType,
    UuidType,
)
from tests.backend.crm import Caller, Crm, backend, open_crm

ID = re.compile(r'"([a-z_]+)_[0-7][0-9a-hjkmnp-tv-z]{25}"')


def test_every_function_called_with_another_companys_ids_neither_shows_nor_changes_anything_of_it() -> None:
    async def check() -> None:
        async with open_crm(contacts=10) as crm:
            await _leave_something_everywhere(crm, crm.owner)
            await _leave_something_everywhere(crm, crm.stranger)
            before = await _everything(crm.owner)
            theirs, own = _ids_in(before), _ids_in(await _everything(crm.stranger))
            for function in _functions():
                for args in _mixtures(function, theirs, own):
                    answer = await crm.stranger.run(function.path, args)
                    shown = _ids_in(answer.value.decode() if answer.value else "")
                    assert not _all(shown) & _all(theirs), f"{function.path} shows a stranger {shown}"
                    if any(_mentions_id(field.type) for field in function.args):
                        assert answer.failure is not None, f"{function.path}({args}) takes an id of another company"
                        assert answer.failure.kind == "app", f"{function.path}({args}): {answer.failure}"
            assert await _everything(crm.owner) == before

    asyncio.run(check())


def test_every_list_of_a_company_is_its_own() -> None:
    async def check() -> None:
        async with open_crm(contacts=10) as crm:
            await _leave_something_everywhere(crm, crm.owner)
            ours, theirs = _ids_in(await _everything(crm.owner)), _ids_in(await _everything(crm.stranger))
            assert (
                ours.keys() >= theirs.keys() >= {"agents", "companies", "contacts", "deals", "roles", "tasks", "teams"}
            )
            assert not _all(ours) & _all(theirs)

    asyncio.run(check())


def test_who_works_for_two_companies_sees_the_one_they_look_at() -> None:
    async def check() -> None:
        async with open_crm(contacts=3) as crm:
            roles = await crm.owner.query("roles.list")
            viewer = next(role["id"] for role in roles if role["kind"] == "viewer")
            token = await crm.owner.mutation("invitations.create", email="x@globex.example", roleId=viewer)
            there = await crm.stranger.query("contacts.list")
            acme = await crm.stranger.mutation("invitations.accept", token=token)
            here = await crm.stranger.query("contacts.list")
            assert here == await crm.owner.query("contacts.list")
            assert (await crm.stranger.refused("contacts.create", fullName="Eve")).code == "forbidden"
            [globex] = [
                membership["company"]["id"]
                for membership in await crm.stranger.query("users.memberships")
                if membership["company"]["id"] != acme
            ]
            await crm.stranger.mutation("users.switchCompany", companyId=globex)
            assert await crm.stranger.query("contacts.list") == there

    asyncio.run(check())


def _functions() -> list[Function]:
    """Every public function; `companies.create` last, because it takes its caller elsewhere."""
    public = [function for function in backend().contract.functions if not function.internal]
    return sorted(public, key=lambda function: function.path == "companies.create")


def _mixtures(function: Function, theirs: dict[str, list[str]], own: dict[str, list[str]]) -> list[dict[str, Json]]:
    """Arguments with the other company's ids: in all places at once, then in one place each, own ids in the others."""
    places = [field.wire_name for field in function.args if _mentions_id(field.type)]
    chosen = [set(places), *({place} for place in places if len(places) > 1)]
    return [
        {field.wire_name: _value(field.type, theirs if field.wire_name in foreign else own) for field in function.args}
        for foreign in chosen
    ]


async def _leave_something_everywhere(crm: Crm, owner: Caller) -> None:
    """What sample data leaves out, so that every table has rows of the owner's company."""
    [contact, *_] = (await owner.query("contacts.list"))["items"]
    roles = await owner.query("roles.list")
    await owner.mutation("attachments.add", contactId=contact["id"], fileName="a.txt", content="aGk=")
    await owner.mutation("notes.create", contactId=contact["id"], text="Hello")
    await owner.mutation("invitations.create", email="new@nowhere.example", roleId=roles[0]["id"])
    key = await owner.mutation("leads.createForm", name="Web", ownerId=contact["ownerId"])
    lead: Json = {"kind": "chat", "fullName": "Chatty", "lines": ["hi"]}
    await crm.as_(None).action("leads.receive", key=key, externalId="9007199254740993", payload=lead)
    await owner.action("imports.contactsCsv", fileName="a.csv", text="full_name\nZoe\n")
    await owner.mutation("activities.mute", kinds=["call_logged"])
    owner_role = next(role["id"] for role in roles if role["kind"] == "owner")
    for agent in (await owner.query("agents.list"))["items"]:  # so that no call fails only because of the last owner
        await owner.mutation("agents.setRole", agentId=agent["id"], roleId=owner_role)


async def _everything(caller: Caller) -> str:
    """What a caller gets from every query that needs no id, and from those that take the id of a contact."""
    shown: dict[str, Json] = {}
    for function in _functions():
        if function.kind == "query" and not any(field.required for field in function.args):
            answer = await caller.run(function.path, {})
            assert answer.failure is None, f"{function.path}: {answer.failure}"
            assert answer.value is not None
            shown[function.path] = json.loads(answer.value)
    for contact in (await caller.query("contacts.list"))["items"]:
        for path in ("contacts.get", "notes.list", "attachments.list", "deals.forContact", "tasks.forContact"):
            shown[f"{path} {contact['id']}"] = await caller.query(path, contactId=contact["id"])
    return json.dumps(shown, sort_keys=True)


def _ids_in(text: str) -> dict[str, list[str]]:
    """The ids in a JSON text, by table."""
    found: dict[str, list[str]] = {}
    for match in ID.finditer(text):
        found.setdefault(match[1], []).append(match[0].strip('"'))
    return found


def _all(ids: dict[str, list[str]]) -> set[str]:
    return {one for of_table in ids.values() for one in of_table}


def _mentions_id(t: Type) -> bool:
    return isinstance(t, IdType) or (isinstance(t, UnionType) and any(map(_mentions_id, t.members)))


def _value(t: Type, ids: dict[str, list[str]]) -> Json:
    """Some value of a type; ids are those given."""
    contract: Contract = backend().contract
    match t:
        case IdType(table=table):
            return ids[table][0] if table in ids else f"{table}_01h455vb4pex5vsknk084sn02q"
        case RefType(name=name):
            named = contract.named(name)
            match named:
                case ObjectType(fields=fields):
                    return {field.wire_name: _value(field.type, ids) for field in _inputs(fields)}
                case EnumType(members=members):
                    return members[0].value
                case AliasType(type=inner):
                    return _value(inner, ids)
                case _:
                    assert_never(named)
        case UnionType(members=members):
            return _value(members[0], ids)
        case LiteralType(values=values):
            return values[0]
        case StringType(pattern=pattern):
            return _text(pattern)
        case ArrayType(item=item) | SetType(item=item):
            return [_value(item, ids)]
        case TupleType(items=items):
            return [_value(item, ids) for item in items]
        case MapType(key=key, value=value):
            return {str(_value(key, ids)): _value(value, ids)}
        case BoolType():
            return True
        case IntType() | FloatType():
            return 1
        case Int64Type() | DecimalType():
            return "1"
        case BytesType():
            return "aGk="
        case UuidType():
            return "7c9e6679-7425-40de-944b-e07fc1f90ae7"
        case DateTimeType():
            return "2026-01-02T03:04:05Z"
        case DateType():
            return "2026-01-02"
        case TimeType():
            return "09:00:00"
        case TimedeltaType():
            return "PT60S"
        case NullType() | JsonType() | AnyType():
            return None
        case _:
            assert_never(t)


def _inputs(fields: tuple[Field, ...]) -> list[Field]:
    """The cursor of a page is no value one can make up: it stays out."""
    return [field for field in fields if field.name != "cursor"]


def _text(pattern: str | None) -> str:
    candidates = ("some text", "+351210000000", "ada@example.com", "PT", "acme-9")
    return next(text for text in candidates if pattern is None or re.search(pattern, text))
