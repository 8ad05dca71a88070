"""`schemagen check`: valid, fresh, and nobody breaks; in real repositories, as CI and pre-commit run it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import httpx
import pytest

from schemagen.check.changes import Place, Target
from schemagen.check.released import release_of, to_text
from schemagen.check.usage import Use, usage_of
from schemagen.cli.config import load_config
from schemagen.cli.consumers import committed_contract
from schemagen.model.canonical import fingerprint
from tests.cli.gitted import Gitted
from tests.cli.project import Project
from tests.cli.running import running
from tests.conftest import ROOT

LATER = "2999-01-01"
TSC = ROOT / "templates/typescript/node_modules"


@pytest.fixture
def gitted(tmp_path: Path) -> Gitted:
    return Gitted(tmp_path / "shop")


def rebuilt(project: Gitted) -> Gitted:
    assert project.run("build").code == 0
    return project


def broken(project: Gitted) -> Gitted:
    """Fresh, and breaking whoever calls tasks.create."""
    project.need_size()
    return rebuilt(project)


def configure(project: Gitted, line: str) -> None:
    """A line of [tool.schemagen.check]."""
    project.edit(
        "pyproject.toml", "[tool.schemagen.python]", f"[tool.schemagen.check]\n{line}\n[tool.schemagen.python]"
    )


def fingerprints(project: Gitted) -> list[str]:
    _, verdict = project.json("check", "--json")
    return [change["fingerprint"] for change in verdict["changes"] if change["standing"] == "fails"]


# --- valid, fresh, compatible ---


def test_a_project_that_is_as_committed_is_well(gitted: Gitted) -> None:
    ran = gitted.run("check")
    assert ran.code == 0 and ran.out.startswith("valid: 5 functions, 1 table; fresh: ")
    assert "safe: nothing changed (git:main (" in ran.out


def test_stale_files_fail_and_are_named(gitted: Gitted) -> None:
    gitted.edit("shop_backend/tasks.py", '"""Tasks."""', '"""All of them."""')
    ran = gitted.run("check")
    assert ran.code == 1
    assert "error[stale]: " in ran.out and "  fix:     run `schemagen build`" in ran.out
    assert "failed: 1 other mistake (git:main (" in ran.out


def test_a_break_fails_with_its_place(gitted: Gitted) -> None:
    ran = broken(gitted).run("check")
    assert ran.code == 1
    assert "shop_backend/tasks.py:24:51: error[args_field_required]: tasks.create(size)" in ran.out
    assert "breaking: 1 breaking change (1 wire)" in ran.out


def test_a_mistake_in_the_backend_is_told_in_the_form_that_was_asked_for(gitted: Gitted) -> None:
    gitted.edit("shop_backend/schema.py", 'index("done")', 'index("dnoe")')
    ran = gitted.run("check")
    assert ran.code == 2 and not ran.out and "index_unknown_field" in ran.err
    ran = gitted.run("check", "--format", "github")
    assert ran.code == 2 and ran.out.startswith("::error file=shop_backend/schema.py,line=")
    code, answer = gitted.json("check", "--json")
    assert code == 2 and answer["ok"] is False and answer["mistakes"][0]["rule"] == "index_unknown_field"


@pytest.mark.parametrize("form", ["json", "markdown", "sarif", "github"])
def test_every_form_is_on_stdout_alone(gitted: Gitted, form: str) -> None:
    ran = broken(gitted).here("check", "--format", form)
    assert ran.code == 1 and "args_field_required" in ran.out and not ran.err


def test_annotations_name_files_from_the_top_of_the_repository(tmp_path: Path) -> None:
    gitted = broken(Gitted(tmp_path / "repository", inside="services/shop"))
    assert (
        "::error file=services/shop/shop_backend/tasks.py,line=24,col=51,"
        in gitted.run("check", "--format", "github").out
    )
    [run] = json.loads(gitted.run("check", "--format", "sarif").out)["runs"]
    [location] = run["results"][0]["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "services/shop/shop_backend/tasks.py"


# --- what it is compared with ---


def test_without_git_that_is_said_and_all_else_is_checked(project: Project) -> None:
    project.run("build")
    ran = project.run("check")
    assert ran.code == 0
    assert "notice[base_missing]: compared with nothing: " in ran.out and "is in no git repository" in ran.out


def test_without_a_main_branch_that_is_said(gitted: Gitted) -> None:
    gitted.git("branch", "--move", "main", "trunk")
    ran = gitted.run("check")
    assert ran.code == 0 and "there is no main branch (main, origin/main" in ran.out
    gitted.edit(
        "pyproject.toml",
        "[tool.schemagen.python]",
        '[tool.schemagen.check]\nbase = "git:trunk"\n[tool.schemagen.python]',
    )
    broken(gitted)
    ran = gitted.run("check")
    assert ran.code == 1 and "(git:trunk (" in ran.out


def test_a_project_that_is_new_on_a_branch_is_compared_with_nothing(tmp_path: Path) -> None:
    gitted = Gitted(tmp_path / "repository", inside="services/shop")
    gitted.git("switch", "--quiet", "--orphan", "fresh")
    gitted.git("commit", "--quiet", "--allow-empty", "--message", "nothing yet")
    gitted.git("branch", "--force", "main")
    gitted.git("switch", "--quiet", "--create", "feature")
    Project(gitted.folder).run("build")
    gitted.commit("a project")
    for _ in range(2):
        ran = gitted.run("check")
        assert ran.code == 0 and "there was no schemagen project yet where this branch left main (" in ran.out
    assert gitted.run("check", "--base", "main").code == 2


def test_a_repository_that_git_does_not_read_is_a_mistake(gitted: Gitted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    ran = gitted.run("check")
    assert ran.code == 2 and "git cannot be started" in ran.err


def test_a_base_that_is_asked_for_must_be_there(gitted: Gitted) -> None:
    for base in ("git:mian", "mian", "contract.json", "http://127.0.0.1:1"):
        ran = gitted.run("check", "--base", base)
        assert ran.code == 2 and "  fix: " in ran.err, base
    gitted.edit(
        "pyproject.toml", "[tool.schemagen.python]", '[tool.schemagen.check]\nbase = "mian"\n[tool.schemagen.python]'
    )
    assert gitted.run("check").code == 2


def test_a_shallow_clone_is_a_mistake_and_not_a_pass(gitted: Gitted, tmp_path: Path) -> None:
    gitted.git("switch", "--quiet", "--create", "feature")
    broken(gitted).commit("break it")
    gitted.git("switch", "--quiet", "main")
    gitted.git("clone", "--quiet", "--depth=1", "--branch=feature", gitted.repository.as_uri(), str(tmp_path / "clone"))
    ran = gitted.spawn("check", cwd=tmp_path / "clone")
    assert ran.code == 2 and "git fetch --unshallow" in ran.err and "fetch-depth: 0" in ran.err
    gitted.git("clone", "--quiet", "--branch=feature", gitted.repository.as_uri(), str(tmp_path / "whole"))
    ran = gitted.spawn("check", cwd=tmp_path / "whole")
    assert ran.code == 1 and "(git:origin/main (" in ran.out


def test_a_break_is_counted_from_where_the_branch_left(gitted: Gitted) -> None:
    gitted.git("tag", "v1")
    gitted.git("switch", "--quiet", "--create", "feature")
    gitted.git("switch", "--quiet", "main")
    broken(gitted).commit("on main, meanwhile")
    gitted.git("switch", "--quiet", "feature")
    assert gitted.run("check").code == 0
    gitted.git("merge", "--quiet", "main")
    assert gitted.run("check").code == 0
    assert gitted.run("check", "--base", "v1").code == 1
    assert gitted.run("check", "--base", "git:v1").code == 1


def test_a_file_is_a_base_too(gitted: Gitted) -> None:
    kept = gitted.folder / "kept.json"
    kept.write_bytes((gitted.folder / "generated/contract.json").read_bytes())
    broken(gitted).commit("break it")
    assert gitted.run("check").code == 0
    assert gitted.run("check", "--base", str(kept)).code == 1
    gitted.edit(
        "pyproject.toml",
        "[tool.schemagen.python]",
        '[tool.schemagen.check]\nbase = "kept.json"\n[tool.schemagen.python]',
    )
    assert gitted.run("check").code == 1


def test_it_works_in_a_further_work_tree_and_inside_of_a_hook(gitted: Gitted, tmp_path: Path) -> None:
    gitted.git("worktree", "add", "--quiet", "-b", "feature", str(tmp_path / "other"))
    for _ in range(2):  # the second time from memory
        ran = gitted.spawn(
            "check", cwd=tmp_path / "other", env={"GIT_DIR": str(gitted.repository / ".git/worktrees/other")}
        )
        assert ran.code == 0 and "(git:main (" in ran.out, ran.err


def test_the_variables_that_git_sets_for_a_hook_lead_nowhere_else(tmp_path: Path) -> None:
    gitted = Gitted(tmp_path / "repository", inside="services/shop")
    hook = {"GIT_DIR": ".git", "GIT_INDEX_FILE": ".git/index", "GIT_PREFIX": ""}
    for arguments in (["check", "--no-cache"], ["check"], ["diff"]):
        ran = gitted.spawn(*arguments, "--project", "services/shop", cwd=gitted.repository, env=hook)
        assert ran.code == 0 and "(git:main (" in ran.out, ran.out + ran.err


# --- levels ---


def test_what_only_a_rebuilt_consumer_notices_informs(gitted: Gitted) -> None:
    text = (gitted.folder / "shop_backend/tasks.py").read_text("utf-8")
    renamed = text.replace("@query\nasync def caller", '@query(renamed_from="tasks.caller")\nasync def who')
    gitted.write("shop_backend/tasks.py", renamed)
    ran = rebuilt(gitted).run("check")
    assert ran.code == 0 and "warning[function_renamed]" in ran.out
    gitted.edit(
        "pyproject.toml",
        "[tool.schemagen.python]",
        '[tool.schemagen.check]\ngate = ["source"]\n[tool.schemagen.python]',
    )
    assert gitted.run("check").code == 1


# --- accepted breaks ---


def accept(project: Gitted, name: str, expires: str = LATER) -> None:
    ran = project.run("check", "--accept", name, "--reason", 'nobody "calls" it\nyet', "--expires", expires)
    assert ran.code == 0, ran.err


def test_an_accepted_break_does_not_fail_and_is_still_told(gitted: Gitted) -> None:
    [fingerprint] = fingerprints(broken(gitted))
    accept(gitted, fingerprint)
    text = (gitted.folder / "schemagen-accepted.toml").read_text("utf-8")
    assert "[[accepted]]" in text and 'at = "tasks.create(size)"' in text and f"expires = {LATER}" in text
    for _ in range(2):
        ran = gitted.run("check")
        assert ran.code == 0 and "accepted[args_field_required]" in ran.out
        assert 'note:    accepted before 2999-01-01: nobody "calls" it' in ran.out


def test_a_break_is_accepted_by_its_place_as_well(gitted: Gitted) -> None:
    accept(broken(gitted), "tasks.create(size)")
    assert gitted.run("check").code == 0


def test_what_was_accepted_is_that_very_break_wherever_it_stands(gitted: Gitted) -> None:
    accept(broken(gitted), "tasks.create(size)")
    gitted.edit("shop_backend/tasks.py", "class TooMany", "\n\nclass TooMany")
    assert rebuilt(gitted).run("check").code == 0
    gitted.edit("shop_backend/tasks.py", "size: int)", "size: str)")
    assert rebuilt(gitted).run("check").code == 1


def test_an_acceptance_ends_on_its_day(gitted: Gitted) -> None:
    accept(broken(gitted), "tasks.create(size)")
    assert gitted.run("check").code == 0
    gitted.edit("schemagen-accepted.toml", LATER, "2026-01-01")
    ran = gitted.run("check")
    assert ran.code == 1
    assert "schemagen-accepted.toml:4:1: notice[accepted_expired]: the break tasks.create(size)" in ran.out


def test_an_entry_that_matches_nothing_is_told(gitted: Gitted) -> None:
    accept(broken(gitted), "tasks.create(size)")
    gitted.edit("shop_backend/tasks.py", ", size: int", "")
    ran = rebuilt(gitted).run("check")
    assert ran.code == 0 and "notice[accepted_unmatched]" in ran.out and "remove the entry" in ran.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--accept", "tasks.create(size)"], "--reason is missing"),
        (["--accept", "tasks.create(size)", "--reason", " ", "--expires", LATER], "--reason is missing"),
        (["--reason", "so"], "--accept is missing"),
        (["--accept", "tasks.create(size)", "--reason", "so"], "--expires is missing"),
        (["--accept", "tasks.create(size)", "--reason", "so", "--expires", "soon"], '--expires "soon" is no day'),
        (["--accept", "tasks.create(size)", "--reason", "so", "--expires", "2026-01-01"], "is past"),
        (["--accept", "tasks.create", "--reason", "so", "--expires", LATER], 'did you mean "tasks.create(size)"?'),
    ],
)
def test_a_break_is_accepted_whole_or_not_at_all(gitted: Gitted, arguments: list[str], says: str) -> None:
    ran = broken(gitted).run("check", *arguments)
    assert ran.code == 2 and says in ran.err and "  fix: " in ran.err
    assert not (gitted.folder / "schemagen-accepted.toml").exists()


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("[[accepted]]\nfingerprint = 3f", 2, "not valid TOML"),
        ('[[accepted]]\nfingerprint = "a"\nexpires = 2999-01-01', 1, "no reason"),
        ('# why\n[[accepted]]\nfingerprint = "a"\nreason = "b"', 2, "no day on which it expires"),
        ('[[accepted]]\nfingerprint = "a"\nreason = "b"\nexpires = "2999-01-01"', 1, "no day on which it expires"),
        ('[[accepted]]\nreasn = "b"', 1, 'did you mean "reason"?'),
        ('[accepted]\nreason = "b"', 1, "accepted is no list of tables"),
        ('[[acepted]]\nreason = "b"', 1, 'did you mean "accepted"?'),
    ],
)
def test_mistakes_in_the_file_are_told_with_their_line(gitted: Gitted, text: str, line: int, says: str) -> None:
    gitted.write("schemagen-accepted.toml", text)
    ran = gitted.run("check")
    assert ran.code == 2 and f"schemagen-accepted.toml:{line}:" in ran.err and says in ran.err


# --- released clients ---


def release(project: Gitted, name: str, *functions: str, sunset: date | None = None) -> None:
    """As `schemagen release` would, a client that calls these functions."""
    contract = committed_contract(load_config(project.folder))
    client, _, version = name.partition("@")
    uses = {Use(Target(function=path), Place("app.py", 1, 1)) for path in functions}
    uses |= {Use(Target(function="tasks.create", argument="title"), Place("app.py", 1, 1))} & uses
    released = release_of(
        contract,
        usage_of(client, "python", uses),
        client=client,
        version=version,
        released=date(2026, 1, 1),
        sunset=sunset,
    )
    project.write(f"contracts/{client}/{version}.json", to_text(released))


def test_a_break_names_the_released_clients_it_breaks(gitted: Gitted) -> None:
    release(gitted, "mobile@3.1", "tasks.create")
    release(gitted, "mobile@3.2", "tasks.create", "tasks.list")
    release(gitted, "desk@1", "tasks.list")
    ran = broken(gitted).run("check")
    assert ran.code == 1
    assert "released clients: desk@1, mobile@3.1, mobile@3.2" in ran.out
    assert "  breaks:  mobile@3.1, mobile@3.2\n" in ran.out


def test_a_break_of_what_no_released_client_uses_says_so(gitted: Gitted) -> None:
    release(gitted, "desk@1", "tasks.list")
    ran = broken(gitted).run("check")
    assert ran.code == 1 and "  note:    no released client uses it\n" in ran.out
    gitted.edit(
        "pyproject.toml",
        "[tool.schemagen.python]",
        '[tool.schemagen.check]\nunused = "inform"\n[tool.schemagen.python]',
    )
    ran = rebuilt(gitted).run("check")
    assert ran.code == 0 and "warning[args_field_required]" in ran.out and "no released client uses it" in ran.out


def test_a_released_client_counts_though_the_base_is_past_the_break(gitted: Gitted) -> None:
    release(gitted, "mobile@3.1", "tasks.create")
    broken(gitted).commit("break it, on main")
    ran = gitted.run("check")
    assert ran.code == 1 and "  breaks:  mobile@3.1\n" in ran.out


def test_a_client_past_its_sunset_is_not_asked(gitted: Gitted) -> None:
    release(gitted, "mobile@3.1", "tasks.create", sunset=date(2026, 1, 2))
    broken(gitted).commit("break it, on main")
    ran = gitted.run("check")
    assert ran.code == 0 and "mobile" not in ran.out


def test_a_released_client_that_cannot_be_read_is_a_mistake(gitted: Gitted) -> None:
    gitted.write("contracts/mobile/3.1.json", "<<<<<<<")
    ran = gitted.run("check")
    assert ran.code == 2 and "contracts/mobile/3.1.json: error[check_released]" in ran.err


# --- consumers ---

CONSUMER = """
    from shop import Client

    def add(shop: Client, title: str) -> None:
        shop.tasks.create(title=title)
        for task in shop.tasks.list():
            print(task.title)
