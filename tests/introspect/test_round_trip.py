"""Any contract can be declared, and what is declared is what is read: contract → backend → contract."""

from __future__ import annotations

import warnings
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, note, settings

from schemagen.introspect import load
from schemagen.model.canonical import to_json
from schemagen.model.contract import MISSING, Contract, ObjectType, reachable
from schemagen.model.types import RefType, Type
from tests.introspect.source_of import SourceWriter
from tests.model.strategies import contracts

OURS = ("document_not_found", "unique_conflict", "referenced_document")
"""Errors that a contract has because of what its functions do, not because they are declared."""


@pytest.mark.slow
@given(contracts().filter(lambda drawn: bool(drawn.tables or drawn.functions)))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_declared_contract_is_read_back(drawn: Contract) -> None:
    wanted = as_declared(drawn)
    files = SourceWriter(drawn).files()
    for name, text in files.items():
        note(f"--- backend/{name}.py\n{text}")
    read = read_back(files)
    assert to_json(read) == to_json(wanted)
    assert plain(read) == plain(wanted)


def read_back(files: dict[str, str]) -> Contract:
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydantic warns of nested deprecations
        for name, text in {"__init__": "", **files}.items():
            path = Path(folder, "backend", f"{name}.py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        read = load(Path(folder, "backend"), Path(folder)).contract
    return replace(read, errors=tuple(e for e in read.errors if e.code not in OURS))


def as_declared(drawn: Contract) -> Contract:
    """Without types that nothing reaches, and what Python cannot say: a deprecated alias, a mutable default."""
    roots: list[Type] = [RefType(table.document) for table in drawn.tables]
    roots += [t for f in drawn.functions for t in (*(arg.type for arg in f.args), f.returns)]
    roots += [field.type for error in drawn.errors for field in error.fields]
    names = reachable(drawn, tuple(roots))
    types = (t for t in drawn.types if t.name in names)
    errors = tuple(
        replace(
            error,
            fields=tuple(
                replace(f, default=MISSING) if isinstance(f.default, list | dict) else f for f in error.fields
            ),
        )
        for error in drawn.errors
    )
    return replace(
        drawn,
        types=tuple(t if isinstance(t, ObjectType) else replace(t, deprecated=None) for t in types),
        errors=errors,
    )


def plain(contract: Contract) -> object:
    """Everything but places: documentation and deprecations, too."""
    return _without_places(asdict(contract))


def _without_places(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_places(inner) for key, inner in value.items() if key != "origin"}
    if isinstance(value, list | tuple):
        return [_without_places(inner) for inner in value]
    return value
