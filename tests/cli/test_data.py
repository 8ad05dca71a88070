"""`schemagen data`: what an export holds, what an import takes and refuses, and what a backup is."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from schemagen.cli.main import main
from tests.cli.project import CONFIG, Project, Ran
from tests.cli.running import running

ADA = {
    "id": "tasks_01h455vb4pex5vsknk084sn02q",
    "creationTime": "2026-01-02T03:04:05.000001Z",
    "title": "Ada",
    "done": True,
}
BOB = {**ADA, "id": "tasks_01h455vb4pex5vsknk084sn02r", "creationTime": "2026-01-02T03:04:06Z", "title": "Bob"}

NOTES = '''
    from schemagen import Id, Table, index
    from shop_backend.schema import Task

    class Note(Table, name="notes"):
        """About a task."""

        task_id: Id[Task]
        text: str = "…"
        stars: int = 0
'''


SHOUT = """
    from schemagen import Changes, QueryCtx, Stored, migration
    from shop_backend.schema import Task

    @migration(Task)
    async def shout(ctx: QueryCtx, stored: Stored) -> Changes:
        return {"title": stored["title"].upper()}
"""


FIND = """
    from schemagen import QueryCtx, query
    from shop_backend.schema import Task

    @query
    async def find(ctx: QueryCtx, *, text: str) -> list[str]:
        return [task.title for task in await ctx.db.search(Task.search_title, text).take(5)]
