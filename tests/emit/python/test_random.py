"""Whatever a backend calls its things, the package is formatted, clean to type checkers, and can be imported."""

from __future__ import annotations

import importlib
import shutil
import typing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings

from schemagen.emit.python import emit_python
from schemagen.model.contract import AliasType, Contract
from tests.emit.former_names import with_former_names
from tests.emit.python.package import every_module, imported, mypy_errors, pyright_errors, ruff_findings, write_package
from tests.model.strategies import contracts

BATCH = 40

pytestmark = pytest.mark.slow


def batch() -> list[Contract]:
    """The same random contracts each time: one run of each tool checks them all."""
    found: list[Contract] = []

    @seed(7)
    @settings(max_examples=BATCH, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(contracts())
    def collect(contract: Contract) -> None:
        found.append(contract)

    collect()
    return found[:BATCH]


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("random")
    for number, contract in enumerate(batch()):
        write_package(folder, with_former_names(contract), f"p{number}")
        if number:  # the checker is the same in every package: one is looked at
            shutil.rmtree(folder / f"p{number}" / "_checker")
    return folder


def names_of(packages: Path) -> list[str]:
    return sorted(path.name for path in packages.iterdir() if (path / "__init__.py").exists())


def test_random_packages_are_formatted(packages: Path) -> None:
    assert ruff_findings(packages) == ""


def test_random_packages_are_clean_to_mypy(packages: Path) -> None:
    assert mypy_errors(packages, *names_of(packages)) == []


def test_random_packages_are_clean_to_pyright(packages: Path) -> None:
    assert pyright_errors(packages, *names_of(packages)) == []


def test_every_module_and_type_of_random_packages_loads(packages: Path) -> None:
    from pydantic import TypeAdapter

    for name, contract in zip([f"p{n}" for n in range(BATCH)], batch(), strict=True):
        with imported(packages, name) as package:
            for module in every_module(packages, name):
                importlib.import_module(module)
            for found in dir(package.types):
                TypeAdapter(getattr(package.types, found))
            assert len(dir(package.types)) >= len(contract.public.types)


def test_nothing_of_random_contracts_is_lost(packages: Path) -> None:
    """Functions in = functions out, reachable from the client by attributes."""
    for name, contract in zip([f"p{n}" for n in range(BATCH)], batch(), strict=True):
        with imported(packages, name) as package:
            expected = sorted(f.path for f in contract.functions if not f.internal)
            assert sorted(_paths(package.Client("http://127.0.0.1:9"))) == expected


def _paths(module: Any) -> typing.Iterator[str]:
    base = importlib.import_module(type(module).__mro__[-3].__module__)  # the runtime's own Module
    for name in dir(module):
        if name.startswith("_"):
            continue
        found = getattr(module, name, None)
        if isinstance(found, base.Module) and name != "live":
            yield from _paths(found)
        elif isinstance(found, base.Bound):
            yield found.function.path


def test_the_order_of_declarations_does_not_show() -> None:
    for contract in batch():
        turned = Contract(
            tables=contract.tables[::-1],
            types=contract.types[::-1],
            functions=contract.functions[::-1],
            errors=contract.errors[::-1],
        )
        assert emit_python(turned, "sdk") == emit_python(contract, "sdk")


def test_recursive_aliases_are_among_them() -> None:
    assert any(isinstance(t, AliasType) for contract in batch() for t in contract.types)
