"""Call sites that compile, and the messages for those that must not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from schemagen.model.contract import AliasType, Contract, Function, ObjectType
from schemagen.model.types import ArrayType, IdType, IntType, LiteralType, RefType
from tests.emit.typescript.project import COMPILERS, RESOLUTIONS, compile_errors, make_project, run
from tests.emit.typescript.sample import CRM, NULL, TEXT, contract, document, field, function, optional

pytestmark = pytest.mark.slow

IMPORTS = """\
import { asId, Client, isAppError, toDate, type CallError, type LocalResults } from "@crm/backend";
import { api } from "@crm/backend/api";
import { HttpClient } from "@crm/backend/http";
import { useAction, useConnectionState, useMutation, useQuery } from "@crm/backend/react";
import { Color, Stage, type Contact, type Id } from "@crm/backend/types";

export const client = new Client("https://crm.example");
export const http = new HttpClient("https://crm.example", { token: "x" });
declare const contactId: Id<"contacts">;
declare const dealId: Id<"deals">;
declare const maybe: Stage | undefined;
declare const local: LocalResults;
export const used = [asId, isAppError, toDate, useAction, useConnectionState, useMutation, useQuery];
export const values = [maybe, contactId, dealId];
export type Used = CallError | Contact | Color | LocalResults;
"""

GOOD = (
    IMPORTS
    + """
export async function calls(): Promise<void> {
  const page = await client.query(api.contacts.list, { stage: Stage.lead });
  const first: Contact | undefined = page.items[0];
  if (first?.nextTaskDueAt) toDate(first.nextTaskDueAt).getTime();
  await client.query(api.contacts.list);
  await client.query(api.contacts.list, {});
  await client.query(api.contacts.list, { stage: maybe, page: { size: 3 } });
  const count: number = await client.query(api.contacts.count);
  const pong: "pong" = await client.query(api.ping);
  const one: Contact | null = await client.query(api.contacts.get, { contactId });
  const id: Id<"contacts"> = await client.mutation(api.contacts.create, { fullName: "Ada", tags: ["a"] });
  const invoice = await http.mutation(api.billing.invoices.save, { invoice: { number: "1", total: 1n, lines: [] } });
  const total: bigint = invoice.total;
  await client.action(api.billing.invoices.pay, { payment: { kind: "card", digits: "1" } });
  const stop: () => void = client.watch(api.contacts.count, {}, (n) => n.toFixed());
  for await (const each of client.live(api.contacts.list)) if (each.items.length) break;
  for await (const each of client.live(api.contacts.get, { contactId })) each?.fullName.trim();
  client.setAuth(async ({ force }) => (force ? "a" : null));
  void [count, pong, one, id, total, stop];
}

export function errors(error: unknown, call: CallError): number | bigint {
  if (isAppError(error)) {
    switch (error.code) {
      case "quota_exceeded":
        return error.data.limit;
      case "document_not_found":
        return error.data.id.length;
      default:
        return error satisfies never;
    }
  }
  if (call.code === "quota_exceeded") return call.data.usedBytes;
  return call.code === "invalid_arguments" ? call.issues.length : 0;
}

export function Contacts(): string {
  const contacts = useQuery(api.contacts.list, maybe ? { stage: maybe } : "skip", { keepPrevious: true });
  const count = useQuery(api.contacts.count);
  const create = useMutation(api.contacts.create);
  const pay = useAction(api.billing.invoices.pay);
  useConnectionState().retries.toFixed();
  void create({ fullName: "x" }).then((id: Id<"contacts">) => id);
  void pay({ payment: { kind: "transfer", amount: 3n } });
  if (count.status === "success") count.data.toFixed();
  if (count.status === "error" && count.error.code === "quota_exceeded") count.error.data.limit.toFixed();
  if (contacts.isPending) return String(contacts.data?.items.length);
  if (contacts.status === "skipped") return contacts.status;
  return contacts.status === "success" ? contacts.data.items.map((c) => c.fullName).join() : contacts.error.message;
}

export function OptimisticContacts(): void {
  const optimistic = (local: LocalResults, args: { fullName: string }) => {
    for (const { args: filter, value } of local.getAll(api.contacts.list)) {
      const stage: Stage | null | undefined = filter.stage;
      const items = value.items.map((contact) => ({ ...contact, fullName: args.fullName, stage: stage ?? Stage.lead }));
      local.set(api.contacts.list, filter, { ...value, items });
    }
  };
  const create = useMutation(api.contacts.create, {
    optimistic: (local, { fullName }) => {
      const count = local.get(api.contacts.count);
      if (count !== undefined) local.set(api.contacts.count, {}, count + fullName.length);
      local.set(api.contacts.get, { contactId: asId("contacts", `contacts_${local.callId}`) }, null);
      local.set(api.contacts.list, {}, undefined);
      const one: Contact | null | undefined = local.get(api.contacts.get, { contactId });
      void one;
    },
  });
  void create({ fullName: "x" });
  void useMutation(api.contacts.create, { optimistic });
  void client.mutation(api.contacts.create, { fullName: "x" }, { optimistic });
}

