"""Loading a backend: what is found, where it is declared, and what importing may do."""

from __future__ import annotations

import logging
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemagen.introspect import Backend, InvalidBackend, load
from schemagen.model.canonical import from_json, to_json
from schemagen.model.contract import (
    MISSING,
    FunctionKind,
    Index,
    ObjectType,
    OnDelete,
    Origin,
    Reference,
    SearchIndex,
)
from schemagen.model.types import DateTimeType, IdType
from tests.conftest import ROOT, Golden
from tests.introspect.backends import SHORT_HEAD, backend_of, contract_of, rules_broken

CASE = ROOT / "tests/cases/introspect"


@pytest.fixture(autouse=True)
def modules_as_before() -> Iterator[None]:
    before = dict(sys.modules)
    yield
    sys.modules.clear()
    sys.modules.update(before)


# --- a backend that has everything ---


def test_everything_a_backend_may_declare(golden: Golden) -> None:
    backend = load(CASE / "backend", CASE)
    golden.check(CASE / "contract.json", to_json(backend.contract))
    assert from_json(to_json(backend.contract)) == backend.contract
    assert sorted(backend.functions) == [f.path for f in backend.contract.functions]
    assert sorted(backend.tables) == [table.name for table in backend.contract.tables]


def test_everything_has_its_documentation_and_the_place_of_its_name(golden: Golden) -> None:
    """Go to definition lands on the name in the `def`, `class` or field."""
    backend = load(CASE / "backend", CASE)
    lines = list(described(backend))
    golden.check(CASE / "places.txt", "\n".join(lines) + "\n")
    for line in lines:
        place, name = line.split(" ")[:2]
        if place != "-":
            file, row, column = place.rsplit(":", 2)
            text = (CASE / file).read_text("utf-8").split("\n")[int(row) - 1]
            found = re.match(r"\w+", text[int(column) - 1 :])
            assert found is not None
            assert name.endswith(found[0])  # an instance of a generic type is named arguments first


def described(backend: Backend) -> Iterator[str]:
    contract = backend.contract
    for table in contract.tables:
        yield f"{at(table.origin)} {backend.tables[table.name].__name__} table"
        yield from (f"{at(index.origin)} {index.name} index" for index in table.indexes)
        yield from (f"{at(index.origin)} {index.name} search index" for index in table.search_indexes)
    for t in contract.types:
        yield f"{at(t.origin)} {t.name} {type(t).__name__} {t.doc!r} {t.deprecated!r}"
        if isinstance(t, ObjectType):
            for field in t.fields:
                yield f"{at(field.origin)} {field.name} field of {t.name} {field.doc!r} {field.deprecated!r}"
    for f in contract.functions:
        name = backend.functions[f.path].__name__
        yield f"{at(f.origin)} {name} {f.path} {f.doc!r} {f.deprecated!r}"
        for arg in f.args:
            yield f"{at(arg.origin)} {arg.name} argument of {f.path} {arg.doc!r} {arg.deprecated!r}"
    for e in contract.errors:
        yield f"{at(e.origin)} {e.name} error {e.code} {e.doc!r}"


def at(origin: Origin | None) -> str:
    return f"{origin}:{origin.column}" if origin else "-"


def test_the_bytes_do_not_depend_on_the_hash_seed() -> None:
    script = (
        "from pathlib import Path; from schemagen.introspect import load;"
        "from schemagen.model.canonical import to_json;"
        f"case = Path({str(CASE)!r}); print(to_json(load(case / 'backend', case).contract))"
    )
    outputs = set()
    for seed in ("0", "1", "4711"):
        run = subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        )
        outputs.add(run.stdout.decode())
    assert outputs == {(CASE / "contract.json").read_text("utf-8") + "\n"}


DECLARATIONS = """
class Company(Table, name="companies"):
    name: str
===
class Contact(Table, name="contacts"):
    company_id: "Id[Company]"
    stage: "Stage" = "lead"
    by_stage = index("stage")
    by_company = index("company_id")
===
Stage = Literal["lead", "won"]
===
class Full(AppError):
    limit: int
===
class Change(BaseModel, Generic[T]):
    before: T
===
@query
async def list_(ctx: QueryCtx, *, stage: Stage | None = None) -> Change[Stage]: ...
===
@mutation(raises=[Full])
async def create(ctx: MutationCtx) -> Id[Contact] | None: ...
===
@action
async def act(ctx: ActionCtx, *, size: Plan) -> dict[Stage, Contact]: ...
===
class Plan(StrEnum):
    FREE = "free"
"""


