"""What the README shows is a backend, and what its clients write type-checks against the SDKs generated from it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from tests.conftest import ROOT
from tests.docs.pages import README

NODE_MODULES = ROOT / "templates/typescript/node_modules"

CONFIG = """
    [tool.schemagen]
    backend = "backend"

    [tool.schemagen.python]
    out = "generated/python"
    package = "crm"

    [tool.schemagen.typescript]
    out = "generated/typescript"
    package = "@crm/backend"
"""

# What the README leaves out, in front of each of its blocks.
SCHEMA = """
    from typing import Literal

    from schemagen import Id, Table, index, search_index

    class Company(Table, name="companies"):
        name: str
"""
CONTACTS = """
    from dataclasses import dataclass

    from backend.schema import Company, Contact
    from schemagen import FIRST, AppError, Id, MutationCtx, Page, PageRequest, QueryCtx, mutation, query

    class QuotaExceeded(AppError):
        limit: int

    @dataclass
    class Agent:
        company_id: Id[Company]

    async def require(ctx: QueryCtx, permission: str) -> Agent:
        raise NotImplementedError
"""
CONSUMER = """
    from crm import Client

    token = "secret"
"""
COMPONENT = """
    import { api } from "@crm/backend/api";
    import { useMutation, useQuery } from "@crm/backend/react";

    export function Contacts(): number {
    %s
      void createContact({ fullName: "Ada" });
      return contacts.data?.items.length ?? 0;
    }
"""


@pytest.mark.slow
def test_its_backend_builds_and_its_clients_type_check(tmp_path: Path) -> None:
    schema, contacts, consumer = README.blocks("python")
    write(tmp_path / "pyproject.toml", CONFIG)
    write(tmp_path / "backend/__init__.py", '"""The README."""')
    write(tmp_path / "backend/schema.py", SCHEMA, schema)
    write(tmp_path / "backend/contacts.py", CONTACTS, contacts)
    write(tmp_path / "consumer.py", CONSUMER, consumer)
    run([sys.executable, "-m", "schemagen", "build"], tmp_path)
    packages = str(tmp_path / "generated/python")
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--cache-dir",
        str(tmp_path / "mypy"),
        "backend",
        "consumer.py",
    ]
    run(command, tmp_path, MYPYPATH=packages)

    [component] = README.blocks("tsx")
    write(tmp_path / "contacts.tsx", COMPONENT % component)
    options = {"strict": True, "noEmit": True, "jsx": "react-jsx", "module": "nodenext", "types": []}
    write(tmp_path / "tsconfig.json", json.dumps({"compilerOptions": options, "files": ["contacts.tsx"]}))
    write(tmp_path / "package.json", '{"type": "module"}')
    (tmp_path / "node_modules/@crm").mkdir(parents=True)
    (tmp_path / "node_modules/@crm/backend").symlink_to(tmp_path / "generated/typescript", target_is_directory=True)
    for name in ("@types", "csstype", "react"):
        (tmp_path / "node_modules" / name).symlink_to(NODE_MODULES / name, target_is_directory=True)
    run(["node", str(NODE_MODULES / "typescript/bin/tsc"), "-p", "."], tmp_path)


def test_its_comment_on_what_clients_call_is_true() -> None:
    """`→  api.contacts.list, api.contacts.create` names what the block declares."""
    contacts = README.blocks("python")[1]
    declared = {name.rstrip("_") for name in re.findall(r"^async def (\w+)", contacts, re.MULTILINE)}
    assert set(re.findall(r"api\.contacts\.(\w+)", contacts.splitlines()[0])) == declared


def write(path: Path, *texts: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(dedent(text).strip() for text in texts) + "\n", "utf-8")


def run(command: list[str], folder: Path, **environment: str) -> None:
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