export const color: Color = "a colour of tomorrow";
export const stages: Stage[] = Object.values(Stage);
"""
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("typescript"), CRM)


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_good_calls_compile(project: Path, compiler: str, resolution: str) -> None:
    assert compile_errors(project, GOOD, compiler, resolution) == []


def test_nothing_of_a_page_is_needed_on_a_server(project: Path) -> None:
    source = """
import { Client } from "@crm/backend";
import { api } from "@crm/backend/api";
import { HttpClient } from "@crm/backend/http";
export const clients = [new Client("https://crm.example"), new HttpClient("https://crm.example"), api];
"""
    for resolution in RESOLUTIONS:
        assert compile_errors(project, source, "7", resolution, {"lib": ["ES2022"]}) == []


MISTAKES = r"""
api.contacts.lists;
    Property 'lists' does not exist on type 'ContactsModule'. Did you mean 'list'?
api.contact;
    Property 'contact' does not exist on type 'Api'. Did you mean 'contacts'?
client.query(api.contacts.list, { stage: "typo" });
    Type '"typo"' is not assignable to type 'Stage | null | undefined'.
client.query(api.contacts.list, { stag: "lead" });
    'stag' does not exist in type 'ContactsListArgs'. Did you mean to write 'stage'?
client.query(api.contacts.get);
    Property 'contactId' is missing in type '{}' but required in type 'ContactsGetArgs'.
client.query(api.contacts.get, {});
    Property 'contactId' is missing in type '{}' but required in type 'ContactsGetArgs'.
client.query(api.contacts.get, { contactId: dealId });
    Type 'Id<"deals">' is not assignable to type 'Id<"contacts">'.
client.query(api.contacts.get, { contactId: "x" });
    Type 'string' is not assignable to type 'Id<"contacts">'.
client.query(api.contacts.create, { fullName: "x" });
    Type '"mutation"' is not assignable to type '"query"'.
client.mutation(api.contacts.create);
    Property 'fullName' is missing in type '{}' but required in type 'ContactsCreateArgs'.
client.mutation(api.contacts.create, { fullName: 3 });
    Type 'number' is not assignable to type 'string'.
client.query(api.contacts.count, { x: 1 });
    Type 'number' is not assignable to type 'never'.
(await client.query(api.contacts.list)).items[0].fullName;
    Object is possibly 'undefined'.
(await client.query(api.contacts.list)).items[0]?.phone;
    Property 'phone' does not exist on type 'Contact'.
(await client.query(api.contacts.get, { contactId })).stage;
    Object is possibly 'null'.
client.mutation(api.billing.invoices.save, { invoice: { number: "1", total: 1, lines: [] } });
    Type 'number' is not assignable to type 'bigint'.
client.action(api.billing.invoices.pay, { payment: { kind: "card", amount: 1n } });
    'amount' does not exist in type 'Card'.
useQuery(api.contacts.get, { contactId: dealId });
    Type 'Id<"deals">' is not assignable to type 'Id<"contacts">'.
useQuery(api.contacts.get, "skp");
    '"skp"' is not assignable to parameter of type '"skip" |
useQuery(api.contacts.create, { fullName: "" });
    Type '"mutation"' is not assignable to type '"query"'.
useMutation(api.contacts.create)();
    Expected 1 arguments, but got 0.
useMutation(api.contacts.create)({ fulName: "" });
    'fulName' does not exist in type 'ContactsCreateArgs'. Did you mean to write 'fullName'?
local.set(api.contacts.count, {}, "3");
    Argument of type 'string' is not assignable to parameter of type 'number'.
local.set(api.contacts.list, { stage: "typo" }, undefined);
    Type '"typo"' is not assignable to type 'Stage | null | undefined'.
local.get(api.contacts.get);
    Property 'contactId' is missing in type '{}' but required in type 'ContactsGetArgs'.
local.get(api.contacts.create, { fullName: "" });
    Type '"mutation"' is not assignable to type '"query"'.
local.get(api.contacts.count).toFixed();
    Object is possibly 'undefined'.
client.mutation(api.contacts.create, { fullName: "" }, { optimistic: (_, args) => args.fulName });
    Property 'fulName' does not exist on type 'ContactsCreateArgs'. Did you mean 'fullName'?
useMutation(api.contacts.create, { optimistic: (local: LocalResults, args: { id: number }) => [local, args] });
    Property 'id' is missing in type 'ContactsCreateArgs' but required in type '{ id: number; }'.
useQuery(api.contacts.count).data.toFixed();
    Object is possibly 'undefined'.
