"""What is found in the source of TypeScript consumers, by the classic compiler and by the native one.

Each case is a file; all are read in one run, as one consumer.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from schemagen.check.typescript_usage import typescript_usage
from schemagen.check.usage import Usage
from schemagen.cli.typescript_reader import reader_file
from schemagen.emit.typescript import emit_typescript
from tests.check.crm import CRM, described

TOOLS = Path(__file__).resolve().parents[2] / "templates" / "typescript" / "node_modules"
COMPILERS = {"5.9": TOOLS / "typescript-5.9", "7": TOOLS / "typescript"}
pytestmark = pytest.mark.slow
HEAD = """
import { Client, isAppError } from "@crm/backend";
import { api } from "@crm/backend/api";
import { useMutation, useQuery } from "@crm/backend/react";
declare const crm: Client;
declare const anything: any;
declare const name: string;
"""
CASES: dict[str, tuple[str, set[str]]] = {}


def case(says: str, source: str, *expected: str, head: str = HEAD) -> None:
    """A file of the consumer, and the functions, arguments, types and fields that it uses."""
    assert says not in CASES
    CASES[says] = (head + dedent(source), set(expected))


# --- calls ---

case(
    "a call uses its function and the arguments it names",
    "await crm.mutation(api.contacts.create, { fullName: 'Ada', email: null });",
    "contacts.create",
    "contacts.create(fullName)",
    "contacts.create(email)",
)
case(
    "functions of modules in modules are found",
    "crm.action(api.billing.invoices.pay, { number: '1' });",
    "billing.invoices.pay",
    "billing.invoices.pay(number)",
)
case("functions of the package itself are found", "crm.query(api.ping);", "ping")
case(
    "hooks call functions too",
    """
    export function Page() {
      const { data } = useQuery(api.contacts.list, { stage: "lead" });
      const create = useMutation(api.contacts.create);
      const pay = () => create({ fullName: "Ada" });
      return <button onClick={pay}>{data?.items.length}</button>;
    }
    """,
    "contacts.list",
    "contacts.list(stage)",
    "contacts.create",
    "contacts.create(fullName)",
    "ContactPage.items",
)
case(
    "skipped and conditional arguments are known",
    "useQuery(api.contacts.list, name ? { stage: 'won', ...(name ? { page: { size: 9 } } : {}) } : 'skip');",
    "contacts.list",
    "contacts.list(stage)",
    "contacts.list(page)",
    "PageRequest.size",
)
case(
    "an argument may be written short",
    "const fullName = name; crm.mutation(api.contacts.create, { fullName });",
    "contacts.create",
    "contacts.create(fullName)",
)
case(
    "arguments from a variable may be any",
    "const args = { stage: 'won' } as const; crm.query(api.contacts.list, args);",
    "contacts.list",
    "contacts.list(*): all, as args",
)
case(
    "arguments of the SDK's own type are known where they were made",
    """
    import type { ContactsListArgs } from "@crm/backend/api";
    const args: ContactsListArgs = { stage: "won" };
    crm.query(api.contacts.list, args);
    """,
    "contacts.list",
    "contacts.list(stage)",
)
case(
    "a spread may hold any argument",
    "declare const more: { stage?: 'won' }; crm.query(api.contacts.list, { ...more });",
    "contacts.list",
    "contacts.list(*): all, as more",
)
case(
    "arguments of no type may be any",
    "crm.query(api.contacts.list, anything);",
    "contacts.list",
    "contacts.list(*): all, as anything",
)
case(
    "an argument's name may be computed",
    "const key = 'stage'; crm.query(api.contacts.list, { [key]: 'won' });",
    "contacts.list",
    "contacts.list(stage)",
)

# --- ways to a function ---

case(
    "modules and functions may be taken apart and renamed",
    """
    const { contacts, billing: { invoices } } = api;
    const { list: all } = contacts;
    crm.query(all, { stage: "won" });
    crm.action(invoices.pay, { number: "1" });
    """,
    "contacts.list",
    "contacts.list(stage)",
    "billing.invoices.pay",
    "billing.invoices.pay(number)",
)
case("a literal name is a name", "crm.query(api['contacts']['list'], {});", "contacts.list")
case(
    "a computed name may be any function of its module",
    "anything(api.tags[name as keyof typeof api.tags], api.contacts[name as 'get' | 'files']);",
    "tags.list",
    "contacts.get",
    "contacts.files",
    "contacts.get: all, as api.contacts[name as 'get' | 'files']",
    "type File: all, as api.contacts[name as 'get' | 'files']",
)
case(
    "a module that becomes untyped is used whole",
    "const all: unknown = api.billing; void all;",
    "billing.invoices.pay: all, as api.billing",
)
case(
    "a function in code of the consumer is followed by its type",
    """
    import type { Query } from "@crm/backend";
    function useOnce<Args, Returns>(query: Query<Args, Returns>, args: Args) {
      return useQuery(query, args);
    }
    const { data } = useOnce(api.contacts.list, { stage: "won" });
    console.log(data?.nextCursor);
    """,
    "contacts.list",
    "contacts.list(stage)",
    "ContactPage.nextCursor",
)
case(
    "what a generic of the consumer does to its values is done to all it is given",
    """
    function show<T>(value: T): T { console.log(value); return value; }
    function pass<T>(value: T): T { return value; }
    declare const file: import("@crm/backend/types").File;
    declare const contact: import("@crm/backend/types").Contact;
    show(file);
    pass(contact).fullName;
    """,
    "type File",
    "type Contact",
    "type File: all, as file",
    "Contact.fullName",
)
case(
    "re-exports of the consumer are followed",
    "import { contactsApi, type Person } from './shared'; crm.query(contactsApi.get, { contactId: anything });"
    "declare const person: Person; person.stage;",
    "contacts.get",
    "contacts.get(contactId)",
    "type Contact",
    "Contact.stage",
)
CASES["shared"] = (
    "import { api } from '@crm/backend/api';\nexport const contactsApi = api.contacts;\n"
    "export type { Contact as Person } from '@crm/backend/types';\n",
    {"type Contact"},
)

# --- results ---

FIELDS = ("id", "creationTime", "fullName", "stage", "address", "referredBy")

RESULT = "const contact = await crm.query(api.contacts.get, { contactId: anything });\n"
GET = ("contacts.get", "contacts.get(contactId)")


def reads(says: str, source: str, *expected: str) -> None:
    """What code does to a contact."""
    case(says, RESULT + dedent(source), *GET, *expected)


reads("a read property is a used field", "contact.address?.street;", "Contact.address", "Address.street")
reads("a literal index is a used field", "contact['fullName'];", "Contact.fullName")
reads("an index of known names uses these", "contact[name as 'stage' | 'id'];", "Contact.stage", "Contact.id")
reads("a computed index uses all", "(contact as any)[name];", "type Contact: all, as contact as any")
reads(
    "patterns use what they name",
    "const { fullName: called, address, ...rest } = contact; const { city } = address ?? { city: '' }; rest.stage;",
    "Contact.fullName",
    "Contact.address",
    "Address.city",
    "Contact.stage",
)
reads(
    "what a parameter takes apart is used",
    "const f = ({ stage }: typeof contact) => stage; f(contact);",
    "Contact.stage",
)
reads("assigned patterns use what they name", "let stage; ({ stage } = contact);", "Contact.stage")
reads("text of a whole record uses all", "JSON.stringify(contact);", "type Contact: all, as contact")
reads(
    "a record inside what becomes text is used whole",
    "JSON.stringify({ at: [contact] });",
    "type Contact: all, as { at: [contact] }",
)
reads("keys of a record are all of them", "Object.keys(contact);", "type Contact: all, as contact")
reads("a loop over a record uses all", "for (const key in contact) void key;", "type Contact: all, as for … in")
reads(
    "a record that becomes unknown is used whole",
    "const x: unknown = contact; void x;",
    "type Contact: all, as contact",
)
reads("a thrown record is used whole", "throw contact;", "type Contact: all, as thrown")
reads(
    "a copy is used as far as it is read", "const copy = { ...contact, extra: 1 }; copy.fullName;", "Contact.fullName"
)
reads(
    "a copy that becomes text is used whole",
    "JSON.stringify({ ...contact });",
    *(f"Contact.{field}" for field in ("id", "creationTime", "fullName", "stage", "address", "referredBy")),
    "type Address: all, as { ...contact }",
    "type Contact: all, as { ...contact }",
    "type Contact: all, as contact",
)
reads(
    "a type of the consumer's own uses the fields it has",
    """
    interface Named { fullName: string; address: { city: string } | null }
    function greet(named: Named) { return named.address?.city; }
    greet(contact);
    """,
    "Contact.fullName",
    "Contact.address",
    "Address.city",
)
reads("an assertion is such a type too", "(contact as { stage: string }).stage;", "Contact.stage")
reads(
    "a function of the consumer's own type takes what it names",
    """
    function show(page: { items: { fullName: string }[] }) { void page; }
    crm.watch(api.contacts.list, {}, show);
    """,
    "contacts.list",
    "ContactPage.items",
    "Contact.fullName",
)
reads(
    "lists and promises are seen through",
    """
    const later = Promise.all([contact].filter(Boolean).map(async (each) => each));
    (await later)[0]?.referredBy?.stage;
    """,
    "Contact.referredBy",
    "Contact.stage",
)
reads("a name that is asked for is used", "'stage' in contact;", "Contact.stage")
reads(
    "a part of the record's type keeps its fields",
    """
    type Short = Pick<typeof contact, "fullName" | "stage">;
    const short: Short = contact;
    short.fullName;
    """,
    "Contact.fullName",
    "Contact.stage",
)
reads(
    "components take records by their own types",
    """
    import type { Contact } from "@crm/backend/types";
    const Row = ({ contact }: { contact: Contact }) => <i>{contact.fullName}</i>;
    const Tag = ({ of }: { of: { stage: string } }) => <b>{of.stage}</b>;
    export const rows = [<Row contact={contact} />, <Tag of={contact} />];
    """,
    "type Contact",
    "Contact.fullName",
    "Contact.stage",
)
reads(
    "code that is not read may use all",
    "import { pick } from 'not-installed'; pick(contact);",
    "type Contact: all, as contact",
)
reads("comparing and storing records uses nothing of them", "const before = contact; void (before === contact);")

reads(
    "items of lists have their fields",
    """
    const page = await crm.query(api.contacts.list);
    const [first, { stage = "lead" } = contact] = page.items;
    const byId = new Map(page.items.map((each) => [each.id, each]));
    byId.get(anything)?.fullName;
    void first;
    """,
    "contacts.list",
    "ContactPage.items",
    "Contact.stage",
    "Contact.id",
    "Contact.fullName",
)
reads(
    "standard functions hand on what they are given",
    "structuredClone(contact).stage; Object.assign({}, contact).fullName; Object.freeze([contact])[0]?.id;",
    "Contact.stage",
    "Contact.fullName",
    "Contact.id",
)
reads("entries of a record are all of them", "Object.entries(contact);", "type Contact: all, as contact")
reads("printing a record uses all", "console.log('got', contact);", "type Contact: all, as contact")
reads(
    "printing a whole answer uses all",
    "const r = useQuery(api.contacts.files); console.log(r);",
    "contacts.files",
    "type File: all, as r",
)
reads(
    "a generic with a constraint uses what that names",
    "function ids<T extends { id: string }>(them: T[]) { return them.map(({ id }) => id); }\nids([contact]);",
    "Contact.id",
)
reads(
    "a generic that is only declared may use all",
    "declare function show<T>(value: T): void;\nshow(contact);",
    "type Contact: all, as contact",
)
reads(
    "a generic class that gives its values away gives all of them away",
    """
    class Box<T> {
      constructor(readonly value: T) {}
      text() { return JSON.stringify(this.value); }
    }
    class Shelf<T> { constructor(readonly value: T) {} }
    new Box(contact);
    declare const shelf: Shelf<import("@crm/backend/types").File>;
    """,
    "type File",
    "type Contact: all, as contact",
    "type Contact: all, as this.value",
)
reads(
    "types that hold each other are looked through",
    """
    interface Left { right: Right | null }
    interface Right { left: Left; contact: typeof contact }
    declare const left: Left;
    declare const right: Right;
    JSON.stringify(right.left);
    void left;
    """,
    "type Contact: all, as right.left",
)
reads(
    "a state of the consumer's own holds records",
    """
    const state: { chosen: typeof contact | null } = { chosen: null };
    state.chosen = contact;
    state.chosen?.stage;
    """,
    "Contact.stage",
)
reads(
    "a computed read in a generic uses all",
    "function get<T, K extends keyof T>(of: T, key: K) { return of[key]; }\nget(contact, 'stage');",
    "type Contact: all, as contact",
)

# --- updates, types, errors ---

case(
    "optimistic updates read and write results",
    """
    useMutation(api.contacts.create, {
      optimistic(local, { fullName }) {
        const page = local.get(api.contacts.list, {});
        const last = { ...page!.items[0]!, fullName };
        if (page) local.set(api.contacts.list, {}, { ...page, items: [...page.items, last] });
      },
    });
    """,
    "contacts.create",
    "contacts.create(fullName)",
    "contacts.list",
    "ContactPage.items",
)
case(
    "types are used by their names",
    """
    import type { Contact as Person } from "@crm/backend/types";
    import type * as types from "@crm/backend/types";
    export type Both = Person | types.File["name"];
    """,
    "type Contact",
    "type File",
    "File.name",
)
case(
    "unions are told apart by their tag",
    """
    for (const event of await crm.query(api.contacts.events, { contactId: anything }))
      switch (event.kind) {
        case "call": event.seconds; break;
        case "note": event.text; break;
      }
    """,
    "contacts.events",
    "contacts.events(contactId)",
    "CallLogged.kind",
    "NoteAdded.kind",
    "CallLogged.seconds",
    "NoteAdded.text",
)
case(
    "errors are used by their codes and data",
    """
    try { await crm.query(api.ping); } catch (error) {
      if (!isAppError(error)) throw error;
      if (error.code === "quota_exceeded") error.data.limit;
      switch (error.code) { case "forbidden": error.data; }
    }
    """,
    "ping",
    "type QuotaExceeded",
    "QuotaExceeded.limit",
    "type Forbidden",
)
case("a program may use nothing", "const x = { contacts: { list: 1 } }; x.contacts.list; JSON.stringify(x);")


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdk")
    for path, text in emit_typescript(CRM, "@crm/backend", "../..").items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module", params=sorted(COMPILERS))
def compiler(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `typescript` is installed, in one version."""
    folder = tmp_path_factory.mktemp("tools")
    (folder / "node_modules").mkdir()
    (folder / "node_modules" / "typescript").symlink_to(COMPILERS[str(request.param)], target_is_directory=True)
    return folder


