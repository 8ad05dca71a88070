"""What the Python SDK of each backend in tests/cases/emit looks like, and that it is clean to every tool."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path
from shutil import rmtree

import pytest

from schemagen.emit.python import emit_python
from schemagen.introspect import load
from schemagen.model.contract import Contract
from tests.conftest import ROOT, Golden
from tests.emit.python.package import every_module, imported, mypy_errors, pyright_errors, ruff_findings, write_package

CASES = sorted(found.parent.name for found in (ROOT / "tests/cases/emit").glob("*/backend*"))


@cache
def contract_of(case: str) -> Contract:
    folder = ROOT / "tests/cases/emit" / case
    backend = folder / "backend.py"
    return load(backend if backend.exists() else folder / "backend", folder).contract


def shown(case: str) -> dict[str, str]:
    """The files of the case's SDK that depend on its backend, by their place in the case."""
    files = {path.as_posix(): text for path, text in emit_python(contract_of(case), "sdk").items()}
    return {path: text for path, text in files.items() if not path.startswith(("sdk/_runtime/", "sdk/_checker/"))}


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every case as a package of its own name."""
    folder = tmp_path_factory.mktemp("cases")
    for case in CASES:
        write_package(folder, contract_of(case), f"sdk_{case}")
    for case in CASES[1:]:  # it is the same in all: type checkers need not read it seven times
        rmtree(folder / f"sdk_{case}" / "_checker")
    return folder


@pytest.mark.parametrize("case", CASES)
def test_the_sdk_looks_like_this(case: str, golden: Golden) -> None:
    folder = ROOT / "tests/cases/emit" / case / "python"
    files = shown(case)
    stale = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - files.keys()
    if golden.update:
        for path in stale:
            (folder / path).unlink()
    else:
        assert stale == set()
    for path, text in files.items():
        golden.check(folder / path, text)


@pytest.mark.parametrize("case", CASES)
def test_only_one_file_carries_the_fingerprint(case: str) -> None:
    from schemagen.model.canonical import fingerprint

    mark = fingerprint(contract_of(case).public)
    assert [path for path, text in shown(case).items() if mark in text] == ["sdk/_contract.py"]


@pytest.mark.parametrize("case", CASES)
def test_no_file_tells_where_or_when_it_was_made(case: str) -> None:
    for path, text in shown(case).items():
        assert str(ROOT) not in text, path
        assert text.endswith("\n") or not text, path


@pytest.mark.parametrize("case", CASES)
def test_every_module_and_type_loads(case: str, packages: Path) -> None:
    from pydantic import TypeAdapter

    with imported(packages, f"sdk_{case}") as package:
        for module in every_module(packages, f"sdk_{case}"):
            importlib.import_module(module)
        for name in dir(package.types):
            TypeAdapter(getattr(package.types, name))


def test_every_sdk_is_formatted(packages: Path) -> None:
    assert ruff_findings(packages) == ""


@pytest.mark.slow
def test_every_sdk_is_clean_to_mypy(packages: Path) -> None:
    assert mypy_errors(packages, *(f"sdk_{case}" for case in CASES)) == []


@pytest.mark.slow
def test_every_sdk_is_clean_to_pyright(packages: Path) -> None:
    assert pyright_errors(packages, *(f"sdk_{case}" for case in CASES)) == []


GOOD = """
import asyncio
from collections.abc import Iterator
from sdk_contacts import AsyncClient, Client, errors
from sdk_contacts.types import Contact, ContactId, ContactPage, PageRequest


def use(client: Client) -> None:
    new: ContactId = client.create(full_name="Ada")
    found: Contact | None = client.get(contact_id=new)
    assert found is None or found.full_name.upper()
    page: ContactPage = client.list(stage="won", page=PageRequest(size=3))
    everyone: Iterator[Contact] = client.each(client.list, stage=None)
    for live in client.live.list(stage="lead"):
        print(live.items[0].stage, page, everyone)
    try:
        client.with_options(timeout=1).create(full_name="Ada")
    except errors.QuotaExceeded as error:
        print(error.limit + 1, error.safe_to_retry)


async def use_async(client: AsyncClient) -> None:
    new: ContactId = await client.create(full_name="Ada")
    task = asyncio.gather(client.get(contact_id=new), client.first())
    async for contact in client.each(client.list, stage="won"):
        print(contact.full_name, await task)
    async for live in client.live.list():
        print(live.next_cursor)
"""
BAD = {
    'client.create(fullname="Ada")': "keyword",
    "client.create(full_name=1)": "argument",
    'client.create(full_name="Ada", stage="wn")': "argument",
    "client.get(contact_id=company_id)": "another table's id",
    'client.get(contact_id="contacts_01")': "a plain string",
    "client.live.create(full_name='Ada')": "a mutation that is watched",
    "client.purge()": "an internal function",
    "client.list().items[0].fullname": "field",
    "types.Contcat": "type",
    "errors.QuotaExceed": "error",
    "await client.create(full_name='Ada')": "a result that is awaited",
}


@pytest.mark.slow
def test_good_uses_pass_and_every_bad_one_is_an_error_to_both_checkers(packages: Path) -> None:
    (packages / "good.py").write_text(GOOD)
    head = "from sdk_contacts import Client, errors, types\n\n"
    head += "async def use(client: Client, company_id: types.CompanyId) -> None:\n"
    (packages / "bad.py").write_text(head + "".join(f"    print({use})\n" for use in BAD))
    lines = range(4, 4 + len(BAD))
    assert mypy_errors(packages, "good.py") == []
    assert pyright_errors(packages, "good.py") == []
    for found in (mypy_errors(packages, "bad.py"), pyright_errors(packages, "bad.py")):
        hit = {line for line in lines if any(f"bad.py:{line}:" in error for error in found)}
        assert [use for line, use in zip(lines, BAD, strict=True) if line not in hit] == []