@pytest.mark.parametrize("seed", range(8))
def test_the_order_of_declarations_does_not_show(seed: int) -> None:
    parts = DECLARATIONS.split("===")
    mixed = sorted(parts, key=lambda part: ("@" in part, random.Random(f"{seed} {part}").random()))
    assert contract_of("".join(mixed)) == contract_of("".join(parts))


# --- names and modules ---


def test_paths_come_from_modules_and_names() -> None:
    function = "@query\nasync def {}(ctx: QueryCtx) -> None: ..."
    contract = contract_of(
        function.format("ping"),
        people=function.format("list_"),
        billing__SLASH____init__=function.format("total"),
        billing__SLASH__open_invoices=function.format("mark_paid"),
    )
    assert [(f.path, f.module, f.name) for f in contract.functions] == [
        ("billing.openInvoices.markPaid", "billing.open_invoices", "mark_paid"),
        ("billing.total", "billing", "total"),
        ("people.list", "people", "list"),
        ("ping", "", "ping"),
    ]


def test_a_function_belongs_to_the_module_that_declares_it() -> None:
    backend = backend_of(
        a="from backend.people import get",
        people="@query\nasync def get(ctx: QueryCtx) -> None: ...\nalso_get = get",
        z="from backend.people import get as fetch",
    )
    assert list(backend.functions) == ["people.get"]


def test_functions_made_by_a_factory_belong_where_they_are_kept() -> None:
    backend = backend_of(
        factory="def make():\n    @query\n    async def get(ctx: QueryCtx, *, x: int) -> None: ...\n    return get",
        people="from backend.factory import make\nget_one = make()\nget_two = make()",
    )
    assert list(backend.functions) == ["people.getOne", "people.getTwo"]


def test_decorated_handlers_are_seen_through() -> None:
    contract = contract_of("""
        import functools
        def logged(f):
            @functools.wraps(f)
            async def inner(*args, **kwargs):
                return await f(*args, **kwargs)
            return inner
        @query
        @logged
        async def get(ctx: QueryCtx, *, x: int) -> str:
            '''Get it.'''
    """)
    (function,) = contract.functions
    assert (function.doc, len(function.args)) == ("Get it.", 1)
    assert function.origin is not None
    assert function.origin.column == len("async def ") + 1


def test_kinds_and_options() -> None:
    contract = contract_of("""
        class Full(AppError): ...
        @query(internal=True, deprecated="use g")
        async def f(ctx: QueryCtx) -> None: ...
        @mutation(raises=[Full, DocumentNotFound])
        async def g(ctx: MutationCtx) -> None: ...
        @action
        async def h(ctx: ActionCtx) -> None: ...
    """)
    f, g, h = contract.functions
    assert (f.kind, f.internal, f.deprecated) == (FunctionKind.QUERY, True, "use g")
    assert (g.kind, g.raises) == (FunctionKind.MUTATION, ("document_not_found", "full"))
    assert (h.kind, h.internal, h.deprecated) == (FunctionKind.ACTION, False, None)
    assert [e.code for e in contract.errors] == ["document_not_found", "full"]


def test_argument_docs_and_deprecation_come_from_field() -> None:
    contract = contract_of("""
        @query
        async def f(
            ctx: QueryCtx, *, x: Annotated[int, Field(description="How many.", deprecated="use y")]
        ) -> None: ...
    """)
    (arg,) = contract.functions[0].args
    assert (arg.doc, arg.deprecated) == ("How many.", "use y")


# --- tables ---


def test_a_table_has_its_document_and_indexes() -> None:
    contract = contract_of("""
        class Owned(Table):
            owner: str
            by_owner = index("owner")
        class Contact(Owned, name="contacts"):
            name: str
            by_name = index("name", "owner")
            search_name = search_index("name", filters=("owner",))
    """)
    (table,) = contract.tables
    assert table.indexes == (Index("by_name", ("name", "owner")), Index("by_owner", ("owner",)))
    assert table.search_indexes == (SearchIndex("search_name", "name", ("owner",)),)
    document = contract.document("contacts")
    assert [(f.name, f.wire_name) for f in document.fields] == [
        ("id", "id"),
        ("creation_time", "creationTime"),
        ("owner", "owner"),
        ("name", "name"),
    ]
    assert [f.type for f in document.fields[:2]] == [IdType("contacts"), DateTimeType()]
    assert [f.required for f in document.fields] == [False, False, True, True]


