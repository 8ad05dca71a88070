"""What nobody can observe is not spoken of: random contracts, written otherwise."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from schemagen.check.compare import compare
from schemagen.model.contract import (
    AliasType,
    Contract,
    EnumMember,
    EnumType,
    ErrorType,
    Field,
    Function,
    ObjectType,
    Origin,
    Table,
)
from schemagen.model.types import LiteralType, NullType, RefType, UnionType
from tests.model.strategies import contracts

SOME = settings(max_examples=25, deadline=None)


@SOME
@given(contracts())
def test_a_contract_is_silent_beside_itself(contract: Contract) -> None:
    assert compare(contract, contract) == ()


@SOME
@given(contracts())
def test_other_names_of_types_change_nothing(contract: Contract) -> None:
    renamed = mapped(contract, renamed_type)
    assert not {t.name for t in renamed.types} & {t.name for t in contract.types}
    assert compare(contract, renamed) == ()
    assert compare(renamed, contract) == ()


@SOME
@given(contracts())
def test_other_documentation_and_other_files_change_nothing(contract: Contract) -> None:
    assert compare(contract, mapped(contract, documented)) == ()


@SOME
@given(contracts(), st.randoms(use_true_random=False))
def test_another_order_changes_nothing(contract: Contract, chance: Random) -> None:
    assert compare(contract, mapped(contract, lambda value: shuffled(value, chance))) == ()


@SOME
@given(contracts())
def test_names_written_out_change_nothing(contract: Contract) -> None:
    """Aliases that are not recursive, where they are used."""
    aliases = {t.name: t for t in contract.types if isinstance(t, AliasType) and not is_recursive(t, t.name)}

    def inlined(value: Any) -> Any:
        if isinstance(value, RefType) and value.name in aliases:
            inner = aliases[value.name].type
            return value if isinstance(inner, UnionType) else mapped(inner, inlined)  # unions lie flat in unions
        return value

    assert compare(contract, mapped(contract, inlined)) == ()


@SOME
@given(contracts())
def test_internal_functions_may_change_and_go(contract: Contract) -> None:
    public = replace(contract, functions=tuple(f for f in contract.functions if not f.internal))
    assert compare(contract, public) == ()
    assert compare(public, contract) == ()


@SOME
@given(contracts(), contracts())
def test_whatever_two_contracts_are_a_report_is_in_order_and_says_nothing_twice(old: Contract, new: Contract) -> None:
    changes = compare(old, new)
    assert changes == compare(old, new)
    told = [(change.rule, change.side, change.at, change.says, change.old, change.new) for change in changes]
    assert len(told) == len(set(told))


def mapped(value: Any, change: Any) -> Any:
    """A value with `change` applied to all that is inside it, and to itself."""
    if isinstance(value, tuple):
        return tuple(mapped(each, change) for each in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = {each.name: mapped(getattr(value, each.name), change) for each in dataclasses.fields(value)}
        return change(replace(value, **parts))
    return value


def renamed_type(value: Any) -> Any:
    match value:
        case RefType() | ObjectType() | EnumType() | AliasType():
            return replace(value, name=f"{value.name}Again")
        case Table():
            return replace(value, document=f"{value.document}Again")
        case _:
            return value


def documented(value: Any) -> Any:
    match value:
        case Field() | ObjectType() | EnumType() | AliasType() | Function():
            return replace(value, doc="Otherwise.", deprecated="for a reason", origin=Origin("elsewhere.py", 7))
        case ErrorType():
            return replace(value, doc="Otherwise.", origin=Origin("elsewhere.py", 7))
        case EnumMember():
            return replace(value, doc="Otherwise.")
        case _:
            return value


def shuffled(value: Any, chance: Random) -> Any:
    match value:
        case ObjectType(table=None, fields=fields):
            return replace(value, fields=tuple(chance.sample(fields, len(fields))))
        case ObjectType(fields=fields):
            return replace(value, fields=(*fields[:2], *chance.sample(fields[2:], len(fields) - 2)))
        case EnumType(members=members):
            return replace(value, members=tuple(chance.sample(members, len(members))))
        case LiteralType(values=values):
            return replace(value, values=tuple(chance.sample(values, len(values))))
        case UnionType(members=members):
            rest = [member for member in members if member != NullType()]
            return replace(value, members=(*chance.sample(rest, len(rest)), *members[len(rest) :]))
        case Function(args=args):
            return replace(value, args=tuple(chance.sample(args, len(args))))
        case _:
            return value


def is_recursive(value: Any, name: str) -> bool:
    return f"RefType(name='{name}')" in repr(value)
