"""The protocol's messages as a contract of their own: our generator's TypeScript of them against the runtime's types.

`schemagen/sync/messages.py` is the one definition. The TypeScript runtime writes its side by hand, because the wire is
tighter than the models: of `value`, `error`, `unchanged` and `diff` exactly one is there, and what is null by default
is left out. These two rules are `Wire` below; all else has to agree, and the compiler says whether it does.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from schemagen.emit.typescript import emit_typescript
from schemagen.introspect import load
from schemagen.model.contract import Contract
from schemagen.model.types import RefType, Type, UnionType
from schemagen.sync.messages import ClientMessage, ServerMessage
from tests.conftest import ROOT

TYPESCRIPT = ROOT / "templates/typescript"
CONVERSATIONS = ROOT / "tests/cases/sync"
CLIENTS_MISTAKES = ("bad_protocol", "bad_version")

PROTOCOL = """\
from schemagen import QueryCtx, query
from schemagen.sync.messages import ClientMessage, ServerMessage


@query
async def exchange(ctx: QueryCtx, *, message: ClientMessage) -> ServerMessage:
    raise NotImplementedError
"""

VALUES = """\
// On the wire a UUID is text, as are the others; and what a value holds is no concern of the protocol.
export type { Uuid as DateTime, Uuid as Decimal, Uuid as Duration, Uuid as PlainDate, Uuid as PlainTime };
export type Uuid = string;
export type Id<Table extends string> = string & { readonly table?: Table };
export interface JsonValue { readonly any: "JSON" }
"""

CHECK = """\
import type * as hand from "./src/messages.js";
import type * as generated from "./protocol/types.js";

type ClientMessage = %(client)s;
type ServerMessage = %(server)s;

type Present<T> = Wire<Exclude<T, null>>;

/** As the server writes them: null is left out, and of `value`, `error`, `unchanged` and `diff` one is there. */
type Wire<T> = T extends readonly [infer First, infer Second]
  ? [Wire<First>, Wire<Second>]
  : T extends readonly (infer Item)[]
  ? Wire<Item>[]
  : T extends generated.QueryChange
    ? { queryId: T["queryId"] } & (
        | { value: T["value"]; digest?: Present<T["digest"]> }
        | { error: Present<T["error"]> }
        | { unchanged: Present<T["unchanged"]> }
        | { diff: Present<T["diff"]>; base: Present<T["base"]>; digest: Present<T["digest"]> }
      )
    : T extends { value: infer Value; error: infer Failure }
    ? Wire<Omit<T, "value" | "error">> & ({ value: Value } | { error: Wire<Exclude<Failure, null>> })
    : T extends object
      ? { [K in keyof T as null extends T[K] ? never : K]: Wire<T[K]> } & {
          [K in keyof T as null extends T[K] ? K : never]?: Wire<Exclude<T[K], null>>;
        }
      : T;

/** The runtime types arguments as any JSON; its codec makes only objects of them. */
type Sent<T> = T extends readonly (infer Item)[]
  ? Sent<Item>[]
  : T extends object
    ? { [K in keyof T]: K extends "args" ? generated.QueryToWatch["args"] : Sent<T[K]> }
    : T;

export const whatTheClientSendsTheServerReads = (message: Sent<hand.ClientMessage>): ClientMessage => message;
export const whatTheServerSendsTheClientReads = (message: Wire<ServerMessage>): hand.ServerMessage => message;

type Keys<T> = T extends unknown ? keyof T : never;
type Item<T> = T extends readonly (infer I)[] ? I : never;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : { missing: Exclude<B, A> }) : { unknown: Exclude<A, B> };
type Of<Message, Tag> = Extract<Message, { type: Tag }>;

export const queriesHaveTheSameFields: Same<
  Keys<Item<Of<hand.ClientMessage, "modifyQuerySet">["add"]>>,
  keyof generated.QueryToWatch
> = true;
export const changesHaveTheSameFields: Same<
  Keys<Item<Of<hand.ServerMessage, "transition">["changes"]>>,
  keyof generated.QueryChange
> = true;
export const diffsHaveTheSameFields: Same<
  Keys<Extract<Item<Of<hand.ServerMessage, "transition">["changes"]>, { base: string }>["diff"]>,
  keyof generated.Diff
> = true;
export const errorsHaveTheSameFields: Same<
  keyof Of<hand.ServerMessage, "fatalError">["error"],
  keyof generated.ErrorObject