def test_tables_stand_in_the_order_of_their_names() -> None:
    contract = contract_of("class A(Table, name='z'):\n    x: int\nclass Z(Table, name='a'):\n    x: int")
    assert [table.name for table in contract.tables] == ["a", "z"]


def test_only_types_that_something_mentions_are_in_the_contract() -> None:
    contract = contract_of("""
        Stage = Literal["a"]
        class Unused(BaseModel):
            x: int
        class Contact(Table, name="contacts"):
            name: str
    """)
    assert set(contract.types_by_name) == {"Contact"}


# --- importing ---


def write(folder: Path, **files: str) -> Path:
    backend = folder / "backend"
    backend.mkdir(exist_ok=True)
    for name, text in {"__init__": "", **files}.items():
        (backend / f"{name}.py").write_text(text)
    return backend


GOOD = SHORT_HEAD + "@query\nasync def f(ctx: QueryCtx) -> {}: ...\n"


def test_what_the_backend_prints_is_kept_apart(capsys: pytest.CaptureFixture[str]) -> None:
    backend = backend_of(
        "import sys\nprint('hello')\nprint('oops', file=sys.stderr)\n@query\nasync def f(ctx: QueryCtx) -> None: ..."
    )
    assert backend.output == "hello\noops\n"
    assert capsys.readouterr() == ("", "")


def test_a_log_handler_set_up_by_the_backend_works_later(capsys: pytest.CaptureFixture[str]) -> None:
    logger = logging.getLogger("a backend's own")
    backend_of(
        "import logging, sys\n"
        'logging.getLogger("a backend\'s own").addHandler(logging.StreamHandler(sys.stderr))\n'
        "@query\nasync def f(ctx: QueryCtx) -> None: ..."
    )
    logger.warning("later")
    logger.handlers.clear()
    assert capsys.readouterr().err == "later\n"


def test_every_call_imports_afresh(tmp_path: Path) -> None:
    """Also within one second and with as many characters as before, where Python trusts its cached bytecode."""
    for result in ("int", "str", "int"):
        backend = load(write(tmp_path, people=GOOD.format(result)), tmp_path)
        assert to_json(backend.contract).count(f'"returns": "{"string" if result == "str" else "int"}"') == 1


def test_after_a_failure_the_modules_of_the_last_good_load_are_in_force(tmp_path: Path) -> None:
    folder = write(tmp_path, people=GOOD.format("int"))
    backend = load(folder, tmp_path)
    write(tmp_path, people=GOOD.format("Nothing"))
    with pytest.raises(InvalidBackend):
        load(folder, tmp_path)
    assert sys.modules["backend.people"].f is backend.functions["people.f"]


def test_the_import_path_is_as_before(tmp_path: Path) -> None:
    before = list(sys.path)
    load(write(tmp_path, people=GOOD.format("int")), tmp_path)
    assert sys.path == before


def test_a_broken_module_does_not_hide_mistakes_in_others() -> None:
    broken = rules_broken(a="raise RuntimeError('no')", b="@query\nasync def f(ctx: QueryCtx, *, x) -> None: ...")
    assert broken == ["import_failed", "missing_annotation"]


def test_one_broken_module_is_one_mistake_however_many_need_it() -> None:
    need = "from backend.broken import x"
    assert rules_broken(a=need, b=need, broken="x = 1 / 0", c=need) == ["import_failed"]


def test_a_module_that_raises_anything_at_all_is_a_mistake() -> None:
    for raised in ("SystemExit(1)", "BaseException('x')", "ExceptionGroup('x', [ValueError()])", "GeneratorExit()"):
        assert rules_broken(a=f"raise {raised}") == ["import_failed"]


def test_a_failure_in_a_library_is_shown_where_the_backend_called_it(tmp_path: Path) -> None:
    folder = write(tmp_path, people="import json\n\nX = json.loads('{')\n")
    with pytest.raises(InvalidBackend) as caught:
        load(folder, tmp_path)
    (mistake,) = caught.value.diagnostics
    assert mistake.place is not None
    assert str(mistake.place.origin) == "backend/people.py:3"


