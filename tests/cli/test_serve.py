"""`schemagen serve`: a server as its operator starts it."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.cli.project import Project
from tests.cli.running import running

pytestmark = pytest.mark.slow

SECRET = "0123456789abcdef0123456789abcdef"


def test_it_serves_the_backend_and_stops_in_good_order(project: Project) -> None:
    with running("serve", "--port", "0", cwd=project.folder) as server:
        address = server.address()
        assert httpx.post(f"{address}/api/query/tasks.list").json()["value"] == []
        assert httpx.get(f"{address}/healthz").json()["status"] == "ok"
        assert server.interrupt() == 0
    assert (project.folder / "schemagen.db").exists()
    assert "Traceback" not in server.said


def test_settings_come_from_variables_and_options_win(project: Project) -> None:
    with running(
        "serve", "--port", "0", cwd=project.folder, SCHEMAGEN_PORT="1", SCHEMAGEN_DATABASE="sqlite:///other.db"
    ) as server:
        assert not server.address().endswith(":1")
    assert (project.folder / "other.db").exists()


def test_logs_are_json_where_that_is_asked_for(project: Project) -> None:
    with running("serve", "--port", "0", "--log-format", "json", cwd=project.folder) as server:
        server.address()
        assert json.loads(server.said.splitlines()[-1])["level"] == "info"


def test_a_token_of_the_same_secret_is_accepted(project: Project) -> None:
    token = project.spawn("token", "ada", env={"SCHEMAGEN_AUTH_SECRET": SECRET}).out.strip()
    with running("serve", "--port", "0", cwd=project.folder, SCHEMAGEN_AUTH_SECRET=SECRET) as server:
        address = server.address()
        bearer = {"Authorization": f"Bearer {token}"}
        assert httpx.post(f"{address}/api/query/tasks.caller", headers=bearer).json()["value"] == "ada"
        asked = project.spawn("run", "tasks.caller", "--url", address, "--token", token)
        assert asked.out == '"ada"\n'
        secret = {"SCHEMAGEN_AUTH_SECRET": SECRET}
        assert project.spawn("run", "tasks.caller", "--url", address, "--identity", "bob", env=secret).out == '"bob"\n'


def test_a_stale_contract_is_a_warning(project: Project) -> None:
    project.run("build")
    project.edit("shop_backend/schema.py", "done: bool = False", "done: bool = False\n    priority: int = 0")
    with running("serve", "--port", "0", cwd=project.folder) as server:
        server.wait_for("warning: generated/contract.json is not what the backend says now")
        server.address()


def test_an_address_that_is_taken_is_a_mistake_with_a_fix(project: Project) -> None:
    with running("serve", "--port", "0", cwd=project.folder) as server:
        port = server.address().rpartition(":")[2]
        ran = project.spawn("serve", "--port", port, "--database", "sqlite://")
    assert ran.code == 2
    assert f"error[serve_address]: cannot listen on 127.0.0.1:{port}" in ran.err
    assert "Traceback" not in ran.err


def test_a_database_that_is_held_is_a_mistake_that_says_what_to_do(project: Project) -> None:
    with running("serve", "--port", "0", cwd=project.folder) as server:
        address = server.address()
        ran = project.spawn("run", "tasks.list")
        assert ran.code == 2
        assert "error[database_in_use]: " in ran.err
        assert "--url http://127.0.0.1:8000" in ran.err
        assert project.spawn("run", "tasks.list", "--url", address).out == "[]\n"


@pytest.mark.parametrize(
    ("options", "env", "message"),
    [
        (["--port", "70000"], {}, "error[setting]: port: input should be less than or equal to 65535, got 70000"),
        ([], {"SCHEMAGEN_AUTH_SECRET": "short"}, "error[setting]: SCHEMAGEN_AUTH_SECRET has 5 bytes"),
        ([], {"SCHEMAGEN_AUTH_SECERT": SECRET}, "SCHEMAGEN_AUTH_SECERT is no setting; did you mean"),
        (["--database", "mysql://here"], {}, "error[database]: "),
        (["--database", "sqlite:///no/such/folder/x.db"], {}, "error[database]: "),
        (["--auth-public-key-file", "missing.pem"], {}, "error[setting]: SCHEMAGEN_AUTH_PUBLIC_KEY_FILE: cannot read"),
    ],
    ids=["port", "secret", "slip", "scheme", "folder", "key"],
)
def test_a_setting_that_cannot_be_meant_is_refused(
    project: Project, options: list[str], env: dict[str, str], message: str
) -> None:
    ran = project.spawn("serve", *options, env=env)
    assert ran.code == 2
    assert message in ran.err
    assert "Traceback" not in ran.err
