"""Runs the reader of TypeScript consumers, a Node program; the consumer's own compiler tells what its source means."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from schemagen.cli.mistake import CommandError, Mistake
from schemagen.emit.templates import template_root

INSTALL = "npm install --save-dev typescript"


def read_typescript(folder: Path, package: str, sdk: Path, root: Path, name: str) -> list[dict[str, Any]]:
    """The uses of `package` in the source below `folder`, as the reader prints them; files are paths below `root`.

    `sdk` is the folder of its `.d.ts` files. A compiler is looked for in the consumer and in the project. Raises
    CommandError: there is no Node or no TypeScript, or a file is no valid source; `name` is the consumer's.
    """
    node = shutil.which("node")
    if node is None:
        raise CommandError(_node_missing(name))
    if not (sdk / "api.d.ts").is_file():
        raise CommandError(_sdk_not_built(name, sdk, root))
    command = [node, str(reader_file()), "--consumer", str(folder), "--package", package, "--sdk", str(sdk)]
    ran = subprocess.run([*command, "--typescript", str(root)], capture_output=True, text=True, encoding="utf-8")
    answer = _answer(ran.stdout)
    if answer is None:
        raise CommandError(_failed(name, ran.stderr))
    if "mistakes" in answer:
        raise CommandError(*(_mistake(each, name, folder, root) for each in answer["mistakes"]))
    return [{**use, "file": _shown(use["file"], root)} for use in answer["uses"]]


def reader_file() -> Path:
    """The compiled reader: in `dist` in a checkout, beside the rest of the runtime in a wheel."""
    folder = template_root() / "typescript"
    compiled = folder / "dist" if (folder / "dist").is_dir() else folder
    return compiled / "check" / "usage.mjs"


def _answer(printed: str) -> dict[str, Any] | None:
    try:
        answer = json.loads(printed)
    except json.JSONDecodeError:
        return None
    return answer if isinstance(answer, dict) else None


def _shown(file: str, root: Path) -> str:
    path = Path(file)
    real = root.resolve()
    return path.relative_to(real).as_posix() if path.is_relative_to(real) else path.as_posix()


def _mistake(said: dict[str, Any], name: str, folder: Path, root: Path) -> Mistake:
    why = "what a consumer uses is told by the types of its source, and its own compiler knows them"
    shown = _shown(str(folder.resolve()), root)
    match said["rule"]:
        case "consumer_syntax":
            return _syntax(said, root)
        case "typescript_missing":
            message = f'consumer "{name}" has no TypeScript: neither {shown} nor the project has it in node_modules'
            fix = f"in {shown}, run `npm install`, or `{INSTALL}` if it has none yet"
            return Mistake("typescript_missing", message, why=why, fix=fix)
        case _:
            message = f'the TypeScript of consumer "{name}" is one this reader does not know: {said["says"]}'
            fix = f"in {shown}, run `npm install --save-dev typescript-5.9@npm:typescript@5.9`: it is used beside yours"
            return Mistake("typescript_unknown", message, why=why, fix=fix)


def _syntax(said: dict[str, Any], root: Path) -> Mistake:
    lines = Path(said["file"]).read_text("utf-8", errors="replace").splitlines()
    return Mistake(
        "consumer_syntax",
        f"not valid TypeScript: {said['says']}",
        why="what a consumer uses is read from its source, all of it",
        fix="repair this line",
        file=_shown(said["file"], root),
        line=said["line"],
        column=said["column"],
        source=lines[said["line"] - 1] if said["line"] <= len(lines) else "",
    )


def _node_missing(name: str) -> Mistake:
    return Mistake(
        "node_missing",
        f'consumer "{name}" is written in TypeScript, and there is no `node` to read it with',
        why="its source is read by its own TypeScript compiler, which is a Node program",
        fix="install Node 20 or later, and see that `node` is on the PATH",
    )


def _sdk_not_built(name: str, sdk: Path, root: Path) -> Mistake:
    return Mistake(
        "sdk_not_built",
        f'consumer "{name}" uses an SDK that is not there: {_shown(str(sdk), root)} has no api.d.ts',
        why="its source is read against the declarations of the SDK",
        fix="run `schemagen build`",
    )


def _failed(name: str, said: str) -> Mistake:
    last = next(
        (line.strip() for line in reversed(said.splitlines()) if line.strip() and "Error" in line), said.strip()
    )
    return Mistake(
        "consumer_unreadable",
        f'consumer "{name}" could not be read: {last or "Node ended without a word"}',
        why="what a consumer uses is told by the types of its source",
        fix="see that `npx tsc --noEmit` runs in its folder; if it does, this is a bug of schemagen",
    )