@pytest.fixture(scope="module")
def usage(sdk: Path, compiler: Path, tmp_path_factory: pytest.TempPathFactory) -> Usage:
    folder = tmp_path_factory.mktemp("consumer")
    for i, (says, (source, _)) in enumerate(CASES.items()):
        (folder / (f"{says}.ts" if says == "shared" else f"case{i}.tsx")).write_text(source, "utf-8")
    return read(folder, sdk, compiler)


def read(folder: Path, sdk: Path, compiler: Path) -> Usage:
    ran = run(folder, sdk, compiler)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    answer = json.loads(ran.stdout)
    uses = [{**use, "file": Path(use["file"]).relative_to(folder.resolve()).as_posix()} for use in answer["uses"]]
    return typescript_usage("web", CRM, uses)


def run(folder: Path, sdk: Path, compiler: Path) -> subprocess.CompletedProcess[str]:
    command = ["node", str(reader_file()), "--consumer", str(folder), "--package", "@crm/backend", "--sdk", str(sdk)]
    return subprocess.run([*command, "--typescript", str(compiler)], capture_output=True, text=True)


@pytest.mark.parametrize("says", CASES)
def test_a_use_is_found(says: str, usage: Usage) -> None:
    file = "shared.ts" if says == "shared" else f"case{list(CASES).index(says)}.tsx"
    found = replace(usage, uses=tuple(use for use in usage.uses if use.place.file == file))
    assert described(found) == CASES[says][1]