"""
BAD = dict(re.findall(r"^(\S.*)\n +(.*)$", MISTAKES, re.MULTILINE))
SIZE_MAX = 460
"""Characters of the longest message."""


@pytest.mark.parametrize("compiler", COMPILERS)
def test_mistakes_are_found_where_they_are_and_said_in_few_words(project: Path, compiler: str) -> None:
    lines = "\n".join(f"  {call}" for call in BAD)
    errors = compile_errors(project, f"{IMPORTS}export async function bad(): Promise<void> {{\n{lines}\n}}\n", compiler)
    by_line: dict[int, str] = {}
    for error in errors:
        found = re.match(r"index\.ts\((\d+),", error)
        assert found, error
        by_line[int(found[1])] = error
    first = IMPORTS.count("\n") + 2
    for line, (call, message) in enumerate(BAD.items(), first):
        error = by_line.pop(line, "no error")
        assert message in error, f"{call}\n{error}"
        assert len(error) <= SIZE_MAX, error
    assert by_line == {}


@pytest.mark.parametrize("optimistic", [False, True], ids=["plain", "optimistic"])
def test_types_cost_little(tmp_path: Path, optimistic: bool) -> None:
    modules, functions = 40, 6
    project = make_project(tmp_path, large(modules, functions))
    names = [f"api.module{m}.function{f}" for m in range(modules) for f in range(functions)]
    kinds = ("query", "mutation", "query", "action")
    uses = (".items.length", ".length", "?.field0", "")
    update = "optimistic: (local, args) => local.set(%s, args, local.get(%s, { name: args.name }))"
    options = ("", f", {{ {update} }}" if optimistic else "", "", "")
    mutations = sum(kinds[i % functions % 4] == "mutation" for i in range(len(names)))
    calls_max = len(names) + (3 * mutations if optimistic else 0)  # an update, and the get and the set in it
    calls = [
        f'export const r{i} = (await client.{kinds[f]}({name}, {{ name: "x", stage: "lead" }}'
        + options[f].replace("%s", name.replace("function1", "function0").replace("function5", "function4"))
        + f")){uses[f]};"
        for i, name in enumerate(names)
        for f in [i % functions % 4]
    ]
    head = 'import { Client } from "@crm/backend";\nimport { api } from "@crm/backend/api";\n'
    source = head + 'const client = new Client("https://crm.example");\n' + "\n".join(calls) + "\n"
    assert compile_errors(project, source, options={"skipLibCheck": True}) == []
    for compiler in COMPILERS.values():
        out = run("node", compiler, "-p", project, "--extendedDiagnostics")
        found = re.search(r"Instantiations:\s+(\d+)", out)
        assert found
        assert int(found[1]) <= 12 * calls_max


def large(modules: int, functions: int) -> Contract:
    stage = AliasType("Stage", LiteralType(("lead", "won")))
    parts: list[ObjectType | Function] = []
    for m in range(modules):
        fields = [
            field(
                f"field{i}",
                (TEXT, optional(TEXT), IdType("docs0"), RefType("Stage"), IntType(), ArrayType(TEXT))[i % 6],
            )
            for i in range(10)
        ]
        parts.append(document(f"Doc{m}", f"docs{m}", *fields))
        returns = (ArrayType(RefType(f"Doc{m}")), IdType(f"docs{m}"), optional(RefType(f"Doc{m}")), NULL)
        page = document(f"Page{m}", f"pages{m}", field("items", returns[0]))
        parts.append(page)
        for f in range(functions):
            kind = ("query", "mutation", "query", "action")[f % 4]
            result = RefType(page.name) if f % 4 == 0 else returns[f % 4]
            args = (field("name", TEXT), field("stage", optional(RefType("Stage")), default=None))
            parts.append(function(f"module{m}", f"function{f}", kind, result, *args))
    return contract(stage, *parts)


def test_the_package_runs_in_node_as_it_is(project: Path) -> None:
    script = """
import { Client, fingerprint, isAppError } from "@crm/backend";
import { api } from "@crm/backend/api";
import { HttpClient } from "@crm/backend/http";
import { Color, Stage } from "@crm/backend/types";
if (!fingerprint || !Object.isFrozen(Stage) || Stage.lead !== "lead" || Color.RED !== "red") throw new Error("types");
if (`${api.billing.invoices.pay}` !== "api.billing.invoices.pay" || isAppError(1)) throw new Error("api");
const client = new Client("https://crm.example"); // Node 20 has no WebSocket of its own
client.close();
new HttpClient("https://crm.example");
"""
    (project / "run.mjs").write_text(script)
    assert run("node", project / "run.mjs", cwd=project) == ""


def test_a_browser_gets_no_part_of_node(project: Path) -> None:
    (project / "page.js").write_text('export * from "@crm/backend";\nexport * from "@crm/backend/react";\n')
    out = project / "page.out.js"
    esbuild = COMPILERS["7"].parents[2] / ".bin" / "esbuild"
    run(
        esbuild,
        project / "page.js",
        "--bundle",
        "--format=esm",
        "--external:react",
        f"--outfile={out}",
        "--log-level=error",
    )
    assert "node:" not in out.read_text()


def test_tools_that_know_no_exports_find_every_entry(project: Path) -> None:
    """As old bundlers and React Native without package exports look for them."""
    options = {"module": "ESNext", "moduleResolution": "node10", "ignoreDeprecations": "5.0"}
    assert compile_errors(project, GOOD, "5.9", options=options) == []
