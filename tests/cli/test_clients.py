"""`schemagen clients`: who was seen alive, from a running server or the database it uses."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from typing import Any

import httpx
import pytest

from schemagen.model.canonical import fingerprint, from_json
from tests.cli.project import Project
from tests.cli.running import running

pytestmark = pytest.mark.slow


def call(address: str, path: str, contract: str, client: str, **args: Any) -> None:
    headers = {"schemagen-contract": contract, "schemagen-client": client}
    response = httpx.post(f"{address}/api/{path}", json=args, headers=headers)
    assert response.status_code == 200, response.text


def built(project: Project) -> str:
    """The fingerprint of the contract as clients are built from it now."""
    assert project.run("build").code == 0
    return fingerprint(from_json((project.folder / "generated/contract.json").read_text()))


def without_times(text: str) -> str:
    return re.sub(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?", "TIME", text)


def test_clients_are_listed_with_what_the_backend_of_this_folder_breaks(project: Project) -> None:
    contract = built(project)
    with running("serve", "--port", "0", cwd=project.folder) as server:
        address = server.address()
        for _ in range(2):
            call(address, "query/tasks.list", contract, "typescript/mobile/3.2.0")
        call(address, "mutation/tasks.create", contract, "typescript/mobile/3.2.0", title="Write it down")
        call(address, "query/tasks.list", "0123456789abcdef", "python//")
        call(address, "query/tasks.list", "", "")
        now = project.run("clients", "--url", address)
        assert (now.code, now.err) == (0, "")
        told = without_times(now.out).split("\n\n")
        assert sorted(each.strip() for each in told) == [
            "a caller (no contract)\n  seen    TIME to TIME UTC\n  calls   tasks.list (1)\n  fits?   unknown",
            "a python client (contract 0123456789abcdef)\n  seen    TIME to TIME UTC\n  calls   tasks.list (1)\n"
            "  fits?   nobody knows: that contract was never served here",
            f"mobile@3.2.0 (typescript, contract {contract})\n  seen    TIME to TIME UTC\n"
            "  calls   tasks.list (2), tasks.create (1)\n  fits",
        ]
        project.edit("shop_backend/tasks.py", "async def list_(", "async def everything(")
        project.edit("shop_backend/tasks.py", "*, title: str)", "*, title: str, colour: str)")
        then = project.run("clients")  # the database, which the server uses meanwhile
        assert then.code == 0, then.err
        [mobile] = [each for each in without_times(then.out).split("\n\n") if each.startswith("mobile")]
        assert "  breaks  tasks.list (2 calls, the last on TIME): tasks.list: is gone" in mobile
        assert "  narrows tasks.create (1 call, the last on TIME): tasks.create(colour): " in mobile

        listed = json.loads(project.run("clients", "--url", address, "--json").out)
        [shown] = [each for each in listed if each["name"] == "mobile"]
        assert (shown["version"], shown["language"], shown["contract"]) == ("3.2.0", "typescript", contract)
        assert shown["fits"] is False
        assert [each["function"] for each in shown["refused"]] == ["tasks.list"]
        assert [each["function"] for each in shown["narrowed"]] == ["tasks.create"]
        assert [(use["path"], use["calls"]) for use in shown["functions"]] == [("tasks.create", 1), ("tasks.list", 2)]
        assert {each["fits"] for each in listed if each["name"] != "mobile"} == {None}
        assert server.interrupt() == 0


def test_the_operators_token_is_asked_for_and_taken_from_the_environment(project: Project) -> None:
    with running("serve", "--port", "0", cwd=project.folder, SCHEMAGEN_METRICS_TOKEN="let me see") as server:
        address = server.address()
        refused = project.run("clients", "--url", address)
        assert refused.code == 2 and "error[clients_token]: " in refused.err
        ran = project.spawn("clients", "--url", address, env={"SCHEMAGEN_METRICS_TOKEN": "let me see"})
        assert (ran.code, ran.out) == (0, "no client was seen yet\n")


def test_nobody_is_listed_where_nobody_was_seen_for_so_long(project: Project) -> None:
    with running("serve", "--port", "0", cwd=project.folder) as server:
        address = server.address()
        httpx.post(f"{address}/api/query/tasks.list")
        assert "a caller" in project.run("clients", "--url", address, "--days", "1").out
        assert server.interrupt() == 0
    with closing(sqlite3.connect(project.folder / "schemagen.db")) as database, database:
        database.execute("UPDATE _clients SET last_seen = last_seen - 40 * 86400")
    assert project.run("clients", "--days", "30").out == "no client was seen in 30 days\n"
    assert "a caller" in project.run("clients", "--days", "50").out


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        (("--url", "http://127.0.0.1:9"), "clients_unreachable"),
        (("--database", "sqlite://"), "clients_in_memory"),
        (("--database", "sqlite:///nowhere.db"), "database"),
        (("--database", "postgres://x"), "database"),
    ],
)
def test_what_cannot_be_asked_is_a_mistake_with_a_fix(project: Project, arguments: tuple[str, ...], rule: str) -> None:
    ran = project.run("clients", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error[{rule}]: ") and "  fix: " in ran.err


def test_a_server_that_is_none_of_ours_is_a_mistake(project: Project) -> None:
    with running("serve", "--port", "0", cwd=project.folder, SCHEMAGEN_METRICS="false") as server:
        ran = project.run("clients", "--url", server.address())
    assert ran.code == 2 and "error[clients_unreachable]: " in ran.err and "answered 404" in ran.err
