"""CPU time that an editor's language server spends on one completion after an edit."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from benchmarks.measure import cpu_of


def measure_completion(folder: Path, node_modules: Path) -> dict[str, float]:
    """CPU milliseconds of the server process, by server, for a completion of `api.module0.` in `app.ts`."""
    source = (folder / "app.ts").read_text()
    head, brace, _ = source.rpartition("}")
    edited = f"{head}  api.module0.\n{brace}\n"
    line = head.count("\n") + 1
    servers: dict[str, Callable[[], float]] = {
        "tsserver 5.9": lambda: _tsserver(
            node_modules / "typescript-5.9" / "lib" / "tsserver.js", folder, edited, line
        ),
        "tsc 7 --lsp": lambda: _lsp(node_modules / "typescript" / "bin" / "tsc", folder, edited, line),
    }
    return {name: measure() for name, measure in servers.items()}


def _tsserver(server: Path, folder: Path, text: str, line: int) -> float:
    file = str(folder / "app.ts")
    process = _start(["node", str(server), "--disableAutomaticTypingAcquisition"], folder)
    sequence = 0

    def request(command: str, arguments: dict[str, Any], *, answered: bool) -> Any:
        nonlocal sequence
        sequence += 1
        assert process.stdin is not None and process.stdout is not None
        message = {"seq": sequence, "type": "request", "command": command, "arguments": arguments}
        process.stdin.write(json.dumps(message).encode() + b"\n")
        process.stdin.flush()
        while answered:
            answer = _read_message(process.stdout)
            if answer.get("type") == "response" and answer.get("request_seq") == sequence:
                return answer.get("body")
        return None

    def complete() -> int:
        body = request("completionInfo", {"file": file, "line": line, "offset": 15}, answered=True)
        return len(body["entries"])

    try:
        request("open", {"file": file, "fileContent": text}, answered=False)
        assert complete() >= 1
        edit = {"file": file, "line": line + 1, "offset": 1, "endLine": line + 1, "endOffset": 1, "insertString": " "}
        request("change", edit, answered=False)
        request("configure", {}, answered=True)
        before = cpu_of(process.pid)
        assert complete() >= 1
        return 1000 * (cpu_of(process.pid) - before)
    finally:
        process.kill()
        process.wait()


def _lsp(tsc: Path, folder: Path, text: str, line: int) -> float:
    """TypeScript 7's wrapper starts a native child, which does the work: its CPU time is what counts."""
    file = (folder / "app.ts").as_uri()
    process = _start(["node", str(tsc), "--lsp", "--stdio"], folder)
    number = 0

    def send(method: str, params: Any, *, answered: bool) -> Any:
        nonlocal number
        assert process.stdin is not None and process.stdout is not None
        message: dict[str, Any] = {"jsonrpc": "2.0", "method": method, "params": params}
        if answered:
            number += 1
            message["id"] = number
        _write_message(process.stdin, message)
        while answered:
            answer = _read_message(process.stdout)
            if "method" in answer and "id" in answer:  # the server asks the editor something: "nothing set"
                items = answer.get("params", {}).get("items", []) if isinstance(answer.get("params"), dict) else []
                _write_message(process.stdin, {"jsonrpc": "2.0", "id": answer["id"], "result": [None] * len(items)})
            elif answer.get("id") == number and "method" not in answer:
                return answer.get("result")
        return None

    def complete() -> int:
        where = {"textDocument": {"uri": file}, "position": {"line": line - 1, "character": 14}}
        result = send("textDocument/completion", where, answered=True)
        return len(result["items"] if isinstance(result, dict) else result)

    try:
        root: dict[str, Any] = {"processId": None, "rootUri": folder.as_uri(), "capabilities": {}}
        send("initialize", root, answered=True)
        send("initialized", {}, answered=False)
        opened = {"uri": file, "languageId": "typescript", "version": 1, "text": text}
        send("textDocument/didOpen", {"textDocument": opened}, answered=False)
        assert complete() >= 1
        changed = {"textDocument": {"uri": file, "version": 2}, "contentChanges": [{"text": text + "\n"}]}
        before = _tree_cpu(process.pid)
        send("textDocument/didChange", changed, answered=False)
        assert complete() >= 1
        return 1000 * (_tree_cpu(process.pid) - before)
    finally:
        process.kill()
        process.wait()


def _tree_cpu(pid: int) -> float:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return cpu_of(pid) + sum(_tree_cpu(int(child)) for child in children)


def _start(command: list[str], folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def _read_message(stream: IO[bytes]) -> Any:
    length = 0
    while header := stream.readline().strip():
        name, _, value = header.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return json.loads(stream.read(length)) if length else {}


def _write_message(stream: IO[bytes], message: Any) -> None:
    body = json.dumps(message).encode()
    stream.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    stream.flush()
