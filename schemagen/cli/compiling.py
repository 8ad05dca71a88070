"""Do the consumers compile? mypy and tsc are run in them against the SDK as it is now, written or not."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, assert_never

from schemagen.check.changes import Place
from schemagen.check.report import Finding
from schemagen.cli.config import Config, Consumer
from schemagen.cli.freshness import cache_folder

if TYPE_CHECKING:
    from schemagen.cli.output import Output

_MYPY_LINE = re.compile(r"(?P<file>.+?):(?P<line>\d+):(?P<column>\d+): error: (?P<says>.*)")
_TSC_LINE = re.compile(r"(?P<file>.+?)\((?P<line>\d+),(?P<column>\d+)\): error (?P<says>TS\d+: .*)")
_FIX = "adapt the consumer to the new SDK, or keep in the backend what it uses"
_OUTPUT_MAX = 20
"""Lines of a compiler's output that are shown where no error of the consumer can be found in it."""


@dataclass(frozen=True, slots=True)
class Sdks:
    """Where the SDKs lie that the consumers are compiled against."""

    python: Path | None
    typescript: Path | None
    written: bool
    """They lie where they are built; otherwise they are a passing copy of what a build would write."""


def compile_consumers(config: Config, sdks: Sdks) -> tuple[Finding, ...]:
    """Every error in a configured consumer, and every consumer that could not be compiled; sorted by place."""
    found = [finding for consumer in config.consumers for finding in _compile(config, consumer, sdks)]
    return tuple(sorted(set(found), key=lambda each: (each.place or Place("", 0, 0), each.says)))


@contextmanager
def sdks_of(config: Config, outputs: Iterable[Output] | None) -> Iterator[Sdks]:
    """The SDKs where they are built; with `outputs`, which are not written yet, copies of them for a while."""
    python = None if config.python is None else config.root / config.python.out
    typescript = None if config.typescript is None else config.root / config.typescript.out
    if outputs is None:
        yield Sdks(python, typescript, written=True)
        return
    with temporary_folder(config, "sdks-") as folder:
        for output in outputs:
            for path, text in output.files.items():
                file = folder / output.shown / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, "utf-8")
        copies = [None if out is None else folder / out.relative_to(config.root) for out in (python, typescript)]
        yield Sdks(copies[0], copies[1], written=False)


@contextmanager
def temporary_folder(config: Config, prefix: str) -> Iterator[Path]:
    """Inside the project, so that what is written there finds the packages that the SDKs find; ignored by git."""
    cache = cache_folder(config)
    cache.mkdir(parents=True, exist_ok=True)
    (cache / ".gitignore").write_text("*\n")
    with tempfile.TemporaryDirectory(prefix=prefix, dir=cache) as folder:
        yield Path(folder)


def _compile(config: Config, consumer: Consumer, sdks: Sdks) -> Iterator[Finding]:
    folder = config.root / consumer.path
    if not folder.exists():
        fix = "correct its path in [[tool.schemagen.consumers]]"
        yield _failed(consumer, f"there is nothing at {consumer.path}", fix)
        return
    match consumer.language:
        case "python":
            yield from _mypy(config, consumer, sdks)
        case "typescript":
            yield from _tsc(config, consumer, sdks)
        case _:
            assert_never(consumer.language)


def _mypy(config: Config, consumer: Consumer, sdks: Sdks) -> Iterator[Finding]:
    command = _mypy_command()
    if command is None:
        yield _failed(consumer, "mypy is not installed", "pip install mypy, beside schemagen")
        return
    folder = config.root / consumer.path
    at = folder if folder.is_dir() and any((folder / name).is_file() for name in _MYPY_CONFIGS) else config.root
    shown = ["--show-column-numbers", "--hide-error-context", "--no-pretty", "--no-color-output", "--no-error-summary"]
    cache = ["--cache-dir", str(cache_folder(config) / "mypy" / consumer.name)]
    paths = [str(sdks.python)] if sdks.python is not None else []
    paths += [os.environ["MYPYPATH"]] if os.environ.get("MYPYPATH") else []
    target = os.path.relpath(folder, at)
    ended = _run([*command, *shown, "--follow-imports=silent", *cache, target], at, MYPYPATH=os.pathsep.join(paths))
    yield from _findings(config, consumer, ended, at, _MYPY_LINE)


_MYPY_CONFIGS = ("mypy.ini", ".mypy.ini", "pyproject.toml", "setup.cfg")


def _mypy_command() -> list[str] | None:
    """Of schemagen's own environment, where the SDK's libraries are likely to be; else the one on the path."""
    if find_spec("mypy") is not None:
        return [sys.executable, "-m", "mypy"]
    found = shutil.which("mypy")
    return None if found is None else [found]


