"""A TypeScript project in a folder: the generated package installed, the compilers and editors at hand."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from schemagen.emit.typescript import emit_typescript
from schemagen.model.contract import Contract

REPOSITORY = Path(__file__).resolve().parents[3]
TOOLS = REPOSITORY / "templates" / "typescript"
MODULES = TOOLS / "node_modules"

COMPILERS = {"5.9": MODULES / "typescript-5.9" / "bin" / "tsc", "7": MODULES / "typescript" / "bin" / "tsc"}

STRICT: Mapping[str, object] = {
    "target": "ES2022",
    "lib": ["ES2022", "DOM"],
    "strict": True,
    "exactOptionalPropertyTypes": True,
    "noUncheckedIndexedAccess": True,
    "noPropertyAccessFromIndexSignature": True,
    "verbatimModuleSyntax": True,
    "isolatedModules": True,
    "skipLibCheck": False,
    "noEmit": True,
    "types": [],
}
RESOLUTIONS: Mapping[str, Mapping[str, object]] = {
    "bundler": {"module": "ESNext", "moduleResolution": "bundler"},
    "nodenext": {"module": "NodeNext", "moduleResolution": "NodeNext"},
}


def run(*command: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> str:
    """What the command printed; fails with all of it if the command does."""
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=240,
    )
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout[-6000:]}"
    return done.stdout


def prettier(*paths: Path) -> str:
    """Names the files that prettier, as it comes, would change; empty if there are none."""
    command = [MODULES / ".bin" / "prettier", "--no-config", "--ignore-path", os.devnull, "--list-different", *paths]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, encoding="utf-8", timeout=240)
    return done.stdout + done.stderr


def write_package(folder: Path, contract: Contract, package: str = "@crm/backend", source_root: str = "../..") -> None:
    for path, text in emit_typescript(contract, package, source_root).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


def make_project(folder: Path, contract: Contract) -> Path:
    """A project that has the package of this contract installed, React too."""
    modules = folder / "node_modules"
    modules.mkdir(parents=True)
    write_package(modules / "@crm" / "backend", contract)
    for name in ("@types", "csstype", "react", "react-dom", "scheduler"):
        (modules / name).symlink_to(MODULES / name)
    (folder / "package.json").write_text('{"type": "module"}')
    return folder


def compile_errors(
    project: Path,
    source: str,
    compiler: str = "5.9",
    resolution: str = "bundler",
    options: Mapping[str, object] | None = None,
) -> list[str]:
    """What the compiler says of `source` (and of every declaration behind it), one item an error."""
    (project / "index.ts").write_text(source, "utf-8")
    settings = {"compilerOptions": {**STRICT, **RESOLUTIONS[resolution], **(options or {})}, "files": ["index.ts"]}
    (project / "tsconfig.json").write_text(json.dumps(settings))
    command = ["node", str(COMPILERS[compiler]), "-p", str(project), "--pretty", "false"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, encoding="utf-8", timeout=240)
    return [error.strip() for error in re.split(r"\n(?=\S)", done.stdout.strip()) if error.strip()]
