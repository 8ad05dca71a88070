"""Go to definition, in both language servers, lands in Python."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from schemagen.model.contract import Origin
from schemagen.model.types import RefType
from tests.emit.typescript.project import MODULES, RESOLUTIONS, make_project, write_package
from tests.emit.typescript.sample import NULL, TEXT, contract, document, field, function

pytestmark = pytest.mark.slow

BACKEND = """\
class Deal(Table, name="deals"):
    title: str
    closed_by: str


@query
async def list_(ctx: QueryCtx, *, stage: str) -> None: ...


@mutation
async def mark_paid(ctx: MutationCtx, *, deal: Deal) -> Deal: ...
"""

SOURCE = """\
import { api, type DealsListArgs } from "@crm/backend/api";
import type { Deal } from "@crm/backend/types";
export const a = api.deals.list;
export const b = api.deals.markPaid;
export const c = (args: DealsListArgs) => args.stage;
export const d = (deal: Deal) => [deal.title, deal.closedBy, deal.creationTime];
"""

TARGETS = {
    "list;": ("list_", 4),
    "markPaid;": ("mark_paid", 9),
    "stage;": ("stage", 5),
    "Deal)": ("Deal", 0),  # a rename stays with the import
    "title,": ("title", 5),
    "closedBy,": ("closed_by", 9),
    "creationTime]": None,  # not written in Python
    "DealsListArgs)": None,
}
"""What stands in the source → the word in Python it leads to, and how many characters of it a rename replaces."""


def at(word: str) -> Origin:
    """Where a word first stands in the backend."""
    before = BACKEND[: BACKEND.index(word)]
    return Origin("backend/deals.py", before.count("\n") + 1, len(before) - before.rfind("\n"))


def place(text: str, marker: str) -> tuple[int, int]:
    """Line and column, from 0, of the last occurrence of a marker."""
    before = text[: text.rindex(marker)]
    return before.count("\n"), len(before) - before.rfind("\n") - 1


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("editor")
    (root / "backend").mkdir()
    (root / "backend" / "deals.py").write_text(BACKEND)
    deal = document(
        "Deal",
        "deals",
        field("title", TEXT, at=at("title")),
        field("closed_by", TEXT, at=at("closed_by")),
        at=at("Deal"),
    )
    backend = contract(
        deal,
        function("deals", "list_", "query", NULL, field("stage", TEXT, at=at("stage")), at=at("list_")),
        function("deals", "mark_paid", "mutation", RefType("Deal"), at=at("mark_paid")),
    )
    app = make_project(root / "app", backend)
    installed = app / "node_modules" / "@crm" / "backend"
    write_package(root / "generated" / "typescript", backend)
    for file in sorted(installed.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    installed.rmdir()
    installed.symlink_to(root / "generated" / "typescript")  # as in a workspace
    options = {"strict": True, "noEmit": True, "types": [], **RESOLUTIONS["bundler"], "target": "ES2022"}
    (app / "tsconfig.json").write_text(json.dumps({"compilerOptions": options}))
    (app / "index.ts").write_text(SOURCE)
    return root


def test_definition_lands_in_python_in_tsserver(project: Path) -> None:
    file = str(project / "app" / "index.ts")
    with tsserver() as ask:
        ask("open", {"file": file})
        for marker, target in TARGETS.items():
            line, column = place(SOURCE, marker)
            (found,) = ask("definition", {"file": file, "line": line + 1, "offset": column + 1})
            start = (found["start"]["line"], found["start"]["offset"])
            check(marker, target, found["file"], start)


def test_definition_and_rename_land_in_python_in_the_native_server(project: Path) -> None:
    uri = (project / "app" / "index.ts").as_uri()
    with language_server(project / "app") as ask:
        opened = {"uri": uri, "languageId": "typescript", "version": 1, "text": SOURCE}
        ask("textDocument/didOpen", {"textDocument": opened}, False)
        for marker, target in TARGETS.items():
            line, column = place(SOURCE, marker)
            position = {"textDocument": {"uri": uri}, "position": {"line": line, "character": column}}
            (found,) = ask("textDocument/definition", position)
            start = found["range"]["start"]
            check(marker, target, found["uri"], (start["line"] + 1, start["character"] + 1))
            if target is not None and target[1]:
                changes = ask("textDocument/rename", {**position, "newName": "renamed"})["changes"]
                (edits,) = (edits for file, edits in changes.items() if file.endswith("deals.py"))
                (edit,) = edits
                assert edit["range"]["end"]["character"] - edit["range"]["start"]["character"] == target[1], marker


def check(marker: str, target: tuple[str, int] | None, file: str, start: tuple[int, int]) -> None:
    if target is None:
        assert file.endswith(".d.ts"), f"{marker} leads to {file}"
    else:
        origin = at(target[0])
        assert file.endswith("backend/deals.py"), f"{marker} leads to {file}"
        assert start == (origin.line, origin.column), marker


@contextmanager
def tsserver() -> Iterator[Any]:
    server = MODULES / "typescript-5.9" / "lib" / "tsserver.js"
    command = ["node", str(server), "--disableAutomaticTypingAcquisition"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        count = 0

        def ask(name: str, arguments: dict[str, Any]) -> Any:
            nonlocal count
            count += 1
            request = {"seq": count, "type": "request", "command": name, "arguments": arguments}
            assert process.stdin
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            while name != "open":
                message = read(process)
                if message.get("request_seq") == count:
                    return message["body"]
            return None

        yield ask
        process.kill()


@contextmanager
def language_server(root: Path) -> Iterator[Any]:
    command = ["node", str(MODULES / "typescript" / "bin" / "tsc"), "--lsp", "--stdio"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        count = 0

        def send(message: dict[str, Any]) -> None:
            body = json.dumps({"jsonrpc": "2.0", **message}).encode()
            assert process.stdin
            process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            process.stdin.flush()

        def ask(method: str, params: dict[str, Any], answered: bool = True) -> Any:
            nonlocal count
            count += 1
            send({"method": method, "params": params, **({"id": count} if answered else {})})
            while answered:
                message = read(process)
                if "method" in message and "id" in message:  # the server asks for settings
                    send({"id": message["id"], "result": [{}] if "configuration" in message["method"] else None})
                elif message.get("id") == count:
                    return message["result"]
            return None

        ask("initialize", {"processId": None, "rootUri": root.as_uri(), "capabilities": {}})
        ask("initialized", {}, False)
        yield ask
        process.kill()


def read(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    assert process.stdout
    length = 0
    while line := process.stdout.readline().strip() or (b"" if length else b" "):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
        assert process.poll() is None, "the server ended"
    body = process.stdout.read(length)
    found = json.loads(body)
    assert isinstance(found, dict)
    return found
