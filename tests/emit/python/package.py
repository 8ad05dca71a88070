"""A generated package in a folder: written, imported, and put before ruff, mypy and pyright."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from schemagen.emit.python import emit_python
from schemagen.model.contract import Contract

REPOSITORY = Path(__file__).resolve().parents[3]
PYRIGHT = REPOSITORY / "templates/typescript/node_modules/pyright/index.js"


def write_package(folder: Path, contract: Contract, package: str) -> Path:
    """Write the package below `folder`; returns `folder`."""
    for path, text in emit_python(contract, package).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8", newline="\n")
    return folder


@contextmanager
def imported(folder: Path, package: str) -> Iterator[ModuleType]:
    """The package below `folder`, forgotten again at the end."""
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module(package)
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
            del sys.modules[name]


def every_module(folder: Path, package: str) -> list[str]:
    """Names of all modules of the package."""
    files = sorted((folder / package).rglob("*.py"))
    return [".".join(file.relative_to(folder).with_suffix("").parts).removesuffix(".__init__") for file in files]


def ruff_findings(folder: Path) -> str:
    """What ruff would format or complain of, by the settings that the package itself carries."""
    found = ""
    for command in (["format", "--diff"], ["check", "--output-format=concise"]):
        done = _run([sys.executable, "-m", "ruff", *command, "--no-cache", "."], folder)
        found += done.stdout if done.returncode else ""
    return found


def mypy_errors(folder: Path, *targets: str) -> list[str]:
    """Errors of `mypy --strict` in these packages or files."""
    command = [sys.executable, "-m", "mypy", "--strict", "--no-pretty", "--hide-error-context", "--python-version=3.11"]
    command += ["--config-file=", f"--cache-dir={os.devnull}", *targets]
    printed = _run(command, folder).stdout
    return re.findall(r"^\S+:\d+: error: .*$", printed, re.MULTILINE) or _unless_success(printed, "Success")


def pyright_errors(folder: Path, *targets: str) -> list[str]:
    """Errors and warnings of pyright, strict, in these packages or files."""
    settings = {"typeCheckingMode": "strict", "include": list(targets), "pythonVersion": "3.11"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    printed = _run(["node", str(PYRIGHT), "--pythonpath", sys.executable], folder).stdout
    found = re.findall(r"^\s+\S+:\d+:\d+ - (?:error|warning).*(?:\n\s{4,}\S.*)*", printed, re.MULTILINE)
    return [each.strip() for each in found] or _unless_success(printed, "0 errors, 0 warnings")


def _unless_success(printed: str, sign: str) -> list[str]:
    return [] if sign in printed else [printed]


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", timeout=280
    )
