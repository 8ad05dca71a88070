"""What is found in the source of Python consumers. A test's sources are as short as people may write them."""

from __future__ import annotations

from textwrap import dedent

import pytest

from schemagen.check.python_usage import python_usage
from schemagen.check.usage import UnreadableSource
from tests.check.crm import CRM, described

CLIENT = "from crm import Client\ncrm = Client('https://crm.example')\n"


def found(source: str, **others: str) -> set[str]:
    sources = {"main.py": dedent(source)} | {f"{name.replace('__', '/')}.py": dedent(t) for name, t in others.items()}
    return described(python_usage("script", "crm", CRM, sources))


def functions(source: str, **others: str) -> set[str]:
    """The functions, and arguments, alone."""
    return {use for use in found(source, **others) if use[0].islower() and not use.startswith("type ")}


def check(source: str, *expected: str, **others: str) -> None:
    assert functions(source, **others) == set(expected)


# --- calls ---


def test_a_call_uses_its_function_and_the_arguments_it_names() -> None:
    check(f"{CLIENT}crm.contacts.create(full_name='Ada')", "contacts.create", "contacts.create(fullName)")


def test_functions_of_modules_in_modules_and_of_the_package_itself_are_found() -> None:
    check(
        f"{CLIENT}crm.billing.invoices.pay(number='1')\ncrm.ping()",
        "billing.invoices.pay",
        "billing.invoices.pay(number)",
        "ping",
    )


def test_the_client_may_have_any_name() -> None:
    source = """
        import crm as c
        from crm import Client as C

        api = C("https://crm.example")
        with c.Client("https://crm.example") as other:
            other.tags.list()
        api.contacts.get(contact_id=x)
    """
    check(source, "tags.list", "contacts.get", "contacts.get(contactId)")


def test_an_async_client_is_a_client() -> None:
    source = """
        from crm import AsyncClient

        async def main() -> None:
            async with AsyncClient(url) as crm:
                page = await crm.contacts.list(stage="lead")
                print(page.items[0].full_name)
    """
    assert found(source) == {"contacts.list", "contacts.list(stage)", "ContactPage.items", "Contact.fullName"}


def test_live_queries_and_other_options_are_the_same_functions() -> None:
    check(
        f"{CLIENT}for page in crm.with_options(timeout=9).live.contacts.list(stage='won'): ...",
        "contacts.list",
        "contacts.list(stage)",
    )


def test_each_calls_the_function_it_is_given_and_pages_through_it() -> None:
    source = f"{CLIENT}for contact in crm.each(crm.contacts.list, stage='won'): print(contact.full_name)"
    assert found(source) == {
        "contacts.list",
        "contacts.list(stage)",
        "contacts.list(page)",
        "ContactPage.items",
        "ContactPage.nextCursor",
        "Contact.fullName",
    }


def test_keywords_from_a_dictionary_written_in_place_are_known() -> None:
    check(f"{CLIENT}crm.contacts.list(**{{'stage': 'won'}})", "contacts.list", "contacts.list(stage)")


def test_keywords_from_anywhere_else_may_be_any() -> None:
    check(f"{CLIENT}crm.contacts.list(**options)", "contacts.list", "contacts.list(*): all, as **options")


# --- ways to a function ---


def test_an_assigned_module_or_function_is_followed() -> None:
    source = f"""{CLIENT}
contacts = crm.contacts
create = contacts.create
create(full_name="Ada")
"""
    check(source, "contacts.create", "contacts.create(fullName)")


def test_a_function_passed_to_code_of_the_consumer_is_followed() -> None:
    source = f"""{CLIENT}
def twice(create):
    create(full_name="Ada")
    create(full_name="Grace", email="grace@cobol.example")
twice(crm.contacts.create)
"""
    check(source, "contacts.create", "contacts.create(fullName)", "contacts.create(email)")


def test_a_function_passed_to_other_code_may_get_any_argument() -> None:
    source = f"{CLIENT}pool.submit(crm.contacts.create, full_name='Ada')"
    check(source, "contacts.create", "contacts.create: all, as passed to submit()")