@pytest.mark.parametrize("name", ["my-backend", "json", "class", "httpx", "schemagen"])
def test_a_package_that_cannot_be_imported_under_its_name(tmp_path: Path, name: str) -> None:
    import httpx  # noqa: F401

    (tmp_path / name).mkdir()
    (tmp_path / name / "people.py").write_text(GOOD.format("int"))
    with pytest.raises(InvalidBackend) as caught:
        load(tmp_path / name, tmp_path)
    assert [d.rule for d in caught.value.diagnostics] == ["invalid_module_name"]


def test_a_missing_folder_is_an_empty_backend(tmp_path: Path) -> None:
    with pytest.raises(InvalidBackend, match="has no Python files"):
        load(tmp_path / "nowhere", tmp_path)


def test_source_in_another_encoding_and_with_windows_lines(tmp_path: Path) -> None:
    text = "# coding: latin-1\r\nfrom schemagen import *\r\n@query\r\nasync def f(ctx: QueryCtx, *, é) -> None: ...\r\n"
    (tmp_path / "backend.py").write_bytes(text.encode("latin-1"))
    with pytest.raises(InvalidBackend) as caught:
        load(tmp_path / "backend.py", tmp_path)
    assert "async def f(ctx: QueryCtx, *, é)" in str(caught.value)
    assert caught.value.diagnostics[0].place is not None
    assert caught.value.diagnostics[0].place.origin.column == 31


def test_a_unique_index_is_in_the_contract_with_the_error_it_raises() -> None:
    backend = """
        class Member(Table, name="members"):
            email: str
            by_email = index("email"UNIQUE)
    """
    plain = contract_of(backend.replace("UNIQUE", ""))
    unique = contract_of(backend.replace("UNIQUE", ", unique=True"))
    assert plain.tables[0].indexes == (Index("by_email", ("email",)),)
    assert unique.tables[0].indexes == (Index("by_email", ("email",), unique=True),)
    assert [error.code for error in plain.errors] == ["document_not_found"]
    assert [error.code for error in unique.errors] == ["document_not_found", "unique_conflict"]
    assert [field.name for field in unique.errors[1].fields] == ["table", "index"]
    assert from_json(to_json(unique)).tables == unique.tables


def test_references_are_in_the_contract_with_the_error_they_raise() -> None:
    contract = contract_of("""
        class Company(Table, name="companies"):
            name: str
        class InCompany(Table):
            company_id: Id[Company] = ref(on_delete="restrict")
        class Contact(InCompany, name="contacts"):
            boss_id: "Id[Contact] | None" = ref(on_delete="set_null", default=None)
            plain_id: Id[Company]
            by_company = index("company_id")
            by_boss = index("boss_id", "company_id")
    """)
    contacts = contract.tables_by_name["contacts"]
    assert contacts.references == (
        Reference("boss_id", "contacts", OnDelete.SET_NULL),
        Reference("company_id", "companies", OnDelete.RESTRICT),
    )
    assert [error.code for error in contract.errors] == ["document_not_found", "referenced_document"]
    assert [field.name for field in contract.errors[1].fields] == ["table", "field"]
    fields = {field.name: (field.required, field.default) for field in contract.document("contacts").fields[2:]}
    assert fields == {"company_id": (True, MISSING), "boss_id": (False, None), "plain_id": (True, MISSING)}
    assert from_json(to_json(contract)).tables == contract.tables
    assert contract.public.tables_by_name["contacts"].references == ()


def test_errors_of_ours_are_in_the_contract_only_where_they_can_happen() -> None:
    contract = contract_of("""
        class Note(Table, name="notes"):
            reply_to: "Id[Note] | None" = ref(on_delete="cascade", default=None)
            by_reply_to = index("reply_to")
        @mutation(raises=[UniqueConflict])
        async def f(ctx: MutationCtx) -> None: ...
    """)
    assert [error.code for error in contract.errors] == ["document_not_found", "unique_conflict"]


def test_an_error_cannot_have_the_name_of_one_that_the_database_raises() -> None:
    with pytest.raises(InvalidBackend) as caught:
        backend_of("""
            class Member(Table, name="members"):
                email: str
                by_email = index("email", unique=True)
            class UniqueConflict(AppError): ...
        """)
    (found,) = caught.value.diagnostics
    assert found.message == (
        'error "UniqueConflict" and the one of schemagen itself both have the code "unique_conflict"'
    )
    assert found.place is not None
