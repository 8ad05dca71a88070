"""The examples run, against a real server: what a newcomer types is what is typed here."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm import Client
from crm.types import ContactChanges
from examples.demo import Environment, schemagen, served, token

ROOT = Path(__file__).parents[2]
NODE_MODULES = ROOT / "templates/typescript/node_modules"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """A database with sample data."""
    folder = tmp_path_factory.mktemp("examples")
    environment = {
        **os.environ,
        "SCHEMAGEN_DATABASE": f"sqlite:///{folder / 'crm.db'}",
        "SCHEMAGEN_AUTH_SECRET": "for examples only, thirty-two bytes",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "generated/python"), str(ROOT)]),
    }
    schemagen("run", "sample.fill", '{"contactsPerCompany": 60}', environment=environment)
    return environment


@pytest.fixture(scope="module")
def url(environment: Environment) -> Iterator[str]:
    with served(environment) as url:
        yield url


def test_the_demo_without_a_terminal_prints_live_results_and_ends() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "examples.demo"], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    live = [line for line in done.stdout.splitlines() if "live:" in line]
    assert len(live) == len(set(live)) == 4
    assert "Abigail Adams" in live[-1]
    assert done.stdout.splitlines()[-1] == "demo: the server has stopped"


def test_an_interrupted_demo_stops_its_server() -> None:
    demo = subprocess.Popen(
        [sys.executable, "-m", "examples.demo"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert demo.stdout is not None
    for line in demo.stdout:
        if "live:" in line:
            break
    demo.send_signal(signal.SIGTERM)
    rest, _ = demo.communicate(timeout=30)  # ends only when nobody holds the pipe any more: the server is gone
    assert demo.returncode == 128 + signal.SIGTERM
    assert "Traceback" not in rest, rest


def test_the_python_consumer_adds_a_contact_once_and_says_why_not_twice(url: str, environment: Environment) -> None:
    lead = token("lead-north@acme.example", environment)
    command = [sys.executable, "-m", "examples.script.watch", url, lead, "--results", "1"]
    first, second = (_printed(command, ROOT, environment) for _ in range(2))
    assert "added Ada Lovelace" in first
    assert "not added: ada@analytical.example is the contact_email of somebody else" in second
    assert "live: " in first


def test_the_python_sdk_sends_only_the_changes_that_were_named(url: str, environment: Environment) -> None:
    with Client(url, token=token("owner@acme.example", environment)) as crm:
        contact = crm.contacts.list().items[-1]
        assert contact.birthday is not None
        crm.contacts.update(contact_id=contact.id, changes=ContactChanges(birthday=None, languages=["pt"]))
        changed = crm.contacts.get(contact_id=contact.id).contact
        assert changed == contact.model_copy(update={"birthday": None, "languages": ["pt"]})


def test_the_typescript_consumer_does_the_same_on_node(url: str, environment: Environment, tmp_path: Path) -> None:
    folder = tmp_path / "node"
    shutil.copytree(ROOT / "examples/node", folder, ignore=shutil.ignore_patterns("node_modules", "dist"))
    (folder / "node_modules/@crm").mkdir(parents=True)
    (folder / "node_modules/@crm/backend").symlink_to(ROOT / "generated/typescript", target_is_directory=True)
    (folder / "node_modules/@types").symlink_to(NODE_MODULES / "@types", target_is_directory=True)
    _printed(["node", str(NODE_MODULES / "typescript/bin/tsc")], folder, environment)
    command = ["node", "dist/main.js", url, token("owner@acme.example", environment), "1"]
    first, second = (_printed(command, folder, environment) for _ in range(2))
    assert "added Grace Hopper" in first
    assert "not added: grace@cobol.example is taken" in second
    assert "live: " in first


def test_the_optimistic_updates_of_the_docs_type_check_and_are_shown_before_anything_else_happens(
    url: str, environment: Environment, tmp_path: Path
) -> None:
    [script] = _examples("typescript-sdk.md", "ts")
    [component] = _examples("react.md", "tsx")
    owner = token("owner@acme.example", environment)
    known = f'const client = new Client("{url}");\nclient.setAuth(() => "{owner}");\n'
    (tmp_path / "script.ts").write_text(script.replace('const client = new Client("https://crm.example");\n', known))
    (tmp_path / "component.tsx").write_text(component)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    shutil.copytree(ROOT / "generated/typescript", tmp_path / "generated")
    (tmp_path / "node_modules/@crm").mkdir(parents=True)
    (tmp_path / "node_modules/@crm/backend").symlink_to(tmp_path / "generated", target_is_directory=True)
    for name in ("@types", "csstype", "react"):
        (tmp_path / "node_modules" / name).symlink_to(NODE_MODULES / name, target_is_directory=True)
    options = "--outDir out --strict --target es2022 --module nodenext --jsx react-jsx --types node"
    compiler = ["node", str(NODE_MODULES / "typescript/bin/tsc"), *options.split(), "script.ts", "component.tsx"]
    _printed(compiler, tmp_path, environment)
    printed = _printed(["node", "out/script.js"], tmp_path, environment).splitlines()
    assert printed[1:3] == ["Aaron Burr", "shown"]
    assert printed[0] != "Aaron Burr"
    assert set(printed[3:]) <= {"Aaron Burr"}


def _examples(page: str, language: str) -> list[str]:
    """The blocks of its section about optimistic updates."""
    section = re.split(r"^#+ Optimistic updates$", (ROOT / "docs" / page).read_text("utf-8"), flags=re.MULTILINE)[1]
    section = re.split(r"^#+ ", section, flags=re.MULTILINE)[0]
    return re.findall(rf"^```{language}\n(.*?)^```", section, re.MULTILINE | re.DOTALL)


def _printed(command: list[str], folder: Path, environment: Environment) -> str:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