# --- projects ---


def found(sdk: Path, compiler: Path, folder: Path, files: dict[str, str]) -> Usage:
    write(folder, files)
    return read(folder, sdk, compiler)


def write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")


USES_TAGS = f"{HEAD}crm.query(api.tags.list);"


def test_a_place_is_that_of_the_name_in_characters(sdk: Path, compiler: Path, tmp_path: Path) -> None:
    source = 'import { api } from "@crm/backend/api";\n\nconst é = [api\n  .tags.list, "🎉", api.ping];\n'
    uses = found(sdk, compiler, tmp_path, {"main.ts": source}).uses
    assert [f"{use.place} {use.target.function}" for use in uses] == ["main.ts:4:9 tags.list", "main.ts:4:24 ping"]


def test_aliases_and_parts_of_a_project_are_those_of_its_settings(sdk: Path, compiler: Path, tmp_path: Path) -> None:
    files = {
        "tsconfig.json": '{"files": [], "references": [{"path": "./tsconfig.app.json"}, {"path": "./tools"}]}',
        "tsconfig.app.json": json.dumps(
            {
                "compilerOptions": {"composite": True, "strict": True, "paths": {"~/*": ["./source/*"]}},
                "include": ["source"],
            }
        ),
        "source/api.ts": "export { api as backend } from '@crm/backend/api';",
        "source/main.ts": "import { backend } from '~/api'; backend.tags.list;",
        "tools/tsconfig.json": '{"compilerOptions": {"composite": true}, "include": ["."]}',
        "tools/fill.ts": "import { backend } from '../source/api'; backend.ping;",
    }
    usage = found(sdk, compiler, tmp_path, files)
    assert described(usage) == {"tags.list", "ping"}
    assert {use.place.file for use in usage.uses} == {"source/main.ts", "tools/fill.ts"}