"""

PYTHON = """
    [[tool.schemagen.consumers]]
    name = "desk"
    path = "desk"
    language = "python"
"""


def with_python(project: Gitted) -> Gitted:
    with (project.folder / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("\n".join(line.strip() for line in PYTHON.splitlines()))
    project.write("desk/app.py", CONSUMER)
    return project


def test_every_call_site_of_a_break_is_listed(gitted: Gitted) -> None:
    ran = broken(with_python(gitted)).run("check")
    assert ran.code == 1 and "  callers: desk/app.py:4:" in ran.out and "(desk)" in ran.out
    _, verdict = gitted.json("diff", "--format", "json")
    [site] = verdict["changes"][0]["call_sites"]
    assert (site["consumer"], site["file"], site["line"]) == ("desk", "desk/app.py", 4)


def test_call_sites_are_known_before_and_after_the_sdk_is_generated_anew(gitted: Gitted) -> None:
    with_python(gitted)
    gitted.need_size()
    before = gitted.json("diff", "--format", "json")
    assert rebuilt(gitted).json("diff", "--format", "json") == before


def test_a_type_with_another_name_is_told_to_those_who_import_it(gitted: Gitted) -> None:
    with_python(gitted)
    gitted.edit("shop_backend/schema.py", "class Task(", "class Job(")
    for old, new in (("import Task", "import Job"), ("list[Task]", "list[Job]"), ("query(Task)", "query(Job)")):
        gitted.edit("shop_backend/tasks.py", old, new)
    gitted.edit("shop_backend/tasks.py", "Id[Task]", "Id[Job]")
    assert gitted.json("diff", "--format", "json")[1]["changes"] == []
    gitted.write("desk/names.py", "from shop.types import Task\n\nLAST: Task | None = None\n")
    _, verdict = gitted.json("diff", "--format", "json")
    [change] = verdict["changes"]
    assert (change["rule"], change["at"], change["level"]) == ("type_name_gone", "Task", "source")
    assert "is called Job now" in change["says"]
    assert [(site["file"], site["line"]) for site in change["call_sites"]] == [("desk/names.py", 1)]


def test_a_consumer_that_cannot_be_read_is_told(gitted: Gitted) -> None:
    with_python(gitted).write("desk/broken.py", "def (:")
    ran = broken(gitted).run("check")
    assert ran.code == 1 and "notice[consumer_unread]: the call sites in desk are not known" in ran.out


@pytest.mark.slow
def test_consumers_are_compiled_against_the_sdk_as_it_will_be(gitted: Gitted) -> None:
    with_python(gitted)
    ran = gitted.run("check", "--consumers")
    assert ran.code == 0 and "consumers compile: desk" in ran.out, ran.out
    gitted.need_size()
    for _ in range(2):
        ran = gitted.run("check", "--consumers")
        assert ran.code == 1
        assert 'desk/app.py:4:5: error[consumer_type]: desk: Missing named argument "size"' in ran.out
        assert "    4 |     shop.tasks.create(title=title)\n" in ran.out
        rebuilt(gitted)
    assert not list((gitted.folder / "generated/.schemagen-cache").glob("sdks-*"))


OPTIONS = {"strict": True, "module": "nodenext", "target": "es2022", "types": []}
TSCONFIG = {"compilerOptions": OPTIONS, "include": ["src"]}
APP = """
    import { HttpClient } from "@shop/backend/http";
    import { api } from "@shop/backend/api";

    export async function go(client: HttpClient): Promise<void> {
      const tasks = await client.query(api.tasks.list, { done: true });
      console.log(tasks.map((task) => task.title));
      await client.mutation(api.tasks.create, { title: "x" });
    }
