"""The command line as a whole: help, exit codes, and that no traceback of ours is ever shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import schemagen
from schemagen.cli.main import app, main
from tests.cli.project import Project

COMMANDS = sorted(command.name for command in app.registered_commands if command.name) + sorted(
    f"{group.name} {command.name}"
    for group in app.registered_groups
    if group.typer_instance is not None
    for command in group.typer_instance.registered_commands
)
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example_and_a_section_in_the_docs(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command.split(), "--help"]) == 0
    shown = capsys.readouterr().out
    assert f"Example: schemagen {command}" in shown
    assert f"\n## schemagen {command}\n" in (ROOT / "docs" / "cli.md").read_text()


def test_every_rule_of_a_command_is_in_the_docs() -> None:
    sources = "".join(file.read_text() for file in (ROOT / "schemagen" / "cli").glob("*.py"))
    found = re.findall(r'^ +"([a-z]+(?:_[a-z]+)*)",$|Mistake\("([a-z_]+)"', sources, re.MULTILINE)
    rules = {one or other for one, other in found}
    assert {"config_unknown_key", "output_foreign", "run_arguments", "database_in_use"} <= rules
    documented = set(re.findall(r"`([a-z_]+)`", (ROOT / "docs/cli.md").read_text()))
    documented |= set(re.findall(r"`([a-z_]+)`", (ROOT / "docs/configuration.md").read_text()))
    documented |= set(re.findall(r"`([a-z_]+)`", (ROOT / "docs/checking.md").read_text()))
    assert rules <= documented, rules - documented


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"schemagen {schemagen.__version__}\n"


@pytest.mark.parametrize("arguments", [["biuld"], ["build", "--chek"], ["init"], ["serve", "--port", "many"]])
def test_a_mistyped_command_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "Usage: schemagen" in capsys.readouterr().err


def test_an_unexpected_error_is_one_message_and_debug_shows_the_rest(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("of our own making")

    monkeypatch.setattr("schemagen.cli.build.fresh_by_memory", broken)
    ran = project.run("build")
    assert ran.code == 2
    assert ran.err == (
        "error[unexpected]: RuntimeError: of our own making\n"
        "  why: this is a mistake in schemagen, not in your backend\n"
        "  fix: run the same command with --debug and report what it prints\n"
    )
    assert "Traceback (most recent call last)" in project.run("build", "--debug").err


def test_what_the_system_refuses_names_the_file(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "generated/contract.json")

    monkeypatch.setattr("schemagen.cli.build.fresh_by_memory", full)
    ran = project.run("build")
    assert (ran.code, ran.err.splitlines()[0]) == (
        2,
        "error[system]: generated/contract.json: no space left on device",
    )