> = true;
"""

SAME_FIELDS = """\
export const field%(number)d: Same<Keys<Of<hand.%(side)s, %(tag)s>>, keyof generated.%(name)s> = true;
"""


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Contract]:
    folder = tmp_path_factory.mktemp("protocol")
    (folder / "sync_protocol").mkdir()
    (folder / "sync_protocol" / "__init__.py").write_text(PROTOCOL)
    yield load(folder / "sync_protocol", folder).contract
    for name in [name for name in sys.modules if name.split(".")[0] == "sync_protocol"]:
        del sys.modules[name]


def test_the_runtimes_message_types_are_those_our_generator_makes(contract: Contract, tmp_path: Path) -> None:
    write_project(tmp_path, contract)
    assert compiled(tmp_path) == ""


@pytest.mark.parametrize(
    ("generated", "drifted"),
    [
        ("  baseVersion: number;", "  from: number;"),
        ("  lastTs: number;", "  lastTs: string;"),
        ('type: "pong";', 'type: "pung";'),
        ("  queryId: number;\n  value", "  queryId: number;\n  cached: boolean;\n  value"),
        ('"unavailable"', '"overloaded"'),
        ("errorId: string | null", "errorId: number | null"),
        ("  base: string | null;", "  base: number | null;"),
        ("  list: ([number, number] | NewItems)[];", "  list: ([number, string] | NewItems)[];"),
        ("  digest?: string | null | undefined;", "  digest?: number | null | undefined;"),
    ],
    ids=[
        "renamed field",
        "changed type",
        "renamed message",
        "new field",
        "new error kind",
        "changed nested type",
        "changed type in a change",
        "changed type in a tuple",
        "changed optional type",
    ],
)
@pytest.mark.slow
def test_a_message_that_changes_on_one_side_only_is_found(
    contract: Contract, tmp_path: Path, generated: str, drifted: str
) -> None:
    write_project(tmp_path, contract)
    types = tmp_path / "protocol/types.d.ts"
    text = types.read_text("utf-8")
    assert generated in text
    types.write_text(text.replace(generated, drifted), "utf-8")
    assert "error TS" in compiled(tmp_path)


def test_every_frame_of_the_conversations_is_of_the_runtimes_types(tmp_path: Path) -> None:
    text = 'import type * as hand from "./src/messages.js";\n\n'
    for side, name in (("client", "ClientMessage"), ("server", "ServerMessage")):
        text += f"export const {side}: hand.{name}[] = {json.dumps(frames(side), indent=2)};\n"
    write_sources(tmp_path, text)
    assert compiled(tmp_path) == ""


@pytest.mark.parametrize(("side", "messages"), [("client", ClientMessage), ("server", ServerMessage)])
def test_every_frame_of_the_conversations_is_one_of_the_models_to_the_letter(side: str, messages: Any) -> None:
    """Both runtimes replay these frames, so what they read and send is what the models say: without a key more."""
    adapter: TypeAdapter[Any] = TypeAdapter(messages)
    shown = frames(side)
    assert len({frame["type"] for frame in shown}) == {"client": 6, "server": 7}[side]
    for frame in shown:
        adapter.validate_json(json.dumps(frame), extra="forbid", by_name=False, by_alias=True)


def frames(side: str) -> list[dict[str, Any]]:
    """What this side sends in all conversations; a client's mistakes left out."""
    left_out = CLIENTS_MISTAKES if side == "client" else ()
    files = [file for file in sorted(CONVERSATIONS.glob("*.jsonl")) if file.stem not in left_out]
    steps = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines() if line]
    return [step["message"] for step in steps if step["from"] == side]


def write_project(folder: Path, contract: Contract) -> None:
    """The generated types in `protocol/`, the runtime in `src/`, and `check.ts` between them."""
    [exchange] = contract.functions
    sides = {"ClientMessage": members(exchange.args[0].type), "ServerMessage": members(exchange.returns)}
    check = CHECK % {
        "client": " | ".join(f"generated.{name}" for name in sides["ClientMessage"]),
        "server": " | ".join(f"generated.{name}" for name in sides["ServerMessage"]),
    }
    tags = [(side, name) for side, names in sides.items() for name in names]
    for number, (side, name) in enumerate(tags):
        tag = f'NonNullable<generated.{name}["type"]>'
        check += SAME_FIELDS % {"number": number, "side": side, "tag": tag, "name": name}
    write_sources(folder, check)
    files = {str(path): text for path, text in emit_typescript(contract, "@sync/protocol", "..").items()}
    (folder / "protocol/runtime").mkdir(parents=True)
    (folder / "protocol/types.d.ts").write_text(files["types.d.ts"], "utf-8")
    (folder / "protocol/runtime/values.d.ts").write_text(VALUES, "utf-8")
    (folder / "protocol/runtime/errors.d.ts").write_text("export interface SchemagenError { message: string }\n")


def write_sources(folder: Path, check: str) -> None:
    shutil.copytree(TYPESCRIPT / "src", folder / "src")
    (folder / "check.ts").write_text(check, "utf-8")
    (folder / "package.json").write_text('{"type": "module"}\n')
    compiler = json.loads((TYPESCRIPT / "tsconfig.json").read_text("utf-8"))["compilerOptions"]
    dropped = ("rootDir", "outDir", "declaration", "sourceMap", "declarationMap", "noEmitOnError", "types", "jsx")
    options = {name: value for name, value in compiler.items() if name not in dropped} | {"noEmit": True, "types": []}
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "files": ["check.ts"]}))


def compiled(folder: Path) -> str:
    """What the TypeScript compiler finds wrong; nothing if all is well."""
    tsc = TYPESCRIPT / "node_modules/typescript/bin/tsc"
    command = ["node", str(tsc), "-p", str(folder), "--pretty", "false"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    return done.stdout + done.stderr


def members(t: Type) -> list[str]:
    """Names of the messages of one side."""
    assert isinstance(t, UnionType) and t.tag == "type"
    names = [member.name for member in t.members if isinstance(member, RefType)]
    assert len(names) == len(t.members)
    return names
