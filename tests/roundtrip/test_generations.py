"""Three generations of one mobile application against one backend that changes under them, on one database.

The version in the store goes on working, or exactly what broke is refused by name.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from schemagen.cli.live_clients import live_clients
from schemagen.model.canonical import fingerprint
from tests.emit.python.package import imported, write_package
from tests.emit.python.server import serving
from tests.emit.typescript.project import run
from tests.emit.typescript.project import write_package as write_typescript_package
from tests.roundtrip.generations import generation

HERE = Path(__file__).parent
NUMBERS = (1, 2, 3)

BROKEN = {"tasks.count", "tasks.rename", "tasks.report"}
"""What the third generation of the backend takes from applications of the first two."""

BROKEN_IN_PYTHON = {*BROKEN, "tasks.mean"}
"""A float that was an int is nothing to TypeScript."""

STATES = {
    (1, 1): "current", (1, 2): "compatible", (1, 3): "outdated",
    (2, 2): "current", (2, 3): "outdated",
    (3, 3): "current",
}  # fmt: skip
"""What each application, by generation, sees of each backend. All backends are served from one database, which knows
every contract that was served before."""


@pytest.fixture(scope="module")
def applications(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, ModuleType]]:
    """The SDK that each generation of the application was built with."""
    folder = tmp_path_factory.mktemp("applications")
    with ExitStack() as installed:
        found = {}
        for number in NUMBERS:
            package = f"mobile_{number}"
            write_package(folder, generation(number).contract, package)
            found[number] = installed.enter_context(imported(folder, package))
        yield found


def test_applications_in_python_live_on_or_are_refused_by_name(
    applications: dict[int, ModuleType], tmp_path: Path
) -> None:
    database = f"sqlite:///{tmp_path / 'app.db'}"
    for served in NUMBERS:
        with serving(generation(served), database) as server:
            for built in NUMBERS[:served]:
                package = applications[built]
                with package.Client(server.address, client="mobile", version=f"{built}.0") as client:
                    check_python(package, client, built, served)
                asyncio.run(check_async(package, server.address, built, served))


def check_python(package: ModuleType, client: Any, built: int, served: int) -> None:
    assert client.contract_state.status == "unknown"
    client.tasks.list()
    assert (client.contract_state.status, client.contract_state.functions) == (STATES[built, served], ())
    title = f"{built} on {served}"
    live = iter(client.live.tasks.list(title=title))
    assert next(live) == []
    state = client.contract_state
    assert state.status == STATES[built, served]
    broken = BROKEN_IN_PYTHON if state.status == "outdated" else set[str]()
    assert set(state.functions) == broken

    created = client.tasks.create(title=title)
    assert [task.id for task in next(live)] == [created]
    if broken:
        refused(package, lambda: client.tasks.count(), "tasks.count", {"total": 0})
        refused(package, lambda: client.tasks.report(), "tasks.report")
        refused(package, lambda: client.tasks.mean(), "tasks.mean")
        refused(package, lambda: client.tasks.rename(task=created, title="x"), "tasks.rename")
        refused(package, lambda: next(iter(client.live.tasks.count())), "tasks.count", {"total": 0})
        priority = refused(package, lambda: client.tasks.create(title="y", priority="high"), "tasks.create")
        assert (priority.witness or {})["priority"] == "high"
        assert set(client.contract_state.functions) == {*broken, "tasks.create"}
    elif served == 3:
        assert client.tasks.count().total > 0 and client.tasks.mean() == 3.0
    else:
        assert client.tasks.count() > 0 and client.tasks.report() == "all is well"
        client.tasks.create(title="y", priority="high")
    with pytest.raises(package.errors.InvalidArguments):  # what its user did wrong is no matter of versions
        client.tasks.create(title="far more than twenty characters")
    live.close()


def refused(package: ModuleType, call: Callable[[], object], function: str, witness: Any = None) -> Any:
    with pytest.raises(package.errors.ContractMismatch) as caught:
        call()
    error: Any = caught.value
    assert error.function == function and function in str(error) and "update this app" in str(error)
    assert error.reason and (witness is None or error.witness == witness)
    return error


async def check_async(package: ModuleType, address: str, built: int, served: int) -> None:
    async with package.AsyncClient(address, client="mobile", version=f"{built}.0") as client:
        async for tasks in client.live.tasks.list():
            assert tasks
            break
        assert client.contract_state.status == STATES[built, served]
        if STATES[built, served] == "outdated":
            with pytest.raises(package.errors.ContractMismatch):
                await client.tasks.report()
            with pytest.raises(package.errors.ContractMismatch):
                async for _ in client.live.tasks.count():
                    pass


@pytest.mark.slow
def test_applications_in_typescript_live_on_or_are_refused_by_name(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'app.db'}"
    for built in NUMBERS:
        folder = tmp_path / f"mobile-{built}"
        write_typescript_package(folder / "node_modules/@mobile/backend", generation(built).contract, "@mobile/backend")
        shutil.copy(HERE / "generations.mjs", folder)
    for served in NUMBERS:
        with serving(generation(served), database) as server:
            for built in NUMBERS[:served]:
                env = {"ADDRESS": server.address, "VERSION": f"{built}.0", "TITLE": f"{built} on {served}"}
                seen = json.loads(run("node", tmp_path / f"mobile-{built}/generations.mjs", env=env))
                assert seen == expected_of_typescript(built, served), (built, served)


def expected_of_typescript(built: int, served: int) -> Any:
    state = STATES[built, served]
    outdated = state == "outdated"
    answer = {"total": True} if served == 3 else True
    gone = ["contractMismatch", "contract_mismatch", True]
    unknown = ["unknownFunction", "unknown_function", False]
    here = served < 3
    return {
        "before": "unknown",
        "state": [state, sorted(BROKEN) if outdated else []],
        "live": [0, 1],
        "count": gone if outdated else answer,
        "liveCount": gone if outdated else answer,
        "mean": True,
        "report": "all is well" if here else gone if outdated else unknown,
        "high": "ok" if here else gone if outdated else ["invalidArguments", "invalid_arguments", False],
        "long": ["invalidArguments", "invalid_arguments", False],
        "http": gone if outdated else answer,
        "after": [state, sorted([*BROKEN, "tasks.create"]) if outdated else []],
        "told": [state] if not outdated else [state, state],
    }


def test_who_is_out_there_is_known_with_what_each_was_built_from(
    applications: dict[int, ModuleType], tmp_path: Path
) -> None:
    database = f"sqlite:///{tmp_path / 'app.db'}"
    for served in NUMBERS:
        with serving(generation(served), database) as server:
            for built in NUMBERS[:served]:
                with applications[built].Client(server.address, client="mobile", version=f"{built}.0") as client:
                    client.tasks.create(title="x")
            over_http = live_clients(server.address)
            in_use = live_clients(database)
        assert over_http == in_use == live_clients(database)
        seen = {str(client): client for client in over_http}
        assert set(seen) == {f"mobile@{built}.0" for built in NUMBERS[:served]}
        for built in NUMBERS[:served]:
            client = seen[f"mobile@{built}.0"]
            contract = generation(built).contract
            assert (client.language, client.fingerprint) == ("python", fingerprint(contract))
            assert client.contract == contract.public
            [use] = client.functions
            assert (use.path, use.calls) == ("tasks.create", served - built + 1)
            assert client.used_since("tasks.create", client.last_seen)
            assert not client.used_since("tasks.report", client.first_seen)
