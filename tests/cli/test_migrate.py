"""`schemagen migrate`: how far migrations are, what would be refused, and running them without serving."""

from __future__ import annotations

import io
import json
import re
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

from schemagen.cli.main import main
from tests.cli.project import Project, Ran
from tests.cli.running import running

NARROWER = """
    from schemagen import Table, index

    class Task(Table, name="tasks"):
        title: str
        done: bool = False
        words: int

        by_done = index("done")
"""
CREATE = """
    from schemagen import Id, MutationCtx, QueryCtx, mutation, query
    from shop_backend.schema import Task

    @query
    async def list_(ctx: QueryCtx) -> list[Task]:
        return await ctx.db.query(Task).scan().all()

    @mutation
    async def create(ctx: MutationCtx, *, title: str) -> Id[Task]:
        return await ctx.db.insert(Task(title=title, words=1))
"""
MIGRATIONS = """
    from schemagen import Changes, QueryCtx, Stored, migration
    from shop_backend.schema import Task

    @migration(Task)
    async def count_words(ctx: QueryCtx, stored: Stored) -> Changes:
        if stored["title"] == "bad":
            raise ValueError("no words")
        return {"words": len(stored["title"].split())}
"""


def migrate(project: Project, *arguments: str) -> Ran:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(["migrate", arguments[0], "--project", str(project.folder), *arguments[1:]])
    return Ran(code, out.getvalue(), err.getvalue())


def status(project: Project) -> Any:
    return json.loads(migrate(project, "status", "--json").out)


def narrowed(project: Project, *titles: str, with_migration: bool = True) -> None:
    """The project with tasks of these titles, and then a schema that they do not fit."""
    for title in titles:
        assert project.run("run", "tasks.create", json.dumps({"title": title})).code == 0
    project.write("shop_backend/schema.py", NARROWER)
    project.write("shop_backend/tasks.py", CREATE)
    if with_migration:
        project.write("shop_backend/migrations.py", MIGRATIONS)


def test_without_migrations_there_is_nothing_to_say_and_nothing_to_run(project: Project) -> None:
    assert migrate(project, "status") == Ran(0, "no migrations\n", "")
    assert not (project.folder / "schemagen.db").exists()
    assert migrate(project, "run") == Ran(0, "no migration is left to run\n", "")


def test_a_refused_narrowing_is_shown_with_the_migration_to_write(project: Project) -> None:
    narrowed(project, "one", "two words", with_migration=False)
    ran = migrate(project, "status")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out == (
        "no migrations\n"
        "stored documents do not fit the schema, and no migration that is left changes them:\n"
        "  tasks.words: is required, and 2 documents stored before it existed have no value for it\n"
        "    fix: give it a default, declare it words: ... | None = None, or fill it in a migration:\n"
        "      @migration(Task)\n"
        "      async def fill_words(ctx: QueryCtx, stored: Stored) -> Changes:\n"
        '          return {"words": ...}  # stored has id, creation_time, done, title\n'
    )
    assert status(project)["refused"][0]["place"] == "tasks.words"
    refused = migrate(project, "run")
    assert refused.code == 2 and refused.err.startswith("error[database_misfit]: ")


def test_a_migration_is_pending_until_it_is_run_and_then_finished(project: Project) -> None:
    narrowed(project, "one", "two words")
    assert migrate(project, "status") == Ran(
        0,
        "migrations.count_words  tasks  pending\n"
        "documents of tasks do not fit the schema yet: its migrations run before anything is served\n",
        "",
    )
    ran = migrate(project, "run")
    assert (ran.code, ran.out) == (0, "migrations.count_words: finished, 2 documents of tasks\n")
    found = migrate(project, "status")
    assert re.fullmatch(
        r"migrations.count_words  tasks  finished \d{4}-\d\d-\d\d \d\d:\d\d UTC, 2 documents\n", found.out
    )
    assert migrate(project, "run").out == "no migration is left to run\n"
    assert sorted(task["words"] for task in json.loads(project.run("run", "tasks.list").out)) == [1, 2]


def test_status_changes_nothing(project: Project) -> None:
    narrowed(project, "one")
    before = status(project)
    assert before == status(project)
    assert before["migrations"] == [
        {"name": "migrations.count_words", "declared": True, "table": "tasks", "state": "pending"}
    ]
    assert list(before["waiting"]) == ["tasks"]


def test_a_migration_that_stopped_says_at_which_document_and_why(project: Project) -> None:
    narrowed(project, "one", "bad")
    ran = migrate(project, "run")
    assert ran.code == 2
    assert ran.err.startswith("error[migration_failed]: migration migrations.count_words stopped at tasks_")
    assert "ValueError: no words" in ran.err and "migrations.py:" in ran.err
    (found,) = status(project)["migrations"]
    assert (found["state"], found["done"], found["total"]) == ("stopped", 0, 2)
    assert "stopped after 0 of 2, at tasks_" in migrate(project, "status").out


def test_a_migration_that_is_gone_from_the_backend_is_still_known_to_the_database(project: Project) -> None:
    narrowed(project, "one")
    assert migrate(project, "run").code == 0
    (project.folder / "shop_backend/migrations.py").unlink()
    assert migrate(project, "status").out.endswith(", 1 document (no longer declared)\n")


def test_a_server_runs_migrations_before_it_serves_and_status_can_be_asked_meanwhile(project: Project) -> None:
    narrowed(project, "one", "two words")
    with running("serve", "--port", "0", cwd=project.folder) as server:
        server.wait_for(r"migration migrations\.count_words finished: 2 documents of tasks")
        server.address()
        ran = migrate(project, "status")
        assert ran.code == 0
        assert "finished" in ran.out and "a server runs on this database" in ran.out
        assert status(project)["served"] is True
        assert migrate(project, "run").err.startswith("error[database_in_use]: ")
