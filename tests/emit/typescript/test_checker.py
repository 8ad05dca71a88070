"""`schemagen-check` in the build of a team that has nothing but the npm package."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest

from schemagen.emit.typescript import emit_typescript
from tests.emit.consumers import BY_STAGE, LOST_STAGE, NEW_FUNCTION, NO_PHONE, NO_PURGE, NO_SCORES, TIGHTER, backend
from tests.emit.python.server import serving
from tests.emit.typescript.project import COMPILERS, MODULES, STRICT, write_package

pytestmark = pytest.mark.slow

SOURCE = """\
import { Client } from "@crm/backend";
import { api } from "@crm/backend/api";

export const client = new Client("https://crm.example");

export async function add(name: string): Promise<string> {
  return client.mutation(api.create, { fullName: name });
}

export async function winners(): Promise<string[]> {
  return (await client.query(api.list, { stage: "won" })).map((contact) => `${contact.stage} ${contact.fullName}`);
}

export async function best(): Promise<number> {
  return (await client.query(api.scores, {}))["Ada"] ?? 0;
}
"""


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Consumer:
    """A program in `app`, with the package and TypeScript in its `node_modules`."""

    root: Path
    compiler: str = "typescript-5.9"

    @property
    def app(self) -> Path:
        return self.root / "app"

    def set_up(self) -> None:
        (self.app / "node_modules").mkdir(parents=True)
        (self.app / "node_modules" / "typescript").symlink_to(MODULES / self.compiler)
        self.write("package.json", '{"name": "app", "type": "module"}')
        settings = {"compilerOptions": {**STRICT, "module": "NodeNext", "moduleResolution": "NodeNext"}}
        self.write("tsconfig.json", json.dumps({**settings, "include": ["src"]}))
        self.write("src/main.ts", SOURCE)
        self.install()

    def install(self, *edits: tuple[str, str]) -> None:
        """The package of the backend after the edits."""
        folder = self.app / "node_modules/@crm/backend"
        rmtree(folder, ignore_errors=True)
        write_package(folder, backend(self.root / "backend", *edits).contract)

    def write(self, name: str, text: str) -> None:
        (self.app / name).parent.mkdir(parents=True, exist_ok=True)
        (self.app / name).write_text(text, "utf-8")

    def node(self, *arguments: str) -> Ran:
        done = subprocess.run(
            ["node", *arguments],
            cwd=self.app,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            env={**os.environ, "NODE_NO_WARNINGS": "1"},
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def check(self, *options: str) -> Ran:
        """As npm would run it: what `bin` of the package names."""
        folder = self.app / "node_modules/@crm/backend"
        named = json.loads((folder / "package.json").read_text("utf-8"))["bin"]["schemagen-check"]
        return self.node(str(folder / named), *options)

    def found(self, *options: str) -> dict[str, Any]:
        ran = self.check("--format", "json", *options)
        assert ran.out, ran.err
        answer: dict[str, Any] = json.loads(ran.out)
        assert ran.code == (2 if answer["mistakes"] else 0 if answer["ok"] else 1), ran
        return answer

    def rules(self, *options: str) -> list[str]:
        return [change["rule"] for each in self.found(*options)["comparisons"] for change in each["changes"]]


@pytest.fixture
def consumer(tmp_path: Path) -> Consumer:
    """A program that was checked against the backend as it is, and has its lock."""
    made = Consumer(tmp_path)
    made.set_up()
    ran = made.check("--update")
    assert ran.code == 0, ran
    return made


def test_the_first_run_says_how_to_make_a_lock(tmp_path: Path) -> None:
    made = Consumer(tmp_path)
    made.set_up()
    ran = made.check()
    assert (ran.code, ran.out) == (2, "")
    assert "error[lock_missing]" in ran.err
    assert "npx schemagen-check --update" in ran.err


def test_the_lock_holds_what_is_used_and_nothing_else(consumer: Consumer) -> None:
    lock = json.loads((consumer.app / "schemagen.lock.json").read_text("utf-8"))
    assert lock["language"] == "typescript"
    assert sorted(lock["contract"]["functions"]) == ["create", "list", "scores"]
    assert [field["name"] for field in lock["contract"]["types"]["Contact"]["fields"]] == ["full_name", "stage"]


def test_both_compilers_read_the_same(consumer: Consumer, tmp_path: Path) -> None:
    other = Consumer(tmp_path / "native", "typescript")
    other.set_up()
    assert other.check("--update").code == 0
    locks = [json.loads((each.app / "schemagen.lock.json").read_text("utf-8")) for each in (consumer, other)]
    assert locks[0] == locks[1]


def test_nothing_changed_is_silence_the_first_time_and_when_it_is_remembered(consumer: Consumer) -> None:
    assert consumer.check() == Ran(0, "", "")
    assert (consumer.app / "node_modules/.cache/schemagen-check.txt").is_file()
    assert consumer.check() == Ran(0, "", "")


def test_what_is_remembered_is_forgotten_when_a_source_changes(consumer: Consumer) -> None:
    assert consumer.check().code == 0
    consumer.write("src/more.ts", 'import { api } from "@crm/backend/api";\nexport const clear = api.purge;\n')
    ran = consumer.check()
    assert ran.code == 1
    assert "src/more.ts:2:26: error[lock_behind]: purge is used here" in ran.out
    assert consumer.check("--update").code == 0
    assert consumer.check() == Ran(0, "", "")


def test_a_field_that_is_newly_read_has_to_get_into_the_lock(consumer: Consumer) -> None:
    consumer.write("src/main.ts", SOURCE.replace("${contact.fullName}", "${contact.fullName} ${contact.phone}"))
    assert [use["uses"] for use in consumer.found()["unlocked"]] == ["Contact.phone"]


def test_a_constraint_that_the_compiler_does_not_see_breaks_the_build(consumer: Consumer) -> None:
    consumer.install(TIGHTER)
    compiled = consumer.node(str(COMPILERS["5.9"]), "-p", ".")
    assert compiled.code == 0, compiled
    ran = consumer.check()
    assert ran.code == 1
    assert "error[args_constraint_tightened]: create(full_name): " in ran.out
    assert "callers: src/main.ts:7:40  create(fullName)" in ran.out
    [change] = consumer.found()["comparisons"][0]["changes"]
    assert len(change["witness"]["fullName"]) == 21


def test_calls_of_a_function_that_is_gone_are_found_where_the_source_still_has_its_name(consumer: Consumer) -> None:
    consumer.write("src/main.ts", f"// one line more\n{SOURCE}")
    consumer.install(NO_SCORES)
    [comparison] = consumer.found()["comparisons"]
    assert (comparison["old"], comparison["new"]) == ("schemagen.lock.json", "@crm/backend")
    [change] = comparison["changes"]
    assert (change["rule"], change["level"]) == ("function_removed", "wire")
    assert [(site["file"], site["line"], site["column"]) for site in change["call_sites"]] == [("src/main.ts", 16, 34)]


def test_a_value_that_the_program_does_not_know_is_named_where_it_is_read(consumer: Consumer) -> None:
    consumer.install(LOST_STAGE)
    ran = consumer.check()
    assert ran.code == 1
    assert "returns_value_added" in ran.out
    assert '"lost"' in ran.out
    assert "src/main.ts:11:" in ran.out


def test_an_argument_that_became_required_is_found_at_the_calls_that_lack_it(consumer: Consumer) -> None:
    consumer.install(BY_STAGE)
    assert consumer.rules() == ["args_field_required"]


@pytest.mark.parametrize("edit", [NO_PURGE, NEW_FUNCTION, NO_PHONE])
def test_what_the_program_does_not_use_may_change_silently(consumer: Consumer, edit: tuple[str, str]) -> None:
    consumer.install(edit)
    assert consumer.check() == Ran(0, "", "")


def test_a_new_lock_says_that_the_code_copes(consumer: Consumer) -> None:
    consumer.install(TIGHTER)
    assert consumer.check().code == 1
    assert consumer.check("--update").code == 0
    assert consumer.check() == Ran(0, "", "")


def test_annotations_stand_at_the_calls(consumer: Consumer) -> None:
    consumer.install(TIGHTER)
    assert consumer.check("--format", "github").out.startswith("::error file=src/main.ts,line=7,col=40,title=args_")


def test_the_deployed_server_may_be_ahead_or_behind_or_the_same(consumer: Consumer, tmp_path: Path) -> None:
    with serving(backend(tmp_path / "ahead", TIGHTER)) as server:
        [comparison] = consumer.found("--url", server.address)["comparisons"]
        assert (comparison["old"], comparison["new"]) == ("@crm/backend", server.address)
        assert [change["rule"] for change in comparison["changes"]] == ["args_constraint_tightened"]
    with serving(backend(tmp_path / "behind", NO_SCORES)) as server:
        assert consumer.rules("--url", server.address) == ["function_removed"]
    with serving(backend(tmp_path / "same")) as server:
        assert consumer.check("--url", server.address) == Ran(0, "", "")


def test_what_keeps_a_check_from_being_made_is_said(consumer: Consumer) -> None:
    assert consumer.found("--url", "http://127.0.0.1:9")["mistakes"][0]["rule"] == "server_unreachable"
    assert consumer.found("--source", "nowhere")["mistakes"][0]["rule"] == "source_missing"
    consumer.write("src/broken.ts", "export const = 1;\n")
    [mistake, *_] = consumer.found()["mistakes"]
    assert (mistake["rule"], mistake["place"]) == ("source_syntax", "src/broken.ts:1:14")


def test_an_option_that_is_none_is_a_mistake(consumer: Consumer) -> None:
    assert consumer.check("--fromat", "json").code == 2
    assert consumer.check("--format", "yaml").code == 2


def test_one_line_in_a_test_is_enough(consumer: Consumer) -> None:
    consumer.write("test.mjs", 'import { check } from "@crm/backend/check";\nawait check();\n')
    assert consumer.node("test.mjs") == Ran(0, "", "")
    consumer.install(TIGHTER)
    assert "ContractChanged: \nerror[args_constraint_tightened]: create(full_name)" in consumer.node("test.mjs").err


def test_the_types_of_the_checker_are_there(consumer: Consumer) -> None:
    consumer.write(
        "src/test.ts", 'import { check } from "@crm/backend/check";\nawait check({ lock: "a", source: "b" });\n'
    )
    for compiler in COMPILERS.values():
        compiled = consumer.node(str(compiler), "-p", ".")
        assert compiled.code == 0, compiled


def test_nothing_of_the_checker_is_imported_by_the_rest() -> None:
    from tests.emit.typescript.sample import CRM

    files = emit_typescript(CRM, "@crm/backend", "..")
    others = {path: text for path, text in files.items() if path.parts[0] != "check" and path.suffix in (".js", ".ts")}
    assert [path for path, text in others.items() if "/check/" in text] == []
