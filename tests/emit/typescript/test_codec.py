"""The generated codecs, against the server's own: what it sends comes back as it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from schemagen.emit.typescript.codec_file import codec_file
from schemagen.model.contract import AliasType, Contract, Field, Function, FunctionKind, NamedType, ObjectType
from schemagen.model.types import (
    ArrayType,
    BytesType,
    FloatType,
    Int64Type,
    IntType,
    LiteralType,
    MapType,
    RefType,
    SetType,
    TupleType,
    Type,
    UnionType,
)
from schemagen.wire.codec import Codec
from tests.emit.typescript.project import run, write_package
from tests.emit.typescript.sample import TEXT, contract, field, function
from tests.wire.strategies import types, values

SIZE = 300

SCRIPT = """
import { readFileSync } from "node:fs";
import { encode } from "./runtime/json.js";
const codecs = await import("./codec.js").then((module) => module.codecs);
const described = (value) =>
  typeof value === "bigint" ? "int64" : value instanceof Uint8Array ? "bytes"
  : typeof value === "number" && !Number.isFinite(value) ? "float"
  : Array.isArray(value) ? value.map(described)
  : value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, described(v)]))
  : value;
const cases = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const back = cases.map(({ path, wire }) => {
  const value = codecs.decodeReturns(path, wire);
  return [encode(codecs.encodeArgs(path, { value })), described(value)];
});
console.log(encode(back));
"""


@pytest.mark.slow
def test_every_value_comes_back_as_it_went(tmp_path: Path) -> None:
    named: list[NamedType] = []
    functions: list[Function] = []
    cases: list[dict[str, Any]] = []

    @seed(11)
    @settings(max_examples=SIZE, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def collect(data: st.DataObject) -> None:
        found: list[NamedType] = []
        t = data.draw(types(found))
        prefix = f"N{len(functions)}"
        renamed = {n.name: f"{prefix}{n.name}" for n in found}
        value = data.draw(values(t, {n.name: n for n in found}))
        wire = Codec({n.name: n for n in found}).encoder(t)(value)
        named.extend(_renamed(n, renamed) for n in found)
        own = _renamed_type(t, renamed)
        path = f"m.f{len(functions)}"
        functions.append(Function(path, "m", path[2:], FunctionKind.QUERY, (field("value", own),), own))
        cases.append({"path": path, "wire": wire})

    collect()
    made = Contract((), tuple(named), tuple(functions), ())
    write_package(tmp_path, made)
    (tmp_path / "cases.json").write_text(json.dumps(cases))
    (tmp_path / "run.js").write_text(SCRIPT)
    back = json.loads(run("node", tmp_path / "run.js", tmp_path / "cases.json"))
    by_path = {f.path: f.returns for f in functions}
    kinds_seen: set[str] = set()
    for case, (text, described) in zip(cases, back, strict=True):
        assert json.loads(text) == {"value": case["wire"]}, case
        assert described == _expected(by_path[case["path"]], case["wire"], made, kinds_seen), case
    assert kinds_seen == {"int64", "bytes", "float"}


def _renamed(t: NamedType, names: dict[str, str]) -> NamedType:
    match t:
        case ObjectType():
            own = tuple(
                Field(f.name, f.wire_name, _renamed_type(f.type, names), f.required, f.default) for f in t.fields
            )
            return ObjectType(names[t.name], own)
        case AliasType():
            return AliasType(names[t.name], _renamed_type(t.type, names))
        case _:
            raise AssertionError(t)


def _renamed_type(t: Type, names: dict[str, str]) -> Type:
    match t:
        case RefType(name=name):
            return RefType(names[name])
        case ArrayType(item=item):
            return ArrayType(_renamed_type(item, names))
        case TupleType(items=items):
            return TupleType(tuple(_renamed_type(item, names) for item in items))
        case MapType(key=key, value=value):
            return MapType(key, _renamed_type(value, names))
        case UnionType(members=members, tag=tag):
            return UnionType(tuple(_renamed_type(member, names) for member in members), tag)
        case _:
            return t


def _expected(t: Type, wire: Any, made: Contract, seen: set[str]) -> Any:
    """What the script shows for a value: where JavaScript has a type of its own, its name."""

    def marked(kind: str) -> str:
        seen.add(kind)
        return kind

    match t:
        case Int64Type():
            return marked("int64")
        case BytesType():
            return marked("bytes")
        case FloatType() if isinstance(wire, str):
            return marked("float")
        case RefType(name=name):
            match made.named(name):
                case ObjectType(fields=fields):
                    return {f.wire_name: _expected(f.type, wire[f.wire_name], made, seen) for f in fields}
                case AliasType(type=inner):
                    return _expected(inner, wire, made, seen)
                case _:
                    return wire
        case ArrayType(item=item):
            return [_expected(item, part, made, seen) for part in wire]
        case TupleType(items=items):
            return [_expected(item, part, made, seen) for item, part in zip(items, wire, strict=True)]
        case MapType(value=value):
            return {key: _expected(value, part, made, seen) for key, part in wire.items()}
        case SetType(item=item):
            return [_expected(item, part, made, seen) for part in wire]
        case UnionType(members=members, tag=tag):
            if wire is None:
                return None
            return _expected(
                next(m for m in members if tag is None or _is_tagged(m, wire[tag], made)), wire, made, seen
            )
        case _:
            return wire


def _is_tagged(member: Type, value: str, made: Contract) -> bool:
    assert isinstance(member, RefType)
    record = made.named(member.name)
    assert isinstance(record, ObjectType)
    return record.fields[0].type == LiteralType((value,))


def test_a_backend_of_plain_json_has_no_codec() -> None:
    assert codec_file(contract(function("m", "f", "query", TEXT, field("a", IntType())))) is None


def test_only_what_needs_one_has_a_codec() -> None:
    text = codec_file(
        contract(
            ObjectType("Plain", (field("a", TEXT),)),
            ObjectType("Tree", (field("size", Int64Type()), field("parts", ArrayType(RefType("Tree"))))),
            ObjectType("Forest", (field("trees", ArrayType(RefType("Tree"))), field("plain", RefType("Plain")))),
            function("m", "plain", "query", RefType("Plain"), field("a", RefType("Plain"))),
            function("m", "forest", "query", RefType("Forest")),
        )
    )
    assert text is not None
    assert [name for name in ("Plain", "Tree", "Forest", "m.plain", "m.forest") if f"{name}" in text] == [
        "Tree",
        "Forest",
        "m.forest",
    ]
