"""What the tutorial and the page about permissions show is what runs."""

from __future__ import annotations

import ast
import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent

import pytest

from schemagen.engine.runtime import Runtime
from schemagen.introspect import load
from schemagen.model.contract import FunctionKind, Json

ROOT = Path(__file__).parents[2]
NODE_MODULES = ROOT / "templates/typescript/node_modules"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Path]:
    """The backend of the tutorial, in a folder of its own."""
    schema, orders = _blocks("tutorial.md", "python")[:2]
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""The shop."""\n')
    (folder / "schema.py").write_text(schema.replace("backend.", "shop."))
    (folder / "orders.py").write_text(orders.replace("backend.", "shop."))
    yield folder
    for name in [name for name in sys.modules if name.split(".")[0] == "shop"]:
        del sys.modules[name]


def test_the_tutorials_backend_takes_and_pays_orders(shop: Path) -> None:
    backend = load(shop, shop.parent)

    async def check() -> None:
        runtime = Runtime.open(
            contract=backend.contract, functions=backend.functions, tables=backend.tables, database="sqlite://"
        )
        try:
            create, pay, list_ = (backend.contract.functions_by_path[f"orders.{name}"] for name in _NAMES)
            order = (await runtime.run(create.kind, create.path, _tutorial_order(), None)).value
            assert order is not None
            order_id: Json = json.loads(order)
            await runtime.run(pay.kind, pay.path, {"orderId": order_id}, None)
            again = await runtime.run(pay.kind, pay.path, {"orderId": order_id}, None)
            assert again.failure is not None
            assert again.failure.message == "Lamp is paid."
            paid = await runtime.run(FunctionKind.QUERY, list_.path, {"status": "paid"}, None)
            assert paid.value is not None
            [line] = json.loads(paid.value)["items"]
            assert (line["customerName"], line["order"]["price"]) == ("Ada", "19.90")
        finally:
            await runtime.close()

    asyncio.run(check())


@pytest.mark.slow
def test_the_tutorials_commands_work_and_its_clients_type_check(tmp_path: Path) -> None:
    _run([sys.executable, "-m", "schemagen", "init", "shop"], tmp_path)
    shop = tmp_path / "shop"
    schema, orders, watching, paying = _blocks("tutorial.md", "python")
    (shop / "backend/schema.py").write_text(schema)
    (shop / "backend/orders.py").write_text(orders)
    (shop / "backend/tasks.py").unlink()
    (shop / "client.py").write_text(watching + indent(paying, " " * 8))
    _run([sys.executable, "-m", "schemagen", "build"], shop)
    _run([sys.executable, "-m", "mypy", "--strict", "backend", "client.py"], shop)
    [client] = _blocks("tutorial.md", "ts")
    (shop / "client.ts").write_text(client)
    (shop / "node_modules/@shop").mkdir(parents=True)
    (shop / "node_modules/@shop/backend").symlink_to(shop / "generated/typescript", target_is_directory=True)
    (shop / "node_modules/@types").symlink_to(NODE_MODULES / "@types", target_is_directory=True)
    (shop / "package.json").write_text('{"type": "module"}')
    options = "--noEmit --strict --target es2022 --module nodenext --types node client.ts"
    _run(["node", str(NODE_MODULES / "typescript/bin/tsc"), *options.split()], shop)


def test_functions_shown_about_permissions_are_those_of_the_backend() -> None:
    shown = _functions("\n".join(_blocks("permissions.md", "python")))
    real = _functions((ROOT / "backend/permissions.py").read_text("utf-8"))
    assert {name: shown[name] for name in shown.keys() & real.keys()} == {
        name: real[name] for name in shown.keys() & real.keys()
    }
    assert shown.keys() & real.keys() == {"require_user", "require", "visible"}


_NAMES = ("create", "pay", "list")


def _tutorial_order() -> dict[str, Json]:
    """The arguments that the tutorial types into the terminal."""
    [text] = re.findall(r"run orders\.create '(.*)' --url", (ROOT / "docs/tutorial.md").read_text("utf-8"))
    arguments: dict[str, Json] = json.loads(text)
    return arguments


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def _blocks(page: str, language: str) -> list[str]:
    text = (ROOT / "docs" / page).read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def _functions(text: str) -> dict[str, str]:
    """Each function by name, without its docstring."""
    found: dict[str, str] = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.AsyncFunctionDef):
            if ast.get_docstring(node) is not None:
                node.body = node.body[1:]
            found[node.name] = ast.dump(node)
    return found
