"""`schemagen release`: what a client uses is found in its source, and kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from schemagen.check.released import from_text, to_text
from tests.cli.project import CONFIG, Project

TOOLS = Path(__file__).resolve().parents[2] / "templates" / "typescript" / "node_modules"
CONSUMERS = """
    [[tool.schemagen.consumers]]
    name = "script"
    path = "script"
    language = "python"

    [[tool.schemagen.consumers]]
    name = "web"
    path = "web"
    language = "typescript"
"""
SCRIPT = """
    from shop import Client

    with Client("https://shop.example") as shop:
        shop.tasks.create(title="Sweep")
"""
WEB = """
    import { Client } from "@shop/backend";
    import { api } from "@shop/backend/api";

    const [task] = await new Client("https://shop.example").query(api.tasks.list, { done: true });
    document.title = task?.title ?? "";
"""


@pytest.fixture
def shop(project: Project) -> Project:
    """A project that is built, with a consumer in each language."""
    project.write("pyproject.toml", CONFIG + CONSUMERS)
    project.write("script/main.py", SCRIPT)
    project.write("web/main.ts", WEB)
    (project.folder / "web" / "node_modules").mkdir()
    (project.folder / "web/node_modules/typescript").symlink_to(TOOLS / "typescript-5.9", target_is_directory=True)
    assert project.run("build").code == 0
    return project


def test_what_a_python_client_uses_is_written_down(shop: Project) -> None:
    ran = shop.run("release", "script", "1.0.0")
    assert (ran.code, ran.out) == (
        0,
        "wrote contracts/script/1.0.0.json\nscript@1.0.0 uses 1 of 4 functions, with 1 argument, no types, no fields\n",
    )
    made = from_text((shop.folder / "contracts/script/1.0.0.json").read_text("utf-8"))
    assert [f.path for f in made.contract.functions] == ["tasks.create"]
    assert [str(use.place) for use in made.usage.uses] == ["script/main.py:4:16", "script/main.py:4:23"]
    assert made.sunset is None


@pytest.mark.slow
def test_what_a_typescript_client_uses_is_written_down(shop: Project) -> None:
    ran = shop.run("release", "web", "1.0.0")
    assert ran.out.splitlines() == [
        "wrote contracts/web/1.0.0.json",
        "web@1.0.0 uses 1 of 4 functions, with 1 argument, 1 type, 1 field",
    ]


def test_the_file_is_made_to_be_read(shop: Project) -> None:
    shop.run("release", "script", "1.0.0", "--sunset", "2999-12-31")
    text = (shop.folder / "contracts/script/1.0.0.json").read_text("utf-8")
    made = from_text(text)
    assert to_text(made) == text
    head = FILE.replace("RELEASED", made.released.isoformat()).replace("FINGERPRINT", made.fingerprint)
    assert text.startswith(head)


FILE = """{
  "format": 1,
  "client": "script",
  "version": "1.0.0",
  "language": "python",
  "released": "RELEASED",
  "sunset": "2999-12-31",
  "fingerprint": "FINGERPRINT",
  "uses": [
    {"at": "script/main.py:4:16", "function": "tasks.create"},
    {"at": "script/main.py:4:23", "function": "tasks.create", "argument": "title"}
  ],
  "contract": {
    "format": 1,
    "tables": {},
    "types": {},
    "functions": {
      "tasks.create": {
        "kind": "mutation",
        "python": "tasks.create",
        "args": [
          {"name": "title", "type": "string"}
        ],
        "returns": {"id": "tasks"},
        "raises": ["too_many"]
      }
    },
    "errors": {
"""


def test_where_the_source_does_not_say_what_it_uses_is_shown(shop: Project) -> None:
    shop.write("script/main.py", f"{SCRIPT}        shop.tasks.list(**options)\n")
    assert shop.run("release", "script", "1").out.splitlines()[2:] == [
        "  script/main.py:5:21 uses all of tasks.list's arguments: **options"
    ]


def test_a_version_is_released_once(shop: Project) -> None:
    shop.run("release", "script", "1")
    assert shop.run("release", "script", "1").out.startswith("unchanged: contracts/script/1.json\n")
    shop.write(
        "script/main.py", SCRIPT.replace("create(title='Sweep')", "fail()").replace('create(title="Sweep")', "fail()")
    )
    before = (shop.folder / "contracts/script/1.json").read_text("utf-8")
    ran = shop.run("release", "script", "1")
    assert ran.code == 2
    assert "error[release_exists]: script@1 was released before, and used something else" in ran.err
    assert (shop.folder / "contracts/script/1.json").read_text("utf-8") == before
    assert shop.run("release", "script", "1", "--force").code == 0
    assert "tasks.fail" in (shop.folder / "contracts/script/1.json").read_text("utf-8")


def test_a_client_may_be_anywhere(shop: Project, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "job.py").write_text("from shop import Client\nClient(url).tasks.fail()", "utf-8")
    ran = shop.run("release", "job", "7", "--source", str(tmp_path / "elsewhere"), "--language", "python")
    assert ran.code == 0
    made = from_text((shop.folder / "contracts/job/7.json").read_text("utf-8"))
    assert [str(use.place) for use in made.usage.uses] == ["job.py:2:19"]


def test_the_answer_may_be_json(shop: Project) -> None:
    answer = json.loads(shop.run("release", "script", "1", "--json").out)
    assert answer == {
        "file": "contracts/script/1.json",
        "client": "script@1",
        "functions": 1,
        "arguments": 1,
        "types": 0,
        "fields": 0,
        "usesAll": [],
    }


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ["scirpt", "1"],
            'there is no consumer "scirpt" (did you mean "script"?): the configured ones are script, web',
        ),
        (["script", "../1"], 'the version "../1" is no name for a file'),
        (["a/b", "1", "--source", "."], 'the client "a/b" is no name for a file'),
        (["script", "1", "--sunset", "soon"], '--sunset "soon" is no date'),
        (["script", "1", "--sunset", "2001-01-01"], '--sunset "2001-01-01" is over already'),
        (["other", "1", "--source", "."], "--source needs --language"),
        (["other", "1", "--source", ".", "--language", "cobol"], '--language "cobol" is neither python nor typescript'),
    ],
)
def test_a_mistake_says_what_to_do(shop: Project, arguments: list[str], says: str) -> None:
    ran = shop.run("release", *arguments)
    assert ran.code == 2
    assert says in ran.err and "\n  why: " in ran.err and "\n  fix: " in ran.err
    assert not (shop.folder / "contracts").exists()


def test_a_client_that_uses_nothing_is_read_in_the_wrong_place(shop: Project) -> None:
    shop.write("script/main.py", "print('no shop here')")
    assert "error[release_uses_nothing]" in shop.run("release", "script", "1").err


def test_a_file_that_is_no_python_is_shown(shop: Project) -> None:
    shop.write("script/main.py", "from shop import Client\nClient(")
    ran = shop.run("release", "script", "1")
    assert ran.err.endswith(
        "script/main.py:2:7: error[consumer_syntax]: not valid Python: '(' was never closed\n"
        "    2 | Client(\n"
        "      |       ^\n"
        "  why: what a consumer uses is read from its source, all of it\n"
        "  fix: repair this line; a file that is not meant for this Python version "
        "belongs outside the consumer's folder\n"
    )


def test_a_consumer_that_is_not_there_is_named(shop: Project) -> None:
    (shop.folder / "script/main.py").unlink()
    (shop.folder / "script").rmdir()
    assert 'consumer "script" is at script, where nothing is' in shop.run("release", "script", "1").err


@pytest.mark.slow
def test_a_consumer_without_its_compiler_is_told_what_to_install(shop: Project) -> None:
    (shop.folder / "web/node_modules/typescript").unlink()
    ran = shop.run("release", "web", "1")
    assert 'error[typescript_missing]: consumer "web" has no TypeScript' in ran.err
    assert "fix: in web, run `npm install`, or `npm install --save-dev typescript` if it has none yet" in ran.err


def test_an_sdk_that_was_never_built_is_told(shop: Project) -> None:
    (shop.folder / "generated/contract.json").unlink()
    assert (
        "generated/contract.json: error[contract_unreadable]: it does not exist"
        in shop.run("release", "script", "1").err
    )