def test_a_module_passed_to_other_code_is_used_whole() -> None:
    check(f"{CLIENT}register(crm.tags)", "tags.list: all, as passed to register()")


def test_attributes_of_objects_are_followed_by_their_names() -> None:
    source = """
        from crm import Client

        class App:
            def __init__(self) -> None:
                self.api = Client("https://crm.example")
                self.tags = self.api.tags

            def run(self) -> None:
                self.api.ping()
                self.tags.list()
    """
    check(source, "ping", "tags.list")


def test_parameters_say_by_their_annotation_that_they_are_a_client() -> None:
    for annotation in ("Client", "'Client'", "Client | None", "Optional[Client]", "Annotated[Client, Depends(client)]"):
        check(f"from crm import Client\ndef run(x: {annotation}): x.ping()", "ping")


def test_a_dataclass_may_hold_the_client() -> None:
    source = """
        @dataclass
        class App:
            crm: "Client"

            def run(self) -> None:
                self.crm.ping()

        from crm import Client
    """
    check(source, "ping")


def test_a_function_or_property_may_give_the_client() -> None:
    source = """
        from functools import cached_property
        import crm

        def client():
            return crm.Client(url)

        class App:
            @cached_property
            def crm(self):
                return client()

        client().ping()
        App().crm.tags.list()
    """
    check(source, "ping", "tags.list")


def test_a_context_manager_of_the_consumer_may_give_the_client() -> None:
    source = """
        from crm import Client

        @contextmanager
        def connected():
            with Client(url) as crm:
                yield crm

        with connected() as it:
            it.ping()
    """
    check(source, "ping")


def test_containers_and_standard_tools_are_seen_through() -> None:
    source = f"""{CLIENT}
clients = {{"eu": crm}}
clients["eu"].ping()
for one in list(clients.values()):
    one.tags.list()
jobs = []
jobs.append(crm.contacts.create)
again = jobs
again[0](full_name="Ada")
"""
    check(source, "ping", "tags.list", "contacts.create", "contacts.create(fullName)")


def test_a_container_of_somebody_else_is_a_place_where_functions_are_lost() -> None:
    source = f"{CLIENT}def ask(queue): queue.put(crm.contacts.files)"
    check(source, "contacts.files", "contacts.files: all, as passed to put()")


def test_modules_of_the_consumer_pass_the_client_on() -> None:
    check(
        "from app.shared import crm as it\nit.ping()\nfrom app import again\nagain.crm.tags.list()",
        "ping",
        "tags.list",
        app__shared="from crm import Client\ncrm = Client(url)",
        app__again="from .shared import *",
    )


def test_a_client_that_was_lost_is_found_by_the_names_of_what_is_called() -> None:
    source = """
        import crm

        def test_contacts(made_by_a_fixture):
            made_by_a_fixture.contacts.get(contact_id=1)
    """
    check(source, "contacts.get", "contacts.get(contactId)")


def test_a_fixture_gives_the_client_to_whoever_asks() -> None:
    source = """
        from crm import Client

        @pytest.fixture
        def client():
            with Client(url) as it:
                yield it

        def test_it(client):
            client.ping()
    """
    check(source, "ping")


def test_a_protocol_may_stand_for_the_client() -> None:
    source = """
        import crm

        class Tags(Protocol):
            def list(self) -> list[str]: ...

        class HasTags(Protocol):
            tags: Tags

        def run(it: HasTags):
            it.tags.list()
    """
    check(source, "tags.list")


def test_attributes_of_other_libraries_are_no_functions() -> None:
    check("import crm, stripe\nstripe.contacts.list()\n'{}'.format(1)")


def test_a_program_without_the_sdk_uses_nothing() -> None:
    assert found("x.contacts.list()") == set()


# --- names that are computed ---


def test_getattr_with_a_name_is_an_attribute() -> None:
    check(f"{CLIENT}getattr(crm.contacts, 'list')(stage='won')", "contacts.list", "contacts.list(stage)")


def test_a_computed_name_on_a_client_may_be_anything() -> None:
    check(f"{CLIENT}getattr(crm, name)", "everything: all, as getattr() with a name that is computed")