def test_source_that_no_settings_mention_is_read_too(sdk: Path, compiler: Path, tmp_path: Path) -> None:
    files = {
        "tsconfig.json": '{"include": ["src"], "compilerOptions": {"strict": true}}',
        "src/main.ts": USES_TAGS,
        "scripts/seed.mjs": "import { api } from '@crm/backend/api';\nexport const show = (file) => file.name;\n"
        "/** @param {import('@crm/backend/types').File} file */\nexport const use = (file) => show(file);\napi.ping;",
        "node_modules/other/index.js": "import { api } from '@crm/backend/api'; api.contacts.files;",
        "dist/main.js": "import { api } from '@crm/backend/api'; api.contacts.files;",
    }
    assert described(found(sdk, compiler, tmp_path, files)) == {
        "tags.list",
        "ping",
        "type File",
        "type File: all, as file",
    }


def test_source_of_a_workspace_outside_the_folder_belongs_to_the_consumer(
    sdk: Path, compiler: Path, tmp_path: Path
) -> None:
    write(tmp_path, {"shared/list.ts": "import { api } from '@crm/backend/api';\nexport const list = api.tags.list;"})
    write(tmp_path, {"web/main.ts": "import { list } from '../shared/list';\nvoid list;"})
    answer = json.loads(run(tmp_path / "web", sdk, compiler).stdout)
    assert [(Path(use["file"]).name, use["function"]) for use in answer["uses"]] == [("list.ts", "tags.list")]


