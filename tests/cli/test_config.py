"""`[tool.schemagen]`: what is read, and every mistake to the letter."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from textwrap import dedent

import pytest

from schemagen.check.changes import Level
from schemagen.check.report import GATE
from schemagen.cli.checking import LEVELS, Checking
from schemagen.cli.config import Config, Consumer, Target, find_project, load_config
from schemagen.cli.mistake import CommandError
from schemagen.cli.settings import load_settings

GOOD = """
    [tool.schemagen]
    backend = "backend"

    [tool.schemagen.python]
    out = "generated/python"
    package = "crm"

    [tool.schemagen.typescript]
    out = "generated/typescript"
    package = "@crm/backend"

    [[tool.schemagen.consumers]]
    name = "web"
    path = "examples/web"
    language = "typescript"
"""


def project(folder: Path, toml: str) -> Path:
    (folder / "backend").mkdir(exist_ok=True)
    (folder / "pyproject.toml").write_text(dedent(toml).lstrip("\n"))
    return folder


def check(folder: Path, toml: str, *expected: str) -> None:
    """The mistakes of a configuration, each as it is printed."""
    with pytest.raises(CommandError) as caught:
        load_config(project(folder, toml))
    assert [str(mistake) for mistake in caught.value.mistakes] == [dedent(text).strip("\n") for text in expected]


def test_the_configuration_of_the_design_is_read(tmp_path: Path) -> None:
    assert load_config(project(tmp_path, GOOD)) == Config(
        root=tmp_path,
        backend=PurePosixPath("backend"),
        contract=PurePosixPath("generated/contract.json"),
        python=Target(PurePosixPath("generated/python"), "crm"),
        typescript=Target(PurePosixPath("generated/typescript"), "@crm/backend"),
        consumers=(Consumer("web", PurePosixPath("examples/web"), "typescript"),),
    )


def test_an_empty_table_is_enough_for_a_contract_alone(tmp_path: Path) -> None:
    config = load_config(project(tmp_path, "[tool.schemagen]"))
    assert (config.backend, config.targets) == (PurePosixPath("backend"), ())


def test_settings_of_a_server_win_over_defaults_and_lose_to_options(tmp_path: Path) -> None:
    config = load_config(project(tmp_path, "[tool.schemagen.serve]\nport = 9000\nmax_queries = 5"))
    settings = load_settings(config, port=9001)
    assert (settings.port, settings.max_queries) == (9001, 5)
    assert settings.database == f"sqlite:///{tmp_path / 'schemagen.db'}"


def test_how_a_project_is_checked_is_read(tmp_path: Path) -> None:
    plain = load_config(project(tmp_path, GOOD)).check
    assert plain == Checking(base=None, gate=("wire", "data"), unused="fail")
    check = '[tool.schemagen.check]\nbase = "git:v1"\ngate = ["source", "wire"]\nunused = "inform"'
    config = load_config(project(tmp_path, f"[tool.schemagen]\n{check}"))
    assert config.check == Checking(base="git:v1", gate=("wire", "source"), unused="inform")


def test_the_levels_that_can_fail_are_those_that_break_something() -> None:
    assert set(LEVELS) == {level.value for level in Level} - {"safe"}
    assert set(Checking().gate) == {level.value for level in GATE}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("bass = 1", 'unknown key "bass" in [tool.schemagen.check] (did you mean "base"?)'),
        ("base = 1", "base is no text"),
        ('base = ""', "base is no text"),
        ('gate = "wire"', "gate is no list of levels"),
        ('gate = ["wires"]', '"wires" is no level that can fail (did you mean "wire"?)'),
        ('gate = ["safe"]', '"safe" is no level that can fail'),
        ("unused = true", 'unused is True, and not "fail" or "inform"'),
    ],
)
def test_a_check_that_cannot_be_meant_is_refused(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(CommandError) as caught:
        load_config(project(tmp_path, f"[tool.schemagen]\n[tool.schemagen.check]\n{line}"))
    (mistake,) = caught.value.mistakes
    assert (mistake.message, mistake.line, mistake.column) == (message, 3, 1)
    with pytest.raises(CommandError, match="check is no table"):
        load_config(project(tmp_path, "[tool.schemagen]\ncheck = 1"))


def test_a_setting_that_there_is_not_is_a_mistake(tmp_path: Path) -> None:
    config = load_config(project(tmp_path, "[tool.schemagen.serve]\nprot = 9000"))
    with pytest.raises(CommandError, match=r"tool\.schemagen\.serve\.prot is no setting; did you mean port\?"):
        load_settings(config)


def test_it_is_found_from_a_folder_further_down_past_projects_of_other_tools(tmp_path: Path) -> None:
    project(tmp_path, GOOD)
    inner = tmp_path / "generated" / "python"
    (inner / "crm").mkdir(parents=True)
    (inner / "pyproject.toml").write_text('[project]\nname = "crm"\n')
    assert find_project(inner / "crm") == tmp_path / "pyproject.toml"


def test_a_folder_without_a_project_says_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as caught:
        load_config(tmp_path)
    assert str(caught.value) == (
        f"error[config_missing]: no pyproject.toml in {tmp_path} or above\n"
        "  why: [tool.schemagen] says where the backend is and where the SDKs go\n"
        "  fix: run this in your project, add the table, or start a project with `schemagen init <folder>`"
    )


def test_an_unknown_key_is_pointed_at_with_the_one_that_was_meant(tmp_path: Path) -> None:
    check(
        tmp_path,
        """
        [tool.schemagen]
        backed = "backend"

        [tool.schemagen.python]
        package = "crm"
          output = "generated/python"
        """,
        """
