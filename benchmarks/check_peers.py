"""Other checkers on the same two contracts: `--peers`. They are installed into a folder that is thrown away."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from benchmarks import peer_formats
from benchmarks.measure import Usage, run
from benchmarks.report import Report
from schemagen.model.canonical import from_json
from schemagen.model.contract import Contract

INSTALL_SECONDS: Final = 300
CPU_SECONDS_MAX: Final = 120
"""A peer that needs more is stopped, and its row says at least so much."""

OURS = """\
import sys
from pathlib import Path
from schemagen.check.compare import compare
from schemagen.model.canonical import from_json
changes = compare(*(from_json(Path(path).read_text("utf-8")) for path in sys.argv[1:3]))
print(sum(change.breaking for change in changes), "breaking")
"""
GRIFFE = """\
import sys, griffe
old, new = (griffe.load("sdk", search_paths=[path], resolve_aliases=False) for path in sys.argv[1:3])
print(sum(1 for _ in griffe.find_breaking_changes(old, new)), "breaking")
"""
JSONSUBSCHEMA = """\
import json, sys
from jsonsubschema import isSubschema
old, new = (json.load(open(path)) for path in sys.argv[1:3])
found = failed = 0
for path, (args, returns) in old.items():
    if path not in new:
        found += 1
        continue
    for one, other in ((args, new[path][0]), (new[path][1], returns)):
        try:
            found += not isSubschema(one, other)
        except Exception:
            failed += 1
print(found, "breaking,", failed, "not decided")
"""
GRAPHQL_INSPECTOR = """\
const { readFileSync } = require("fs");
const { buildSchema } = require("graphql");
const { diff } = require("@graphql-inspector/core");
const [old, now] = process.argv.slice(2).map((path) => buildSchema(readFileSync(path, "utf8")));
diff(old, now).then((changes) =>
  console.log(changes.filter(({ criticality }) => criticality.level === "BREAKING").length, "breaking"));
"""
API_SMART_DIFF = """\
const { readFileSync } = require("fs");
const { apiCompare } = require("api-smart-diff");
const [old, now] = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, "utf8")));
console.log(apiCompare(old, now).diffs.filter(({ type }) => type === "breaking").length, "breaking");
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool, the packages it is installed as, what is run, and the form in which it reads a contract."""

    name: str
    packages: tuple[str, ...]
    program: str
    form: str
    write: Callable[[Contract, Path], None]
    """Writes a contract to a path, a file or a folder."""
    language: Literal["python", "node"]


def main(report: Report, folder: Path, sizes: Sequence[int]) -> None:
    """`folder` has `<functions>/old.json` and `new.json` of each size. What cannot be installed here is skipped."""
    tools = {peer.name: _installed(peer, folder / "peers") for peer in PEERS}
    for functions in sizes:
        report.section(f"whole processes that compare two contracts of {functions:,} functions")
        given = folder / str(functions)
        _row(report, "schemagen", run((sys.executable, "-c", OURS, str(given / "old.json"), str(given / "new.json"))))
        for peer in PEERS:
            command = tools[peer.name]
            if command is None:
                print(f"{peer.name}: skipped, it could not be installed here", flush=True)
                continue
            paths = [_written(peer, given, each) for each in ("old", "new")]
            _row(report, f"{peer.name}, {peer.form}", run(_limited((*command, *map(str, paths)))))


def _row(report: Report, name: str, usage: Usage) -> None:
    lines = usage.output.strip().splitlines()
    if usage.exit_code == 0:
        report.add(f"{name}: {lines[-1] if lines else 'said nothing'}", usage.cpu_s, "s")
    elif usage.cpu_s >= CPU_SECONDS_MAX * 0.95:
        report.add(f"{name}: stopped, it needs more than", usage.cpu_s, "s")
    else:
        said = next((line for line in lines if "Error" in line), f"exit code {usage.exit_code}")
        print(f"{name}: failed: {said}", flush=True)


def _limited(command: Sequence[str]) -> tuple[str, ...]:
    return ("bash", "-c", f'ulimit -t {CPU_SECONDS_MAX}; exec "$@"', "bash", *command)


def _written(peer: Peer, given: Path, name: str) -> Path:
    path = given / f"{name}-{peer.name.replace('/', '-')}"
    peer.write(from_json((given / f"{name}.json").read_text("utf-8")), path)
    return path


def _installed(peer: Peer, folder: Path) -> tuple[str, ...] | None:
    """The command that runs a peer's program, None if it could not be installed."""
    home = folder / peer.name.replace("/", "-")
    home.mkdir(parents=True)
    if peer.language == "python":
        python = home / "venv/bin/python"
        steps = [
            (sys.executable, "-m", "venv", str(home / "venv")),
            (str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *peer.packages),
        ]
        program, runner = home / "compare.py", str(python)
    else:
        steps = [("npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(home), *peer.packages)]
        program, runner = home / "compare.cjs", "node"
    program.write_text(peer.program, "utf-8")
    return (runner, str(program)) if all(_done(step) for step in steps) else None


def _done(command: Sequence[str]) -> bool:
    try:
        ended = subprocess.run(command, capture_output=True, timeout=INSTALL_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ended.returncode == 0


def _text(make: Callable[[Contract], str]) -> Callable[[Contract, Path], None]:
    def write(contract: Contract, path: Path) -> None:
        path.write_text(make(contract), "utf-8")

    return write


def _package(contract: Contract, path: Path) -> None:
    for name, text in peer_formats.python(contract).items():
        file = path / "sdk" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


PEERS: Final = (
    Peer("griffe", ("griffe",), GRIFFE, "Python stubs", _package, "python"),
    Peer("jsonsubschema", ("jsonsubschema",), JSONSUBSCHEMA, "JSON Schema", _text(peer_formats.json_schemas), "python"),
    Peer(
        "@graphql-inspector/core",
        ("@graphql-inspector/core", "graphql"),
        GRAPHQL_INSPECTOR,
        "GraphQL",
        _text(peer_formats.graphql),
        "node",
    ),
    Peer("api-smart-diff", ("api-smart-diff",), API_SMART_DIFF, "OpenAPI", _text(peer_formats.openapi), "node"),
)
