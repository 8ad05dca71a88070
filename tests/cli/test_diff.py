"""`schemagen diff`: folders, files, commits and servers, compared two by two."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.gitted import Gitted
from tests.cli.project import Project, spawn
from tests.cli.running import running


@pytest.fixture
def gitted(tmp_path: Path) -> Gitted:
    return Gitted(tmp_path / "shop")


NEEDS_SIZE = [("args_field_required", "tasks.create(size)")]


def broken(verdict: dict[str, list[dict[str, str]]]) -> list[tuple[str, str]]:
    return [(change["rule"], change["at"]) for change in verdict["changes"] if change["level"] != "safe"]


def test_nothing_changed_is_safe(gitted: Gitted) -> None:
    ran = gitted.run("diff")
    assert ran.code == 0 and ran.out.startswith("safe: nothing changed (git:main (")


def test_a_break_is_told_with_its_line_its_witness_and_its_fix(gitted: Gitted) -> None:
    gitted.need_size()
    ran = gitted.run("diff")
    assert ran.code == 1
    assert "shop_backend/tasks.py:24:51: error[args_field_required]: tasks.create(size): is new and required" in ran.out
    assert "   24 | async def create(ctx: MutationCtx, *, title: str, size: int)" in ran.out
    assert '  witness: {"title": ""}\n' in ran.out
    assert "  fix:     give it a default\n" in ran.out


def test_the_json_form_is_one_object_with_nothing_around_it(gitted: Gitted) -> None:
    gitted.need_size()
    code, verdict = gitted.json("diff", "--format", "json")
    assert code == 1 and verdict.keys() == {"verdict", "changes"} and verdict["verdict"] == "breaking"
    [change] = verdict["changes"]
    assert change["witness"] == {"title": ""} and change["side"] == "args" and change["level"] == "wire"
    assert change["origin"] == {"file": "shop_backend/tasks.py", "line": 24}
    assert change["call_sites"] == [] and change["fix"] and len(change["fingerprint"]) == 12


def test_every_form_is_the_same_each_time(gitted: Gitted) -> None:
    gitted.need_size()
    for form in ("text", "json", "markdown", "sarif", "github"):
        first, second = (gitted.here("diff", "--format", form) for _ in range(2))
        assert (first.code, first.out) == (second.code, second.out) and first.code == 1
        assert "size" in first.out and str(gitted.folder) not in first.out, form


def test_two_folders_are_compared_without_a_project_around(tmp_path: Path) -> None:
    for name, more in (("old", ""), ("new", ", size: int")):
        project = Project(tmp_path / name)
        project.edit("shop_backend/tasks.py", "*, title: str)", f"*, title: str{more})")
    (tmp_path / "apart").mkdir()
    old, new = tmp_path / "old/shop_backend", tmp_path / "new/shop_backend"
    ran = spawn("diff", str(old), str(new), "--format", "json", cwd=tmp_path / "apart")
    assert ran.code == 1 and broken(json.loads(ran.out)) == NEEDS_SIZE
    back = spawn("diff", str(new), str(old), "--format", "json", cwd=tmp_path / "apart")
    assert broken(json.loads(back.out)) == [("args_field_removed", "tasks.create(size)")]
    same = spawn("diff", str(old), str(tmp_path / "old"), cwd=tmp_path / "apart")
    assert same.code == 0 and same.out.startswith("safe: nothing changed"), same.err


def test_a_contract_is_compared_with_the_working_tree(gitted: Gitted) -> None:
    kept = gitted.folder / "kept.json"
    kept.write_bytes((gitted.folder / "generated/contract.json").read_bytes())
    gitted.need_size()
    code, verdict = gitted.json("diff", str(kept), "--format", "json")
    assert code == 1 and broken(verdict) == NEEDS_SIZE


def test_two_commits_are_compared_by_branch_tag_or_id(gitted: Gitted) -> None:
    gitted.git("tag", "v1")
    first = gitted.git("rev-parse", "--short", "HEAD")
    gitted.need_size()
    gitted.run("build")
    gitted.commit("the second version")
    for old in ("git:v1", f"git:{first}", "git:main~1", "v1", f"git:v1:{'generated/contract.json'}"):
        code, verdict = gitted.json("diff", old, "git:main", "--format", "json")
        assert code == 1 and broken(verdict) == NEEDS_SIZE, old
    assert gitted.run("diff", "git:main", "git:main").code == 0


def test_a_branch_is_compared_with_where_it_left_the_main_branch(gitted: Gitted) -> None:
    gitted.git("switch", "--quiet", "--create", "feature")
    gitted.write("README.md", "on the branch")
    gitted.commit("on the branch")
    gitted.git("switch", "--quiet", "main")
    gitted.need_size()
    gitted.run("build")
    gitted.commit("on the main branch, meanwhile")
    gitted.git("switch", "--quiet", "feature")
    assert gitted.run("diff").code == 0
    assert gitted.run("diff", "git:main").code == 1


def test_a_commit_without_a_contract_is_imported_as_it_was(tmp_path: Path) -> None:
    gitted = Gitted(tmp_path / "repository", inside="services/shop")
    gitted.keep_generated_out()
    gitted.write("shared_with_shop.py", "MOST = 3\n")
    gitted.edit(
        "shop_backend/tasks.py", "from shop_backend.schema", "import shared_with_shop\nfrom shop_backend.schema"
    )
    gitted.edit("shop_backend/tasks.py", "title: str)", "title: str, most: int = shared_with_shop.MOST)")
    gitted.commit("nothing generated")
    gitted.edit("shared_with_shop.py", "3", "4")
    code, verdict = gitted.json("diff", "--format", "json")
    assert code == 0
    assert [(change["rule"], change["old"], change["new"]) for change in verdict["changes"]] == [
        ("args_default_changed", "3", "4")
    ]
    gitted.edit("shop_backend/tasks.py", "title: str, most", "title: int, most")
    assert gitted.run("diff").code == 1


def test_a_gone_function_is_shown_where_it_was(gitted: Gitted) -> None:
    gitted.keep_generated_out()
    gitted.commit("nothing generated")
    text = (gitted.folder / "shop_backend/tasks.py").read_text("utf-8")
    gitted.write("shop_backend/tasks.py", text.replace("@query\nasync def caller", "async def caller"))
    ran = gitted.run("diff")
    assert ran.code == 1
    assert "error[function_removed]: tasks.caller: is gone" in ran.out
    assert " | async def caller(ctx: QueryCtx)" in ran.out


def test_a_mistake_in_a_backend_of_before_is_told_with_the_commit(gitted: Gitted) -> None:
    gitted.keep_generated_out()
    gitted.edit("shop_backend/schema.py", 'index("done")', 'index("dnoe")')
    gitted.commit("broken, and nothing generated")
    gitted.edit("shop_backend/schema.py", 'index("dnoe")', 'index("done")')
    ran = gitted.run("diff")
    assert ran.code == 2
    assert "error[diff_backend]: no contract is committed at git:main (" in ran.err and "dnoe" in ran.err


@pytest.mark.slow
def test_a_running_server_is_compared_with_what_is_deployed_next(gitted: Gitted) -> None:
    with running("serve", "--port", "0", "--database", "sqlite://", cwd=gitted.folder) as server:
        address = server.address()
        same = gitted.run("diff", address)
        assert same.code == 0 and f"nothing changed ({address} → the working tree)" in same.out
        gitted.need_size()
        gitted.edit("shop_backend/schema.py", "title: str", "title: str\n    weight: int")
        code, verdict = gitted.json("diff", address, "--format", "json")
        assert code == 1 and NEEDS_SIZE[0] in broken(verdict)
        assert ("stored_field_required", "Task.weight") in broken(verdict)
        assert not [change for change in verdict["changes"] if change["rule"].startswith("index_")]  # who knows them?
        assert gitted.run("diff", f"{address}/api/contract", address).code == 0
        gitted.edit("shop_backend/schema.py", 'name="tasks"', 'name="chores", renamed_from="tasks"')
        _, verdict = gitted.json("diff", address, "--format", "json")
        assert not [change for change in verdict["changes"] if "id_retargeted" in change["rule"]]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["git:mian"], 'git:mian: git knows no "mian" (did you mean "main"?)'),
        (["nowhere"], '"nowhere" is nothing that has a contract'),
        (["pyproject.toml"], "not a contract"),
        (["git:main:elsewhere.json"], "there is no elsewhere.json at git:main ("),
        (["http://127.0.0.1:1"], "http://127.0.0.1:1: "),
        (["git:main", "--database", "sqlite:///nowhere.db"], "there is no such database"),
        (["git:main", "git:main", "--database", "sqlite:///nowhere.db"], "no backend that can be imported"),
    ],
)
def test_what_cannot_be_compared_is_a_mistake(gitted: Gitted, arguments: list[str], says: str) -> None:
    ran = gitted.here("diff", *arguments)
    assert ran.code == 2 and not ran.out
    assert says in ran.err and "  why: " in ran.err and "  fix: " in ran.err


def test_outside_of_git_there_is_nothing_to_compare_with(project: Project) -> None:
    ran = project.run("diff")
    assert ran.code == 2 and "is in no git repository, so there is no earlier contract" in ran.err
    ran = project.run("diff", "git:main")
    assert ran.code == 2 and "is in no git repository" in ran.err


def test_a_mistake_in_the_backend_is_told_as_by_build(gitted: Gitted) -> None:
    gitted.edit("shop_backend/schema.py", 'index("done")', 'index("dnoe")')
    ran = gitted.run("diff")
    assert ran.code == 2 and "index_unknown_field" in ran.err


GATE = '[tool.schemagen.check]\ngate = ["source"]\n'


def test_levels_that_do_not_fail_leave_the_verdict_safe(gitted: Gitted) -> None:
    gitted.edit("shop_backend/tasks.py", "def caller", "def who")
    gitted.edit("shop_backend/tasks.py", "@query\nasync def who", '@query(renamed_from="tasks.caller")\nasync def who')
    code, verdict = gitted.json("diff", "--format", "json")
    assert (code, verdict["verdict"]) == (0, "safe")
    assert [change["level"] for change in verdict["changes"]] == ["source"]
    gitted.edit(
        "pyproject.toml",
        "[tool.schemagen.python]",
        '[tool.schemagen.check]\ngate = ["source"]\n[tool.schemagen.python]',
    )
    assert gitted.run("diff").code == 1


# --- stored documents ---


@pytest.fixture
def stocked(gitted: Gitted) -> Gitted:
    """With three tasks in a database."""
    for title in ("a", "bb", "ccc"):
        assert gitted.run("run", "tasks.create", json.dumps({"title": title})).code == 0
    return gitted


SHORT = "title: Annotated[str, Field(min_length={least})]"


def shorten(project: Project, least: int) -> None:
    project.edit("shop_backend/schema.py", "title: str", SHORT.format(least=least))
    project.edit(
        "shop_backend/schema.py",
        "from schemagen",
        "from typing import Annotated\nfrom pydantic import Field\nfrom schemagen",
    )


def test_documents_that_do_not_fit_are_counted_with_an_example(stocked: Gitted) -> None:
    shorten(stocked, 2)
    database = f"sqlite:///{stocked.folder}/schemagen.db"
    ran = stocked.run("diff", "--database", database)
    assert ran.code == 1 and "error[stored_constraint_tightened]: Task.title" in ran.out
    assert "tasks.title 1 of 3 documents hold a value not of its type, for example tasks_" in ran.out


def test_what_no_stored_document_violates_is_safe_and_says_so(stocked: Gitted) -> None:
    shorten(stocked, 1)
    assert stocked.run("diff").code == 1
    before = (stocked.folder / "schemagen.db").read_bytes()
    code, verdict = stocked.json("diff", "--format", "json", "--database", f"sqlite:///{stocked.folder}/schemagen.db")
    assert code == 0
    [says] = [change["says"] for change in verdict["changes"] if change["rule"] == "stored_constraint_tightened"]
    assert "all 3 documents of tasks fit" in says
    assert (stocked.folder / "schemagen.db").read_bytes() == before


NOTES = 'class Note(Table, name="notes"):\n    text: str'


def test_a_table_that_is_gone_is_safe_if_it_was_empty(stocked: Gitted, tmp_path: Path) -> None:
    stocked.edit(
        "shop_backend/schema.py", "class Task", 'class Note(Table, name="notes"):\n    text: str\n\nclass Task'
    )
    stocked.run("build")
    stocked.run("run", "tasks.list")  # the database grows
    stocked.commit("notes")
    stocked.edit("shop_backend/schema.py", NOTES, "")
    assert stocked.run("diff").code == 1
    database = f"sqlite:///{stocked.folder}/schemagen.db"
    code, verdict = stocked.json("diff", "--format", "json", "--database", database)
    assert code == 0 and "notes has no documents" in verdict["changes"][0]["says"]


@pytest.mark.slow
def test_a_database_that_a_server_uses_can_be_asked(stocked: Gitted) -> None:
    with running("serve", "--port", "0", cwd=stocked.folder) as server:
        server.address()
        shorten(stocked, 2)
        ran = stocked.run("diff", "--database", f"sqlite:///{stocked.folder}/schemagen.db")
    assert ran.code == 1 and "tasks.title 1 of 3 documents" in ran.out