"""
WEB = """
[[tool.schemagen.consumers]]
name = "web"
path = "web"
language = "typescript"
"""


@pytest.fixture
def web(gitted: Gitted) -> Gitted:
    """With a consumer in TypeScript, and its compiler."""
    with (gitted.folder / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(WEB)
    gitted.write("web/tsconfig.json", json.dumps(TSCONFIG))
    gitted.write("web/package.json", '{"type": "module"}')
    gitted.write("web/src/app.ts", APP)
    modules = gitted.folder / "web/node_modules"
    (modules / "@shop").mkdir(parents=True)
    (modules / "@shop/backend").symlink_to(gitted.folder / "generated/typescript", target_is_directory=True)
    for name in (".bin", "typescript"):
        (modules / name).symlink_to(TSC / name, target_is_directory=True)
    return gitted


@pytest.mark.slow
def test_typescript_consumers_are_compiled_too(web: Gitted) -> None:
    ran = web.run("check", "--consumers")
    assert ran.code == 0 and "consumers compile: web" in ran.out, ran.out
    web.need_size()
    for _ in range(2):  # stale, and fresh
        ran = web.run("check", "--consumers")
        assert ran.code == 1
        assert "web/src/app.ts:7:43: error[consumer_type]: web: TS2741: Property 'size' is missing" in ran.out, ran.out
        assert """    7 |   await client.mutation(api.tasks.create, { title: "x" });""" in ran.out
        rebuilt(web)


@pytest.mark.slow
def test_call_sites_in_typescript_are_known_before_and_after_the_sdk_is_generated_anew(web: Gitted) -> None:
    text = (web.folder / "shop_backend/tasks.py").read_text("utf-8")
    web.write("shop_backend/tasks.py", text.replace("def create", "def make"))
    for _ in range(2):
        _, verdict = web.json("diff", "--format", "json")
        [gone] = [change for change in verdict["changes"] if change["rule"] == "function_removed"]
        [site] = gone["call_sites"]
        assert (site["consumer"], site["file"], site["line"]) == ("web", "web/src/app.ts", 7)
        rebuilt(web)


def test_a_consumer_that_cannot_be_compiled_fails(gitted: Gitted, monkeypatch: pytest.MonkeyPatch) -> None:
    with (gitted.folder / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(WEB + WEB.replace("web", "gone").replace("typescript", "python"))
    gitted.write("web/app.ts", "")
    ran = gitted.run("check", "--consumers")
    assert ran.code == 1
    assert "consumer web could not be compiled: there is no tsconfig.json in web or above" in ran.out
    assert "consumer gone could not be compiled: there is nothing at gone" in ran.out
    gitted.write("web/tsconfig.json", "{}")
    monkeypatch.setenv("PATH", "/nowhere")  # no git either
    ran = gitted.run("check", "--consumers", "--base", str(gitted.folder / "generated/contract.json"))
    assert ran.code == 1 and "TypeScript is not installed in web or above" in ran.out


# --- a server as the base ---


@pytest.mark.slow
def test_a_deployed_server_is_a_base(gitted: Gitted) -> None:
    with running("serve", "--port", "0", "--database", "sqlite://", cwd=gitted.folder) as server:
        address = server.address()
        assert gitted.run("check", "--base", address).code == 0
        broken(gitted).commit("break it")
        assert gitted.run("check").code == 0
        ran = gitted.run("check", "--base", address)
        assert ran.code == 1 and f"({address} → the working tree)" in ran.out


# --- clients that were really seen ---


def call(address: str, path: str, contract: str, client: str, **args: object) -> None:
    headers = {"schemagen-contract": contract, "schemagen-client": client}
    assert httpx.post(f"{address}/api/{path}", json=args, headers=headers).status_code == 200


@pytest.mark.slow
def test_a_change_is_judged_by_the_clients_that_a_server_has_seen(gitted: Gitted) -> None:
    contract = fingerprint(committed_contract(load_config(gitted.folder)))
    with running("serve", "--port", "0", cwd=gitted.folder) as server:
        address = server.address()
        call(address, "query/tasks.list", contract, "python/desk/1")
        broken(gitted)
        ran = gitted.run("check", "--live", address)
        assert ran.code == 1 and "live clients: desk@1" in ran.out
        assert "  note:    no live client has used it for 30 days\n" in ran.out
        call(address, "mutation/tasks.create", contract, "typescript/mobile/3.2.0", title="x")
        ran = gitted.run("check", "--live", address)
        assert ran.code == 1 and "  breaks:  mobile@3.2.0\n" in ran.out
        gitted.commit("break it")
        assert gitted.run("check").code == 0
        ran = gitted.run("check", "--live", f"sqlite:///{gitted.folder}/schemagen.db")  # the server uses it
        assert ran.code == 1 and "  breaks:  mobile@3.2.0\n" in ran.out
        call(address, "query/tasks.list", "0123456789abcdef", "python/other/2")
        ran = gitted.run("check", "--live", address)
        assert "notice[live_unknown]: seen in the last 30 days, on contracts that nobody knows: other@2" in ran.out