def _tsc(config: Config, consumer: Consumer, sdks: Sdks) -> Iterator[Finding]:
    folder = config.root / consumer.path
    project = next((file for file in _upwards(folder, config.root, "tsconfig.json") if file.is_file()), None)
    command = _tsc_command(folder)
    if project is None:
        yield _failed(consumer, f"there is no tsconfig.json in {consumer.path} or above", "add one: tsc is run by it")
    elif command is None:
        yield _failed(
            consumer,
            f"TypeScript is not installed in {consumer.path} or above",
            "npm install --save-dev typescript there",
        )
    elif sdks.written or sdks.typescript is None or config.typescript is None:
        ended = _run([*command, "--noEmit", "--pretty", "false", "-p", str(project)], folder)
        yield from _findings(config, consumer, ended, folder, _TSC_LINE)
    else:
        with temporary_folder(config, "tsconfig-") as temporary:
            file = temporary / "tsconfig.json"
            file.write_text(json.dumps(_redirected(command, project, config.typescript.package, sdks.typescript)))
            ended = _run([*command, "--pretty", "false", "-p", str(file)], folder)
            yield from _findings(config, consumer, ended, folder, _TSC_LINE)


def _tsc_command(folder: Path) -> list[str] | None:
    """The compiler that the consumer has installed, else the one on the path."""
    names = ("node_modules/.bin/tsc.cmd", "node_modules/.bin/tsc") if os.name == "nt" else ("node_modules/.bin/tsc",)
    for name in names:
        for file in _upwards(folder, Path(folder.anchor), name):
            if file.exists():
                return [str(file)]
    found = shutil.which("tsc")
    return None if found is None else [found]


def _upwards(folder: Path, top: Path, name: str) -> Iterator[Path]:
    for above in (folder, *folder.parents):
        yield above / name
        if above == top:
            return


def _redirected(command: list[str], project: Path, package: str, sdk: Path) -> dict[str, Any]:
    """A project that differs from the consumer's in one thing: its SDK is found in another folder."""
    try:
        shown = json.loads(_run([*command, "--showConfig", "-p", str(project)], project.parent).stdout)
    except ValueError:
        shown = {}
    options: Mapping[str, Any] = shown.get("compilerOptions", {})
    base = project.parent / options.get("baseUrl", ".")
    paths = {
        name: [str((base / target).resolve()) for target in targets]
        for name, targets in options.get("paths", {}).items()
        if name != package and not name.startswith(f"{package}/")
    }
    roots = [str(root) for root in _upwards(project.parent, Path(project.anchor), "node_modules/@types")]
    return {
        "extends": str(project),
        "compilerOptions": {
            "noEmit": True,
            "composite": False,
            "incremental": False,
            "paths": {**paths, **_entries(package, sdk)},
            **({} if "typeRoots" in options else {"typeRoots": [root for root in roots if Path(root).is_dir()]}),
        },
    }


def _entries(package: str, sdk: Path) -> dict[str, list[str]]:
    """What can be imported of the SDK, and the file with the types of each."""
    exports = json.loads((sdk / "package.json").read_text("utf-8"))["exports"]
    return {
        str(PurePosixPath(package, entry)): [str((sdk / target["types"]).resolve())]
        for entry, target in exports.items()
        if isinstance(target, dict)
    }


def _run(command: list[str], folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **{name: value for name, value in variables.items() if value}}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def _findings(
    config: Config,
    consumer: Consumer,
    ended: subprocess.CompletedProcess[str],
    folder: Path,
    pattern: re.Pattern[str],
) -> Iterator[Finding]:
    """Errors in the files of the consumer. One elsewhere alone keeps it from being compiled at all."""
    found = 0
    for line in ended.stdout.splitlines():
        match = pattern.fullmatch(line)
        if match is None:
            continue
        path = (folder / match["file"]).resolve()
        if path.is_relative_to((config.root / consumer.path).resolve()):
            found += 1
            place = Place(_shown(path, config), int(match["line"]), int(match["column"]))
            yield Finding("consumer_type", f"{consumer.name}: {match['says']}", _FIX, place=place)
    if ended.returncode and not found:
        lines = (ended.stdout + ended.stderr).strip().splitlines()
        program = Path(ended.args[0] if ended.args[0] != sys.executable else ended.args[2]).name
        yield _failed(consumer, f"{program} ended with {ended.returncode}", "repair what it says", lines[:_OUTPUT_MAX])


def _shown(path: Path, config: Config) -> str:
    root = config.root.resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def _failed(consumer: Consumer, problem: str, fix: str, detail: Iterable[str] = ()) -> Finding:
    says = f"consumer {consumer.name} could not be compiled: {problem}"
    return Finding("consumer_failed", says, fix, detail="\n".join(detail))