def test_files_that_hold_other_languages_may_use_everything(sdk: Path, compiler: Path, tmp_path: Path) -> None:
    usage = found(sdk, compiler, tmp_path, {"App.vue": "<template>{{ contact.fullName }}</template>"})
    assert described(usage) == {"everything: all, as a .vue file, which the compiler cannot read"}


def test_a_packages_own_functions_may_use_all_they_are_given(sdk: Path, compiler: Path, tmp_path: Path) -> None:
    files = {
        "node_modules/kit/package.json": '{"name": "kit", "version": "1.0.0", "types": "index.d.ts"}',
        "node_modules/kit/index.d.ts": "export declare function sort<T>(them: T[], by: keyof T): T[];",
        "main.ts": f"{HEAD}import {{ sort }} from 'kit';\nsort(await crm.query(api.contacts.files), 'name');",
    }
    assert described(found(sdk, compiler, tmp_path, files)) == {
        "contacts.files",
        "type File: all, as await crm.query(api.contacts.files)",
    }


def test_a_file_that_is_no_typescript_is_a_mistake_with_its_place(sdk: Path, compiler: Path, tmp_path: Path) -> None:
    write(tmp_path, {"main.ts": "const a = 1;\nconst = 2;"})
    ran = run(tmp_path, sdk, compiler)
    (mistake, *_) = json.loads(ran.stdout)["mistakes"]
    assert ran.returncode == 2
    assert (mistake["rule"], mistake["line"], mistake["column"]) == ("consumer_syntax", 2, 7)


def test_a_consumer_without_typescript_is_told_so(sdk: Path, tmp_path: Path) -> None:
    write(tmp_path, {"main.ts": USES_TAGS})
    (mistake,) = json.loads(run(tmp_path, sdk, tmp_path).stdout)["mistakes"]
    assert mistake["rule"] == "typescript_missing"


def test_a_typescript_that_cannot_be_asked_gives_way_to_one_beside_it(sdk: Path, tmp_path: Path) -> None:
    future = {"package.json": '{"name": "typescript", "version": "9.1.0", "type": "module"}'}
    write(tmp_path / "node_modules" / "typescript", future)
    write(tmp_path, {"main.ts": USES_TAGS})
    (mistake,) = json.loads(run(tmp_path, sdk, tmp_path).stdout)["mistakes"]
    assert mistake["rule"] == "typescript_unknown" and "TypeScript 9.1.0" in mistake["says"]
    (tmp_path / "node_modules" / "typescript-5.9").symlink_to(COMPILERS["5.9"], target_is_directory=True)
    assert described(read(tmp_path, sdk, tmp_path)) == {"tags.list"}