def test_a_computed_name_on_a_module_may_be_any_of_its_functions() -> None:
    check(f"{CLIENT}getattr(crm.tags, name)", "tags.list: all, as getattr() with a name that is computed")


def test_a_computed_name_is_everything_once_a_client_is_out_of_sight() -> None:
    source = f"{CLIENT}hand_over(crm)\ngetattr(taken_back(), name)"
    assert any(use.startswith("everything") for use in found(source))


# --- fields, types and errors ---


def test_fields_are_those_of_the_type_that_a_call_gives() -> None:
    assert found(f"{CLIENT}contact = crm.contacts.get(contact_id=1)\nprint(contact.address.street)") == {
        "contacts.get",
        "contacts.get(contactId)",
        "Contact.address",
        "Address.street",
    }


def test_a_parameter_of_a_type_has_its_fields() -> None:
    source = "from crm.types import Contact\ndef show(contact: Contact): return contact.full_name"
    assert found(source) == {"type Contact", "Contact.fullName"}


def test_methods_of_unknown_objects_are_followed_by_their_names() -> None:
    source = f"""{CLIENT}
class Table:
    def show(self, page): print(page.next_cursor)
def run(table): table.show(crm.contacts.list())
"""
    assert "ContactPage.nextCursor" in found(source)


def test_a_field_of_something_unknown_is_used_by_its_name() -> None:
    assert found("import crm\nprint(something.full_name, something.other)") == {"*.fullName"}


def test_patterns_read_fields() -> None:
    source = """
        from crm import types

        match event:
            case types.CallLogged(seconds=0):
                ...
            case types.NoteAdded() as note:
                print(note.text)
    """
    assert found(source) == {"type CallLogged", "type NoteAdded", "CallLogged.seconds", "NoteAdded.text"}


def test_whole_records_use_all_their_fields() -> None:
    source = f"{CLIENT}contact = crm.contacts.get(contact_id=1)\n"
    assert "type Contact: all, as model_dump" in found(f"{source}contact.model_dump()")
    assert "type Contact: all, as vars()" in found(f"{source}vars(contact)")
    assert "type Contact: all, as getattr() with a name that is computed" in found(f"{source}getattr(contact, name)")


def test_errors_are_types_with_fields() -> None:
    source = """
        from crm.errors import QuotaExceeded
        import crm

        try: ...
        except (QuotaExceeded, crm.errors.Forbidden) as error:
            print(error.limit)
    """
    assert found(source) == {"type QuotaExceeded", "type Forbidden", "QuotaExceeded.limit"}


def test_a_record_that_is_made_or_changed_uses_its_fields() -> None:
    source = "from crm.types import Address\na = Address(street='Rua', city='Porto')\na.city = 'Faro'"
    assert found(source) == {"type Address", "Address.street", "Address.city"}


# --- places ---


def test_places_count_lines_and_characters_from_one() -> None:
    usage = python_usage("script", "crm", CRM, {"a.py": f"{CLIENT}é = (crm\n  .contacts.get(contact_id=1))"})
    assert [str(use.place) for use in usage.uses] == ["a.py:4:13", "a.py:4:17"]
    usage = python_usage("script", "crm", CRM, {"a.py": f"{CLIENT}'é'; crm.ping()"})
    assert [str(use.place) for use in usage.uses] == ["a.py:3:10"]


def test_a_file_that_is_no_python_is_named_with_its_place() -> None:
    with pytest.raises(UnreadableSource) as caught:
        python_usage("script", "crm", CRM, {"a.py": "x = 1\ny = (", "b.py": "ok = 1"})
    assert [str(file.place) for file in caught.value.files] == ["a.py:2:5"]


def test_the_order_of_files_and_of_definitions_does_not_matter() -> None:
    check(
        "def run(): later.contacts.get(contact_id=1)\nfrom zzz import later",
        "contacts.get",
        "contacts.get(contactId)",
        zzz="later = make()\ndef make(): return C(url)\nfrom crm import Client as C",
    )
