"""The reader against the compiler: what a consumer does not compile without, it uses."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from schemagen.check.changes import Target
from schemagen.check.usage import Usage, Use
from schemagen.emit.typescript import emit_typescript
from schemagen.model.contract import Contract, Field, ObjectType
from tests.check.crm import CRM
from tests.check.test_typescript_usage import CASES, COMPILERS, read, write

pytestmark = pytest.mark.slow
SETTINGS = {
    "compilerOptions": {
        "strict": True,
        "noEmit": True,
        "target": "ES2022",
        "module": "ESNext",
        "moduleResolution": "Bundler",
        "jsx": "react-jsx",
        "skipLibCheck": True,
        "types": [],
        "paths": {"@crm/backend": ["./sdk/index.d.ts"], "@crm/backend/*": ["./sdk/*.d.ts"]},
    },
    "include": ["src"],
}


def test_what_a_consumer_cannot_do_without_is_used(tmp_path: Path) -> None:
    folder = tmp_path / "web"
    write(folder / "src", {f"case{i}.tsx": source for i, (source, _) in enumerate(CASES.values())})
    write(folder, {"tsconfig.json": json.dumps(SETTINGS), "src/shared.ts": CASES["shared"][0]})
    (folder / "node_modules").mkdir()
    (folder / "node_modules/typescript").symlink_to(COMPILERS["7"], target_is_directory=True)
    write_sdk(folder / "sdk", CRM)
    usage = read(folder, folder / "sdk", folder)
    wrong_anyway = errors(folder)
    missed = []
    for target, poorer in losses(CRM):
        write_sdk(folder / "sdk", poorer)
        for file in sorted({file for file, _ in errors(folder) - wrong_anyway}):
            gone = {t.name for t in CRM.public.types} - {t.name for t in poorer.public.types}
            if not any(covers(use, target) or use.target.type in gone for use in uses_in(usage, file)):
                missed.append((file, target))
    assert missed == []


def losses(contract: Contract) -> Iterator[tuple[Target, Contract]]:
    """The contract without one function, one field, or one argument; and what that was."""
    for f in contract.functions:
        yield Target(f.path), replace(contract, functions=tuple(o for o in contract.functions if o is not f))
        for argument in f.args:
            poorer = replace(f, args=without(f.args, argument))
            functions = tuple(poorer if o is f else o for o in contract.functions)
            yield Target(f.path, argument.wire_name), replace(contract, functions=functions)
    for t in (t for t in contract.types if isinstance(t, ObjectType)):
        for field in t.fields:
            if field.wire_name not in ("kind", "id", "creationTime"):
                poorer_type = replace(t, fields=without(t.fields, field))
                types = tuple(poorer_type if o is t else o for o in contract.types)
                yield Target(type=t.name, field=field.wire_name), replace(contract, types=types)


def without(fields: tuple[Field, ...], gone: Field) -> tuple[Field, ...]:
    return tuple(field for field in fields if field is not gone)


def errors(folder: Path) -> set[tuple[str, str]]:
    """File and message of each error of the compiler."""
    ran = subprocess.run(
        ["node", str(COMPILERS["7"] / "bin/tsc"), "-p", ".", "--pretty", "false"],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    return set(re.findall(r"^(src/[^(]+)\([\d,]+\): error (.*)$", ran.stdout, re.MULTILINE))


def uses_in(usage: Usage, file: str) -> list[Use]:
    return [use for use in usage.uses if use.place.file == file]


def covers(use: Use, target: Target) -> bool:
    if use.why_all:
        return True
    return use.target == target


def write_sdk(folder: Path, contract: Contract) -> None:
    write(folder, {str(path): text for path, text in emit_typescript(contract, "@crm/backend", "../..").items()})
