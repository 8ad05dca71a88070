"""The memory of the last check: when it is believed, and that believing it imports nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from schemagen.cli.check_memory import recall_check
from schemagen.cli.config import load_config
from schemagen.cli.reporting import Format
from tests.cli.gitted import Gitted
from tests.cli.project import environment

TODAY = datetime.now(UTC).date()
HEAVY = ("pydantic", "typer", "httpx", "libcst", "schemagen.declare", "schemagen.introspect", "schemagen.check.compare")


@pytest.fixture
def checked(tmp_path: Path) -> Gitted:
    gitted = Gitted(tmp_path / "shop")
    assert gitted.run("check").code == 0
    assert remembers(gitted)
    return gitted


def remembers(project: Gitted, base: str | None = None, days: int = 0) -> bool:
    config = load_config(project.folder)
    return recall_check(config, base, Format.TEXT, TODAY + timedelta(days=days)) is not None


def add_a_field(project: Gitted) -> None:
    project.edit("shop_backend/schema.py", "title: str", "title: str\n    size: int = 0")


def edit_generated(project: Gitted) -> None:
    project.edit("generated/contract.json", "tasks", "chores")


def accept_something(project: Gitted) -> None:
    project.write("schemagen-accepted.toml", "")


def release_a_client(project: Gitted) -> None:
    project.write("contracts/mobile/1.json", "{}")


def configure_the_gate(project: Gitted) -> None:
    table = "[tool.schemagen.python]"
    project.edit("pyproject.toml", table, f"[tool.schemagen.check]\ngate = []\n{table}")


def configure_a_consumer(project: Gitted) -> None:
    consumer = '[[tool.schemagen.consumers]]\nname = "a"\npath = "a"\nlanguage = "python"\n'
    project.edit("pyproject.toml", "[tool.schemagen.python]", f"{consumer}[tool.schemagen.python]")


def commit_on_main(project: Gitted) -> None:
    project.write("README.md", "more")
    project.commit("more")


def forget_the_build(project: Gitted) -> None:
    (project.folder / "generated/.schemagen-cache/build.json").unlink()


def break_the_memory(project: Gitted) -> None:
    project.write("generated/.schemagen-cache/check.json", "<<<<<<<")


@pytest.mark.parametrize(
    "change",
    [
        add_a_field,
        edit_generated,
        accept_something,
        release_a_client,
        configure_the_gate,
        configure_a_consumer,
        commit_on_main,
        forget_the_build,
        break_the_memory,
    ],
    ids=lambda change: change.__name__,
)
def test_it_is_not_believed_after(checked: Gitted, change: Callable[[Gitted], None]) -> None:
    change(checked)
    assert not remembers(checked)


def test_it_says_what_the_check_said_in_every_form(checked: Gitted) -> None:
    for form in ("text", "json", "markdown", "sarif", "github"):
        remembered = checked.run("check", "--format", form)
        anew = checked.run("check", "--no-cache", "--format", form)
        assert (remembered.code, remembered.out) == (anew.code, anew.out)
        assert not remembered.err


def test_a_commit_on_a_branch_leaves_it_where_it_is(checked: Gitted) -> None:
    checked.git("switch", "--quiet", "--create", "feature")
    commit_on_main(checked)
    assert remembers(checked)


def test_another_base_is_another_check(checked: Gitted) -> None:
    checked.git("tag", "v0")
    checked.write("README.md", "more")
    checked.commit("more")
    assert checked.run("check").code == 0
    assert remembers(checked) and not remembers(checked, "v0")
    assert checked.run("check", "--base", "v0").code == 0
    assert remembers(checked, "v0") and not remembers(checked)


def test_a_file_as_the_base_counts_with_what_it_holds(checked: Gitted) -> None:
    kept = checked.folder / "kept.json"
    kept.write_bytes((checked.folder / "generated/contract.json").read_bytes())
    assert checked.run("check", "--base", str(kept)).code == 0
    assert remembers(checked, str(kept))
    kept.write_bytes(kept.read_bytes() + b"\n")
    assert not remembers(checked, str(kept))


def test_a_check_that_fails_is_not_remembered(checked: Gitted) -> None:
    checked.need_size()
    for _ in range(2):
        assert checked.run("check").code == 1


def test_the_day_on_which_something_ends_is_not_slept_through(checked: Gitted) -> None:
    checked.need_size()
    checked.run("build")
    in_three_days = (TODAY + timedelta(days=3)).isoformat()
    accepting = ("--accept", "tasks.create(size)", "--reason", "so", "--expires", in_three_days)
    assert checked.run("check", *accepting).code == 0
    assert checked.run("check").code == 0
    assert [remembers(checked, days=days) for days in (-1, 0, 2, 3)] == [False, True, True, False]


def test_lines_of_consumers_count_where_the_report_names_them(checked: Gitted) -> None:
    configure_a_consumer(checked)
    checked.write("a/app.py", "")
    assert checked.run("check").code == 0
    checked.write("a/app.py", "# changed")
    assert remembers(checked)
    checked.need_size()
    checked.run("build")
    checked.run("check", "--accept", "tasks.create(size)", "--reason", "so", "--expires", "2999-01-01")
    assert checked.run("check").code == 0
    assert remembers(checked)
    checked.write("a/app.py", "# changed again")
    assert not remembers(checked)


@pytest.mark.parametrize("arguments", [["check"], ["check", "--format", "github"], ["check", "--json"]], ids=" ".join)
def test_believing_it_imports_nothing(checked: Gitted, arguments: list[str]) -> None:
    program = f"""
import sys
from schemagen.cli.entry import main
code = main({arguments!r})
print([name for name in {HEAVY!r} if name in sys.modules], code)
"""
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=checked.folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.splitlines()[-1] == "[] 0"


@pytest.mark.parametrize(
    "arguments",
    [["--json", "--format", "text"], ["--format=markdown"], ["--project", "."], ["--format", "txt"], ["--json=1"]],
    ids=" ".join,
)
def test_a_command_line_means_the_same_whether_anything_is_remembered_or_not(
    checked: Gitted, arguments: list[str]
) -> None:
    remembered = checked.spawn("check", *arguments)
    anew = checked.spawn("check", "--no-cache", *arguments)
    assert (remembered.code, remembered.out) == (anew.code, anew.out)
    assert remembered.code in (0, 2)
