"""What was renamed says where it went: to type checkers, and to who runs the program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.emit.python.package import imported, mypy_errors, pyright_errors, write_package
from tests.emit.python.test_cases import contract_of

ADDRESS = "http://127.0.0.1:1"
CALLS = """
from renamed_sdk import Client
from renamed_sdk.types import Contact
def call(client: Client, contact: Contact) -> None:
    client.contacts.all()
    client.live.contacts.all()
    client.people.billing.add_person(full_name="Ada")
    print(contact.name)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_package(tmp_path_factory.mktemp("renames"), contract_of("renames"), "renamed_sdk")
    (folder / "calls.py").write_text(CALLS)
    return folder


@pytest.fixture(scope="module")
def sdk(folder: Path) -> Iterator[Any]:
    with imported(folder, "renamed_sdk") as package:
        yield package


def test_mypy_says_where_a_function_went(folder: Path) -> None:
    first, second, third, fourth = mypy_errors(folder, "calls.py")
    assert """"RenamedTo[Literal['list']]" not callable""" in first
    assert """"RenamedTo[Literal['list']]" not callable""" in second
    assert """"RenamedTo[Literal['create']]" not callable""" in third
    assert '"Contact" has no attribute "name"' in fourth


@pytest.mark.slow
def test_pyright_says_where_a_function_went(folder: Path) -> None:
    found = "\n".join(pyright_errors(folder, "calls.py"))
    assert found.count("\"RenamedTo[Literal['list']]\"") == 2
    assert found.count("\"RenamedTo[Literal['create']]\"") == 1
    assert 'Cannot access attribute "name" for class "Contact"' in found


def test_at_run_time_the_old_name_of_a_function_says_where_it_went(sdk: Any) -> None:
    with sdk.Client(ADDRESS) as client:
        for holder in (client.contacts, client.live.contacts):
            with pytest.raises(AttributeError, match=r"^Contacts\.all was renamed to list$"):
                _ = holder.all
        with pytest.raises(AttributeError, match=r"^PeopleBilling\.add_person was renamed to create$"):
            client.people.billing.add_person(full_name="Ada")
        with pytest.raises(AttributeError, match="create_contact was renamed to create"):
            client.create_contact(full_name="Ada")
        with pytest.raises(AttributeError, match="Contacts has no function or module 'nothing'"):
            _ = client.contacts.nothing


def test_at_run_time_the_old_name_of_a_field_says_where_it_went(sdk: Any) -> None:
    address = sdk.types.Address(city="London")
    assert address.city == "London"
    with pytest.raises(AttributeError, match=r"^Address\.town was renamed to city$"):
        _ = address.town
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = address.nothing
