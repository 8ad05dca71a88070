"""Callers of what was renamed are told by their compiler where it went."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.emit.typescript.project import compile_errors, make_project
from tests.emit.typescript.test_golden import contract_of

pytestmark = pytest.mark.slow

HEAD = """\
import { Client } from "@crm/backend";
import { api } from "@crm/backend/api";
import type { Contact } from "@crm/backend/types";
declare const client: Client;
declare const contact: Contact;
export const known = [api, contact, client];
"""
FUNCTION = "contacts.all was renamed to list (backend.py:25)"
FIELD = "Contact.name was renamed to fullName (backend.py:16)"
ARGUMENT = "create: name was renamed to fullName (backend.py:32)"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("tombstones"), contract_of("renames"))


def only_error(project: Path, line: str, compiler: str) -> str:
    (error,) = compile_errors(project, f"{HEAD}export async function f() {{\n{line}\n}}", compiler)
    return error


@pytest.mark.parametrize("compiler", ["5.9", "7"])
@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("await client.query(api.contacts.all);", FUNCTION),
        ("await client.mutation(api.people.billing.addPerson, {});", "people.billing.addPerson was renamed to create"),
        ("const text: string = contact.name ?? '';", FIELD),
        ("await client.mutation(api.create, { fullName: 'Ada', name: 'Ada' });", ARGUMENT),
        ("contact.name?.trim();", FIELD),
        ("const made: Contact = { ...contact, name: 'Ada' };", FIELD),
    ],
)
def test_the_error_says_where_it_went(project: Path, line: str, says: str, compiler: str) -> None:
    assert f'Renamed<"{says}' in only_error(project, line, compiler)


@pytest.mark.parametrize("line", ["`${contact.name}`;", "'' + contact.name;", "contact.name === 'Ada';"])
def test_a_field_that_left_cannot_be_used_as_text(project: Path, line: str) -> None:
    assert only_error(project, line, "5.9")


def test_what_was_renamed_is_used_by_its_new_name(project: Path) -> None:
    source = f"""{HEAD}export async function f(): Promise<string> {{
  await client.mutation(api.create, {{ fullName: "Ada", address: {{ city: "London" }} }});
  const copy: Contact = {{ ...contact, fullName: "Ada" }};
  return (await client.query(api.list)).map((each) => each.fullName).join(copy.fullName);
}}"""
    for compiler in ("5.9", "7"):
        assert compile_errors(project, source, compiler) == []
