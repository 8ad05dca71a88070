"""`python -m crm check` in the build of a team that has nothing but the package."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from schemagen.emit.python.checker_files import checker_files
from schemagen.model.contract import Contract
from tests.emit.consumers import (
    BY_STAGE,
    LOST_STAGE,
    NEW_FUNCTION,
    NO_PHONE,
    NO_PURGE,
    NO_SCORES,
    TIGHTER,
    backend,
)
from tests.emit.python.package import mypy_errors, write_package
from tests.emit.python.server import serving

SOURCE = """\
from crm import Client

client = Client("https://crm.example")


def add(name: str) -> str:
    return client.create(full_name=name)


def winners() -> list[str]:
    return [contact.full_name for contact in client.list(stage="won")]


def best() -> dict[str, int]:
    return client.scores()
"""


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Consumer:
    """A program in `app`, and the SDK it has installed, in `site`: no schemagen is in sight."""

    root: Path

    @property
    def app(self) -> Path:
        return self.root / "app"

    def install(self, *edits: tuple[str, str]) -> Contract:
        """The SDK of the backend after the edits."""
        contract = backend(self.root / "backend", *edits).contract
        write_package(self.root / "site", contract, "crm")
        return contract

    def write(self, name: str, text: str) -> None:
        (self.app / name).parent.mkdir(parents=True, exist_ok=True)
        (self.app / name).write_text(text, "utf-8")

    def python(self, *arguments: str) -> Ran:
        """An interpreter that finds the standard library and the SDK, and nothing else."""
        environment = {**os.environ, "PYTHONPATH": str(self.root / "site"), "PYTHONUTF8": "1"}
        done = subprocess.run(
            [sys.executable, "-S", *arguments],
            cwd=self.app,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def check(self, *options: str) -> Ran:
        return self.python("-m", "crm", "check", *options)

    def found(self, *options: str) -> dict[str, Any]:
        ran = self.check("--format", "json", *options)
        answer: dict[str, Any] = json.loads(ran.out)
        assert ran.code == (2 if answer["mistakes"] else 0 if answer["ok"] else 1), ran
        return answer

    def rules(self, *options: str) -> list[str]:
        return [change["rule"] for each in self.found(*options)["comparisons"] for change in each["changes"]]


@pytest.fixture
def consumer(tmp_path: Path) -> Consumer:
    """A program that was checked against the backend as it is, and has its lock."""
    made = Consumer(tmp_path)
    made.install()
    made.write("main.py", SOURCE)
    assert made.check("--update").code == 0
    return made


# --- the lock ---


def test_the_first_run_says_how_to_make_a_lock(tmp_path: Path) -> None:
    made = Consumer(tmp_path)
    made.install()
    made.write("main.py", SOURCE)
    ran = made.check()
    assert (ran.code, ran.out) == (2, "")
    assert "error[lock_missing]" in ran.err
    assert "python -m crm check --update" in ran.err


def test_the_lock_holds_what_is_used_and_nothing_else(consumer: Consumer) -> None:
    lock = json.loads((consumer.app / "schemagen.lock.json").read_text("utf-8"))
    assert sorted(lock["contract"]["functions"]) == ["create", "list", "scores"]
    assert [arg["name"] for arg in lock["contract"]["functions"]["list"]["args"]] == ["stage"]


def test_a_lock_that_is_right_is_not_written_again(consumer: Consumer) -> None:
    file = consumer.app / "schemagen.lock.json"
    text = file.read_text("utf-8").replace('"released": "', '"released": "1999-01-01", "was": "')
    file.write_text(text, "utf-8")
    assert consumer.check("--update").code == 0
    assert file.read_text("utf-8") == text


def test_what_is_newly_used_has_to_get_into_the_lock(consumer: Consumer) -> None:
    consumer.write("more.py", "from main import client\nclient.purge()\nclient.list(limit=3)\n")
    ran = consumer.check()
    assert ran.code == 1
    assert "more.py:2:8: error[lock_behind]: purge is used here" in ran.out
    assert "more.py:3:13: error[lock_behind]: list(limit) is used here" in ran.out
    assert consumer.check("--update").code == 0
    assert consumer.check() == Ran(0, "", "")


def test_a_lock_of_another_kind_is_refused(consumer: Consumer) -> None:
    file = consumer.app / "schemagen.lock.json"
    file.write_text(file.read_text("utf-8").replace('"python"', '"typescript"'), "utf-8")
    [mistake] = consumer.found()["mistakes"]
    assert (mistake["rule"], mistake["place"]) == ("lock_unreadable", "schemagen.lock.json")
    file.write_text("{}", "utf-8")
    assert consumer.found()["mistakes"][0]["rule"] == "lock_unreadable"


def test_lock_and_source_may_be_elsewhere(consumer: Consumer) -> None:
    (consumer.app / "schemagen.lock.json").unlink()
    consumer.write("src/jobs.py", "from crm import Client\nClient('x').purge()\n")
    options = ("--lock", "locks/crm.json", "--source", "src")
    assert consumer.check("--update", *options).code == 0
    consumer.install(NO_PURGE)
    ran = consumer.check(*options)
    assert "src/jobs.py:2:13" in ran.out
    assert "python -m crm check --update --lock locks/crm.json --source src" in ran.out


# --- the installed SDK ---


def test_nothing_changed_is_silence(consumer: Consumer) -> None:
    assert consumer.check() == Ran(0, "", "")
    assert consumer.found() == {"verdict": "safe", "ok": True, "comparisons": [], "unlocked": [], "mistakes": []}


def test_a_constraint_that_no_type_checker_sees_breaks_the_build(consumer: Consumer) -> None:
    consumer.install(TIGHTER)
    ran = consumer.check()
    assert ran.code == 1
    assert "error[args_constraint_tightened]: create(full_name): " in ran.out
    assert "callers: main.py:7:26  create(fullName)" in ran.out
    [change] = consumer.found()["comparisons"][0]["changes"]
    assert len(change["witness"]["fullName"]) == 21
    sites = [(site["file"], site["line"], site["column"]) for site in change["call_sites"]]
    assert sites == [("main.py", 7, 26)]


@pytest.mark.slow
def test_mypy_passes_where_the_check_does_not(consumer: Consumer) -> None:
    consumer.install(TIGHTER)
    (consumer.root / "site" / "main.py").write_text(SOURCE, "utf-8")
    assert mypy_errors(consumer.root / "site", "main.py") == []
    assert consumer.check().code == 1


def test_calls_of_a_function_that_is_gone_are_found_in_the_source(consumer: Consumer) -> None:
    consumer.install(NO_SCORES)
    [comparison] = consumer.found()["comparisons"]
    assert (comparison["old"], comparison["new"]) == ("schemagen.lock.json", "crm")
    [change] = comparison["changes"]
    assert (change["rule"], change["level"]) == ("function_removed", "wire")
    assert [(site["file"], site["line"]) for site in change["call_sites"]] == [("main.py", 15)]


def test_a_value_that_the_program_does_not_know_is_named(consumer: Consumer) -> None:
    consumer.install(LOST_STAGE)
    ran = consumer.check()
    assert ran.code == 1
    assert "returns_value_added" in ran.out
    assert '"lost"' in ran.out


def test_an_argument_that_became_required_is_found_at_the_calls_that_lack_it(consumer: Consumer) -> None:
    consumer.install(BY_STAGE)
    assert consumer.rules() == ["args_field_required"]
    assert "main.py:11" in consumer.check().out


def test_python_programs_miss_every_field_of_a_result(consumer: Consumer) -> None:
    consumer.install(NO_PHONE)
    assert consumer.rules() == ["returns_field_removed"]


@pytest.mark.parametrize("edit", [NO_PURGE, NEW_FUNCTION])
def test_what_the_program_does_not_use_may_change_silently(consumer: Consumer, edit: tuple[str, str]) -> None:
    consumer.install(edit)
    assert consumer.check() == Ran(0, "", "")


def test_a_new_lock_says_that_the_code_copes(consumer: Consumer) -> None:
    consumer.install(TIGHTER)
    assert consumer.check().code == 1
    assert consumer.check("--update").code == 0
    assert consumer.check() == Ran(0, "", "")


def test_a_fixed_old_lock_does_not_hide_what_came_later(consumer: Consumer) -> None:
    consumer.install(TIGHTER)
    consumer.check("--update")
    consumer.install(TIGHTER, NO_SCORES)
    assert consumer.rules() == ["function_removed"]


def test_annotations_stand_at_the_calls(consumer: Consumer) -> None:
    consumer.install(NO_SCORES)
    ran = consumer.check("--format", "github")
    assert ran.code == 1
    assert ran.out.startswith("::error file=main.py,line=15,col=19,title=function_removed::scores")


# --- a server ---


def test_the_deployed_server_may_be_behind_the_sdk(consumer: Consumer, tmp_path: Path) -> None:
    consumer.write("main.py", f"{SOURCE}\nclient.ping()\n")
    consumer.install(NEW_FUNCTION)
    assert consumer.check("--update").code == 0
    with serving(backend(tmp_path / "deployed")) as server:
        [comparison] = consumer.found("--url", server.address)["comparisons"]
    assert (comparison["old"], comparison["new"]) == ("crm", server.address)
    assert [(change["rule"], change["at"]) for change in comparison["changes"]] == [("function_removed", "ping")]
    assert comparison["changes"][0]["call_sites"][0]["line"] == 17


def test_the_deployed_server_may_be_ahead_of_the_sdk(consumer: Consumer, tmp_path: Path) -> None:
    with serving(backend(tmp_path / "deployed", TIGHTER)) as server:
        assert consumer.rules("--url", server.address) == ["args_constraint_tightened"]


def test_a_server_of_the_same_contract_is_silence(consumer: Consumer, tmp_path: Path) -> None:
    with serving(backend(tmp_path / "deployed")) as server:
        assert consumer.check("--url", server.address) == Ran(0, "", "")


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "crm.example", "http://127.0.0.1:9/é"])
def test_a_server_that_cannot_be_asked_is_a_mistake(consumer: Consumer, url: str) -> None:
    assert consumer.found("--url", url)["mistakes"][0]["rule"] == "server_unreachable"


def test_a_server_of_something_else_is_a_mistake(consumer: Consumer) -> None:
    from tests.emit.python.server import scripted, value

    with scripted(value(1)) as server:
        assert consumer.found("--url", server.address)["mistakes"][0]["rule"] == "server_unreachable"


# --- the source ---


def test_a_file_that_is_no_python_is_named(consumer: Consumer) -> None:
    consumer.write("broken.py", "def f(:\n")
    [mistake] = consumer.found()["mistakes"]
    assert (mistake["rule"], mistake["place"].partition(":")[0]) == ("source_syntax", "broken.py")


def test_a_folder_that_uses_nothing_is_a_mistake(consumer: Consumer) -> None:
    consumer.write("other/main.py", "print('hello')\n")
    assert consumer.check("--update", "--source", "other").code == 2
    assert consumer.found("--source", "nowhere")["mistakes"][0]["rule"] == "source_missing"


def test_what_others_wrote_is_not_read(consumer: Consumer) -> None:
    for folder in ("venv/lib", ".tox", "env", "node_modules/x"):
        consumer.write(f"{folder}/other.py", "from crm import Client\nClient('x').purge()\n")
    consumer.write("env/pyvenv.cfg", "")
    assert consumer.check() == Ran(0, "", "")


# --- in a test ---


def test_one_line_in_a_test_is_enough(consumer: Consumer) -> None:
    assert consumer.python("-c", "import crm; crm.check()") == Ran(0, "", "")
    consumer.install(TIGHTER)
    ran = consumer.python("-c", "import crm; crm.check()")
    assert "ContractChanged: \nerror[args_constraint_tightened]: create(full_name)" in ran.err
    assert "main.py:7:" in ran.err


# --- what travels ---


def test_the_checker_needs_nothing_but_the_standard_library() -> None:
    outside = set[str]()
    for path, text in checker_files().items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                outside |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                assert node.module is not None, path
                outside.add(node.module)
    assert {name.partition(".")[0] for name in outside} <= sys.stdlib_module_names


def test_the_client_loads_nothing_of_the_checker(consumer: Consumer) -> None:
    code = "import sys, crm; crm.Client; crm.errors; print([n for n in sys.modules if 'checker' in n])"
    environment = {**os.environ, "PYTHONPATH": str(consumer.root / "site")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout == "[]\n", done.stderr


def test_an_unchanged_contract_is_not_compared(consumer: Consumer) -> None:
    code = "import sys, crm; crm.check(); print(sorted(n for n in sys.modules if n.endswith(('compare', 'relation'))))"
    assert consumer.python("-c", code).out == "[]\n"
