"""`schemagen run`: one call from the terminal. Calls to a running server are in test_serve.py."""

from __future__ import annotations

import json

import pytest

from tests.cli.project import Project


def check(project: Project, *arguments: str, out: str = "", err: str = "", code: int = 0) -> None:
    ran = project.run("run", *arguments)
    assert (ran.code, ran.out, ran.err.strip("\n")) == (code, out, err)


def test_a_function_runs_on_the_database_of_the_project(project: Project) -> None:
    created = project.run("run", "tasks.create", '{"title": "Write it down"}')
    assert created.code == 0, created.err
    assert json.loads(created.out).startswith("tasks_")
    (task,) = json.loads(project.run("run", "tasks.list").out)
    assert (task["id"], task["title"], task["done"]) == (json.loads(created.out), "Write it down", False)
    assert (project.folder / "schemagen.db").exists()


def test_a_terminal_that_cannot_show_a_character_gets_its_code(project: Project) -> None:
    project.run("run", "tasks.create", '{"title": "größer"}')
    ran = project.spawn("run", "tasks.list", env={"PYTHONIOENCODING": "ascii"})
    assert (ran.code, '"title": "gr\\xf6\\xdfer"' in ran.out) == (0, True)


def test_internal_functions_may_be_called_here(project: Project) -> None:
    check(project, "tasks.count", out="0\n")


def test_a_path_may_be_written_as_in_python(project: Project) -> None:
    check(project, "tasks.list_", out="[]\n")


def test_the_caller_can_be_anybody(project: Project) -> None:
    check(project, "tasks.caller", out="null\n")
    check(project, "tasks.caller", "--identity", "ada", out='"ada"\n')


def test_an_application_error_is_shown_with_its_fields(project: Project) -> None:
    check(
        project,
        "tasks.create",
        '{"title": "too many"}',
        code=1,
        err="error[too_many]: tasks.create: Only 3 tasks may be open.\n  limit: 3",
    )


def test_arguments_that_do_not_fit_are_named_by_their_path(project: Project) -> None:
    ran = project.run("run", "tasks.create", '{"title": 3, "colour": "red"}')
    assert ran.code == 1
    lines = ran.err.splitlines()
    assert lines[0].startswith("error[invalid_arguments]: tasks.create: ")
    assert {line.split(":")[0] for line in lines[1:]} == {"  title", "  colour"}


def test_a_failing_function_shows_the_traceback_of_the_backend_and_none_of_ours_alone(project: Project) -> None:
    ran = project.spawn("run", "tasks.fail")
    assert ran.code == 1
    assert "RuntimeError: broken on purpose" in ran.err
    assert 'shop_backend/tasks.py", line ' in ran.err
    assert "error[internal]: tasks.fail: " in ran.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["tasks.lst"], 'error[run_unknown_function]: there is no function "tasks.lst" (did you mean "tasks.list"?)'),
        (["tasks.list", "{"], "error[run_arguments]: the arguments are no JSON: "),
        (["tasks.list", "[1]"], "error[run_arguments]: the arguments are no JSON object"),
        (
            ["tasks.list", "--token", "x", "--identity", "y"],
            "error[run_identity]: --identity and --token are both",
        ),
        (["tasks.list", "--token", "x"], "error[run_token]: this server accepts no tokens"),
        (["tasks.list", "--url", "http://127.0.0.1:1"], "error[run_unreachable]: http://127.0.0.1:1: "),
        (
            ["tasks.list", "--url", "http://127.0.0.1:1", "--identity", "x"],
            "error[run_identity]: --identity with",
        ),
        (["tasks.list", "--url", "::"], "error[run_unreachable]: ::: "),
    ],
    ids=["path", "json", "object", "both", "token", "server", "identity", "url"],
)
def test_a_call_that_cannot_be_made_is_a_mistake(project: Project, arguments: list[str], message: str) -> None:
    ran = project.run("run", *arguments)
    assert ran.code == 2
    assert message in ran.err
    assert ran.out == ""