"""


@pytest.fixture
def project(project: Project) -> Project:
    project.write("shop_backend/notes.py", NOTES)
    return project


def documents(project: Project, folder: str, **tables: list[Any]) -> str:
    """A folder as somebody would write it by hand; a document that is text stands there as it is."""
    for table, found in tables.items():
        lines = [each if isinstance(each, str) else json.dumps(each) for each in found]
        project.write(f"{folder}/{table}.jsonl", "".join(f"{line}\n" for line in lines))
    return str(project.folder / folder)


def export(project: Project, folder: str, *options: str) -> Path:
    done = project.run("data", "export", "--out", str(project.folder / folder), *options)
    assert done.code == 0, done.err
    return project.folder / folder


def imported(project: Project, folder: str | Path, *options: str) -> Ran:
    done = project.run("data", "import", str(folder), *options)
    assert done.code == 0, done.err
    return done


def refused(project: Project, *arguments: str) -> list[str]:
    """The lines of the mistake that a command ends with."""
    ran = project.run("data", *arguments)
    assert ran.code == 2, ran
    return [line for line in ran.err.splitlines() if not re.match(r"\w+: [\d,]+ documents?\b", line)]


# --- export and import ---


def test_a_table_is_a_file_of_documents_in_wire_form_and_the_manifest_says_what_is_there(project: Project) -> None:
    imported(project, documents(project, "given", tasks=[BOB, ADA]))
    folder = export(project, "out")
    assert (folder / "tasks.jsonl").read_text() == "".join(
        json.dumps(each, separators=(",", ":")) + "\n" for each in (ADA, BOB)
    )
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest.pop("schema")
    assert manifest == {"format": 1, "ts": 1, "tables": {"notes": 0, "tasks": 2}}
    assert sorted(file.name for file in folder.iterdir()) == ["manifest.json", "notes.jsonl", "tasks.jsonl"]


def test_what_was_imported_is_what_functions_read(project: Project) -> None:
    imported(project, documents(project, "given", tasks=[ADA]))
    assert json.loads(project.run("run", "tasks.list", '{"done": true}').out) == [ADA]
    assert json.loads(project.run("run", "tasks.list", '{"done": false}').out) == []


def test_export_import_export_gives_the_same_bytes_the_manifest_too(project: Project) -> None:
    for title in ("one", "two", "größer"):
        project.run("run", "tasks.create", json.dumps({"title": title}))
    first = export(project, "first")
    other = ["--database", f"sqlite:///{project.folder / 'other.db'}"]
    ran = imported(project, first, *other)
    assert f"imported 3 documents of 2 tables from {first}, at commit 3\n" == ran.out
    second = export(project, "second", *other)
    assert contents(first) == contents(second)


def test_one_table_alone_can_be_exported_also_to_stdout(project: Project) -> None:
    imported(project, documents(project, "given", tasks=[ADA]))
    assert sorted(contents(export(project, "out", "--table", "tasks"))) == ["manifest.json", "tasks.jsonl"]
    ran = project.spawn("data", "export", "--table", "tasks", "--out", "-")
    assert (ran.code, json.loads(ran.out)) == (0, ADA)
    assert "tasks: 1 document," in ran.err
    assert refused(project, "export", "--out", "-")[0] == (
        "error[data_table]: --out - writes one table, and 2 are chosen"
    )


def test_what_has_a_default_may_be_left_out(project: Project) -> None:
    note = {"id": "notes_01h455vb4pex5vsknk084sn02q", "creationTime": "2026-01-02T03:04:05Z", "taskId": ADA["id"]}
    imported(project, documents(project, "given", notes=[note]))
    [line] = (export(project, "out") / "notes.jsonl").read_text().splitlines()
    assert json.loads(line) == {**note, "text": "…", "stars": 0}


def test_every_line_that_does_not_fit_is_named_and_nothing_is_imported(project: Project) -> None:
    imported(project, documents(project, "given", tasks=[ADA]))
    folder = documents(
        project,
        "wrong",
        tasks=[
            BOB,
            {**BOB, "id": ADA["id"], "title": 3, "colour": "red"},
            '{"id": ',
            "",
            {**ADA},
            {"id": "notes_01h455vb4pex5vsknk084sn02q", "creationTime": "yesterday", "title": "x"},
            [],
        ],
    )
    assert refused(project, "import", folder, "--append") == [
        "error[data_documents]: 5 documents that cannot be imported; nothing was",
        "  tasks.jsonl:2: title: expected a string, got number 3; "
        "colour: unknown field; the fields here: id, creationTime, title, done",
        "  tasks.jsonl:3: is no JSON: unexpected end of data, column 7",
        f"  tasks.jsonl:5: id: {ADA['id']} is there already",
        "  tasks.jsonl:6: id: an id of table 'notes', not of 'tasks'; "
        "creationTime: expected a date and time with offset, such as 2026-01-02T03:04:05Z",
        "  tasks.jsonl:7: expected an object, got array",
        "  why: a function that reads such a document would get what its types rule out",
        "  fix: correct these lines, or the schema",
    ]
    assert json.loads(project.run("run", "tasks.count").out) == 1


def test_after_twenty_wrong_lines_it_reads_no_further(project: Project) -> None:
    folder = documents(project, "wrong", tasks=[{**ADA, "title": number} for number in range(100)])
    lines = refused(project, "import", folder)
    assert lines[0] == "error[data_documents]: the first 20 documents that cannot be imported; nothing was"
    assert len(lines) == 1 + 20 + 2


def test_the_validators_of_the_author_are_asked_too(project: Project) -> None:
    project.edit("shop_backend/schema.py", "title: str", "title: Title")
    project.edit(
        "shop_backend/schema.py",
        "from schemagen import Table, index",
        "from typing import Annotated\n\nfrom pydantic import AfterValidator\n\n"
        "from schemagen import Table, index\n\n\n"
        "def quiet(title: str) -> str:\n    if title.isupper():\n        raise ValueError('do not shout')\n"
        "    1 / len(title)\n    return title\n\n\nTitle = Annotated[str, AfterValidator(quiet)]",
    )
    given = documents(project, "given", tasks=[ADA, {**BOB, "title": "BOB"}, {**BOB, "title": ""}])
    assert refused(project, "import", given)[1:3] == [
        "  tasks.jsonl:2: title: do not shout",
        "  tasks.jsonl:3: a validator failed with ZeroDivisionError: division by zero",
    ]


def test_unique_indexes_and_search_indexes_are_kept_as_for_any_write(project: Project) -> None:
    project.edit("shop_backend/schema.py", "import Table, index", "import Table, index, search_index")
    project.edit(
        "shop_backend/schema.py",
        'index("done")',
        'index("done")\n    by_title = index("title", unique=True)\n    search_title = search_index("title")',
    )
    project.write("shop_backend/finding.py", FIND)
    twice = documents(project, "twice", tasks=[ADA, {**BOB, "title": "Ada"}])
    assert refused(project, "import", twice)[1] == (
        f"  tasks.jsonl:2: {ADA['id']} has the same key in the unique index tasks.by_title"
    )
    imported(project, documents(project, "both", tasks=[ADA, BOB]))
    assert json.loads(project.run("run", "finding.find", '{"text": "bo"}').out) == ["Bob"]
    imported(project, documents(project, "ada", tasks=[ADA]), "--replace")
    assert json.loads(project.run("run", "finding.find", '{"text": "bo"}').out) == []


def test_tables_that_hold_documents_are_appended_to_or_replaced_but_only_if_that_is_said(project: Project) -> None:
    imported(project, documents(project, "ada", tasks=[ADA]))
    bob = documents(project, "bob", tasks=[BOB])
    assert refused(project, "import", bob)[0] == "error[data_not_empty]: there are documents already: tasks (1)"
    assert refused(project, "import", bob, "--append", "--replace")[0].startswith(
        "error[data_not_empty]: --replace and"
    )
    imported(project, bob, "--append")
    assert titles(project) == ["Ada", "Bob"]
    imported(project, bob, "--replace")
    assert titles(project) == ["Bob"]


def test_replacing_deletes_nothing_if_what_comes_is_wrong(project: Project) -> None:
    imported(project, documents(project, "ada", tasks=[ADA]))
    refused(project, "import", documents(project, "bob", tasks=[BOB, {**BOB, "done": "yes"}]), "--replace")
    assert titles(project) == ["Ada"]


def test_time_does_not_go_back_to_before_the_export(project: Project) -> None:
    for title in "abc":
        project.run("run", "tasks.create", json.dumps({"title": title}))
    folder = export(project, "out")
    assert imported(project, folder, "--replace").out.endswith("at commit 4\n")
    other = f"sqlite:///{project.folder / 'other.db'}"
    assert imported(project, folder, "--database", other).out.endswith("at commit 3\n")


def test_documents_of_another_schema_are_checked_against_this_one(project: Project) -> None:
    imported(project, documents(project, "given", tasks=[ADA]))
    folder = export(project, "out")
    project.edit("shop_backend/schema.py", "done: bool = False", "done: bool = False\n    size: int = 1")
    other = f"sqlite:///{project.folder / 'other.db'}"
    assert "it was exported with another schema" in imported(project, folder, "--database", other).err


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda folder: (folder / "tasks.jsonl").unlink(), "has no tasks.jsonl, which its manifest names"),
        (lambda folder: (folder / "tasks.jsonl").write_text(""), "has 0 documents in tasks.jsonl; 1 were exported"),
        (lambda folder: (folder / "x.jsonl.part").touch(), "holds x.jsonl.part, which an export did not finish"),
    ],
    ids=["missing", "cut", "unfinished"],
)
def test_a_part_of_an_export_is_not_taken_for_all_of_it(project: Project, change: Any, message: str) -> None:
    imported(project, documents(project, "given", tasks=[ADA]))
    folder = export(project, "out")
    change(folder)
    assert refused(project, "import", str(folder), "--replace")[0] == f"error[data_incomplete]: {folder} {message}"
    assert titles(project) == ["Ada"]


def test_what_cannot_be_meant_is_refused_with_what_to_do(project: Project) -> None:
    folder = str(project.folder)
    assert refused(project, "export", "--table", "task")[0] == (
        'error[data_table]: there is no table "task" (did you mean "tasks"?)'
    )
    assert refused(project, "import", documents(project, "given", task=[ADA]))[0].startswith("error[data_table]: ")
    assert refused(project, "export", "--out", folder)[0] == (
        f"error[data_folder]: {folder} is there already, and not an empty folder"
    )
    assert refused(project, "import", folder)[0] == f"error[data_folder]: {folder} is no folder with .jsonl files"
    project.write("given/manifest.json", "{}")
    assert "manifest.json is none that an export wrote" in refused(project, "import", f"{folder}/given")[0]
    for command in (["export"], ["import", documents(project, "more", tasks=[ADA])], ["backup", f"{folder}/b.db"]):
        ran = refused(project, *command, "--database", "sqlite://")
        assert ran[0] == "error[database]: sqlite:// is a database in memory"
    for command in (["export"], ["backup", f"{folder}/b.db"]):
        ran = refused(project, *command, "--database", f"sqlite:///{folder}/none.db")
        assert ran[0] == f"error[database]: there is no database {folder}/none.db"
        project.write("text.db", "no database")
        ran = refused(project, *command, "--database", f"sqlite:///{folder}/text.db")
        assert ran[0] == f"error[database]: {folder}/text.db cannot be read: file is not a database"


def test_an_export_that_fails_leaves_nothing_behind(project: Project) -> None:
    imported(project, documents(project, "given", tasks=[ADA]))
    change(project, "UPDATE tasks SET title = x'01'")
    ran = refused(project, "export", "--out", str(project.folder / "out"))
    assert f"tasks: the document {ADA['id']} is not of its type: title: " in ran[0]
    assert not (project.folder / "out").exists()


def test_a_database_of_another_schema_is_not_read_as_if_it_were_of_this_one(project: Project) -> None:
    imported(project, documents(project, "given", tasks=[ADA]))
    project.edit("shop_backend/schema.py", "title: str", "title: str\n    size: int = 1")
    assert refused(project, "export")[:2] == [
        f"error[data_schema]: {project.folder / 'schemagen.db'} was last opened with another schema",
        "  tasks.size is not there yet",
    ]
    project.run("run", "tasks.count")  # opens it, as a server would
    assert '"size":1' in (export(project, "out") / "tasks.jsonl").read_text()


def test_documents_of_a_renamed_table_keep_their_ids(project: Project) -> None:
    imported(project, documents(project, "given", tasks=[ADA]))
    project.edit("shop_backend/schema.py", 'name="tasks"', 'name="jobs", renamed_from="tasks"')
    project.run("run", "tasks.count")  # opens it, as a server would
    folder = export(project, "out")
    assert json.loads((folder / "jobs.jsonl").read_text()) == ADA
    imported(project, folder, "--replace")
    assert json.loads(project.run("run", "tasks.list", '{"done": true}').out) == [ADA]


def test_an_import_waits_for_migrations_to_be_finished(project: Project) -> None:
    imported(project, documents(project, "ada", tasks=[ADA]))
    project.write("shop_backend/changes.py", SHOUT)
    bob = documents(project, "bob", tasks=[BOB])
    assert refused(project, "import", bob, "--append") == [
        f"error[data_migrations]: {project.folder / 'schemagen.db'}: migrations are not finished: changes.shout",
        "  why: they would take the documents that are imported for documents of before, and change them",
        "  fix: let them finish: run `schemagen migrate run`, or serve this database; then import",
    ]
    assert main(["migrate", "run", "--project", str(project.folder)]) == 0
    imported(project, bob, "--append")
    assert titles(project) == ["ADA", "Bob"]


# --- beside a running server ---


@pytest.mark.slow
def test_a_running_server_is_exported_and_backed_up_and_nothing_is_imported_behind_its_back(project: Project) -> None:
    imported(project, documents(project, "given", tasks=[ADA]))
    with running("serve", "--port", "0", cwd=project.folder) as server:
        address = server.address()
        project.run("run", "tasks.create", '{"title": "while it runs"}', "--url", address)
        assert len((export(project, "out") / "tasks.jsonl").read_text().splitlines()) == 2
        lines = refused(project, "import", str(project.folder / "out"), "--replace")
        assert lines[0].endswith("schemagen.db is in use by another schemagen process, such as a running server")
        assert lines[-1] == ("  fix: stop it, import, and start it again; or import into another file with --database")
        backup = project.folder / "backup.db"
        ran = project.run("data", "backup", str(backup))
        assert ran.out.startswith(f"backed up to {backup}, as of commit 2 (")
    database = ["--database", f"sqlite:///{backup}"]
    assert contents(export(project, "of_backup", *database)) == contents(project.folder / "out")
    assert json.loads(project.run("run", "tasks.count", *database).out) == 2


def test_a_backup_never_takes_the_place_of_a_file(project: Project) -> None:
    project.run("run", "tasks.create", '{"title": "x"}')
    file = project.write("backup.db", "precious")
    assert refused(project, "backup", str(file))[0] == f"error[backup_exists]: {file} is there already"
    assert file.read_text() == "precious"


def test_a_backup_needs_no_backend_where_the_database_is_named(tmp_path: Path, project: Project) -> None:
    project.run("run", "tasks.create", '{"title": "x"}')
    project.write("pyproject.toml", CONFIG.replace("shop_backend", "nowhere"))
    (tmp_path / "elsewhere").mkdir()
    copy = tmp_path / "elsewhere" / "copy.db"
    ran = Project.spawn(
        project, "data", "backup", str(copy), cwd=copy.parent, env={"SCHEMAGEN_DATABASE": database(project)}
    )
    assert ran.code == 0, ran.err
    assert list(copy.parent.iterdir()) == [copy]


# --- what tests look at ---


def database(project: Project) -> str:
    return f"sqlite:///{project.folder / 'schemagen.db'}"


def change(project: Project, sql: str) -> None:
    with closing(sqlite3.connect(project.folder / "schemagen.db", isolation_level=None)) as connection:
        connection.execute(sql)


def titles(project: Project) -> list[str]:
    found: list[dict[str, str]] = json.loads(project.run("run", "tasks.list", '{"done": true}').out)
    return [task["title"] for task in found]


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}