pyproject.toml:2:1: error[config_unknown_key]: unknown key "backed" in [tool.schemagen] (did you mean "backend"?)
    2 | backed = "backend"
      | ^^^^^^
  why: a key that is not read would change nothing, silently
  fix: keys here: backend, contract, python, typescript, consumers, serve, check
        """,
        """
pyproject.toml:6:3: error[config_unknown_key]: unknown key "output" in [tool.schemagen.python] (did you mean "out"?)
    6 |   output = "generated/python"
      |   ^^^^^^
  why: a key that is not read would change nothing, silently
  fix: keys here: out, package
        """,
    )


def test_broken_toml_is_a_mistake_of_its_line(tmp_path: Path) -> None:
    check(
        tmp_path,
        """
        [tool.schemagen]
        backend = backend
        """,
        """
pyproject.toml:2:11: error[config_syntax]: not valid TOML: invalid value
    2 | backend = backend
      |           ^
  why: [tool.schemagen] cannot be read from a broken file
  fix: repair this line; strings need quotes, lists brackets
        """,
    )


def test_a_key_inside_an_inline_table_is_found_on_the_line_of_the_table(tmp_path: Path) -> None:
    check(
        tmp_path,
        """
        [tool.schemagen]
        python = { package = "crm", folder = "x" }
        """,
        """
pyproject.toml:2:1: error[config_unknown_key]: unknown key "folder" in [tool.schemagen.python]
    2 | python = { package = "crm", folder = "x" }
      | ^^^^^^
  why: a key that is not read would change nothing, silently
  fix: keys here: out, package
        """,
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('backend = "/srv/backend"', 'backend is "/srv/backend", which is not a path below the project folder'),
        ('backend = "../backend"', 'backend is "../backend", which is not a path below the project folder'),
        ('backend = "back\\\\end"', 'backend is "back\\end", which is not a path below the project folder'),
        ('backend = "."', 'backend is ".", which is not a path below the project folder'),
        ('backend = "elsewhere"', 'backend is "elsewhere", but there is no such folder in '),
        ("backend = 3", "backend is a number, not a text"),
        ('backend = ""', "backend is empty, not a text"),
        ('contract = "generated/contract.yaml"', 'contract is "generated/contract.yaml", which is no .json file'),
        ('contract = "backend/contract.json"', '"backend/contract.json" and "backend" (the backend) overlap'),
        ('python = "crm"', 'python is the text "crm", not a table'),
        ("python = {}", "[tool.schemagen.python] has no package"),
        ('python = { package = "my-sdk" }', 'package "my-sdk" is no Python identifier'),
        ('python = { package = "class" }', 'package "class" is a word of the Python language'),
        ('python = { package = "json" }', 'package "json" is the name of a package that is already there'),
        ('python = { package = "backend" }', 'package "backend" is also the name of the backend'),
        ('python = { package = "crm", out = "." }', 'out is ".", which is not a path below the project folder'),
        ('python = { package = "crm", out = "backend/sdk" }', '"backend/sdk" and "backend" (the backend) overlap'),
        ('typescript = { package = "@CRM/backend" }', 'package "@CRM/backend" is no npm package name'),
        ("consumers = {}", "consumers is no list of tables"),
        ('consumers = [{ name = "web", path = "web" }]', "a consumer has no language"),
        (
            'consumers = [{ name = "web", path = "web", language = "typscript" }]',
            'language "typscript" is not one of python, typescript (did you mean "typescript"?)',
        ),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(CommandError) as caught:
        load_config(project(tmp_path, f"[tool.schemagen]\n{line}\n"))
    (mistake,) = caught.value.mistakes
    assert mistake.message.startswith(message)
    assert mistake.line == 2


def test_two_sdks_in_one_folder_overlap(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match='"generated/python/ts" and "generated/python"') as caught:
        load_config(project(tmp_path, GOOD.replace("generated/typescript", "generated/python/ts")))
    assert caught.value.mistakes[0].line == 9


def test_an_output_folder_that_a_link_leads_out_of_the_project_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "generated").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CommandError, match="outside the project folder"):
        load_config(project(tmp_path / "project", GOOD))
