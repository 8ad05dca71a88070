"""Pages walked while others write, and the errors of unique indexes and references: by plain HTTP and both SDKs."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from schemagen.emit.typescript import emit_typescript
from schemagen.introspect import Backend, load
from tests.emit.python.package import imported, mypy_errors, write_package
from tests.emit.typescript.project import compile_errors, make_project, run
from tests.roundtrip.serving import serving

HERE = Path(__file__).parent


@cache
def library() -> Backend:
    return load(HERE / "library", HERE.parents[1])


@pytest.fixture
def address() -> Iterator[str]:
    with serving(library()) as found:
        yield found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_package(tmp_path_factory.mktemp("library"), library().contract, "shelf_sdk")


@pytest.fixture
def sdk(folder: Path) -> Iterator[ModuleType]:
    with imported(folder, "shelf_sdk") as package:
        yield package


class Books:
    """The library by plain HTTP, as a client without any SDK has it."""

    def __init__(self, address: str) -> None:
        self._http = httpx.Client(base_url=address, timeout=20)
        self.close = self._http.close
        self.shelf: str = self.call("mutation", "books.build", name="all")

    def call(self, kind: str, path: str, **args: Any) -> Any:
        response = self._http.post(f"/api/{kind}/{path}", json=args)
        assert response.status_code == 200, response.text
        return response.json()["value"]

    def add(self, *titles: str) -> list[str]:
        return [self.call("mutation", "books.add", shelfId=self.shelf, title=title) for title in titles]

    def remove(self, book_id: str) -> None:
        self.call("mutation", "books.remove", bookId=book_id)

    def page(self, cursor: str | None, size: int, backwards: bool) -> Any:
        page = {"cursor": cursor, "size": size}
        return self.call("query", "books.list", shelfId=self.shelf, backwards=backwards, page=page)


@pytest.fixture
def books(address: str) -> Iterator[Books]:
    found = Books(address)
    yield found
    found.close()


@pytest.mark.parametrize("backwards", [False, True])
def test_pages_by_http_neither_skip_nor_repeat_what_is_there_all_the_time(books: Books, backwards: bool) -> None:
    stays = [f"{letter}{number}" for letter in "bdfhj" for number in range(3)]
    ids = dict(zip(stays, books.add(*stays), strict=True))
    seen: list[str] = []
    handed_out: list[str] = []
    cursor, pages = None, 0
    while True:
        page = books.page(cursor, 3, backwards)
        titles = [book["title"] for book in page["items"]]
        seen += titles
        handed_out += [book["id"] for book in page["items"]]
        pages += 1
        cursor = page["nextCursor"]
        if cursor is None:
            break
        last = titles[-1]
        ahead, behind = ("0", "z") if backwards else ("z", "0")
        books.add(f"{behind}{pages}", f"{ahead}{pages}")  # at both ends of the list
        books.add(last)  # another of the same title as the one the cursor stands on
        if last in ids:
            books.remove(ids.pop(last))  # the cursor stands on nothing now
    assert pages > 5
    assert [title for title in dict.fromkeys(seen) if title in stays] == sorted(stays, reverse=backwards)
    assert seen == sorted(seen, reverse=backwards)
    added = [title for title in seen if title not in stays]
    assert added and all(title.startswith("0" if backwards else "z") for title in added)  # what came later and ahead
    assert len(handed_out) == len(set(handed_out))


def test_each_of_the_python_sdk_walks_all_pages_while_others_write(address: str, books: Books, sdk: ModuleType) -> None:
    books.add(*(f"m{number:02}" for number in range(10)))
    seen = []
    with sdk.Client(address) as client:
        request = sdk.types.PageRequest(size=3)
        for book in client.each(client.books.list, shelf_id=books.shelf, page=request):
            seen.append(book.title)
            books.add(f"a{len(seen):02}")
            if book.title == "m05":
                books.add("z")
    assert seen == [*(f"m{number:02}" for number in range(10)), "z"]


def test_each_of_the_asynchronous_client_does_too(address: str, books: Books, sdk: ModuleType) -> None:
    books.add(*(f"m{number:02}" for number in range(10)))

    async def walk() -> list[str]:
        seen = []
        async with sdk.AsyncClient(address) as client:
            request = sdk.types.PageRequest(size=4)
            async for book in client.each(client.books.list, shelf_id=books.shelf, backwards=True, page=request):
                seen.append(book.title)
                books.add(f"z{len(seen):02}")
        return seen

    assert asyncio.run(walk()) == [f"m{number:02}" for number in reversed(range(10))]


# --- errors ---

CONFLICT = {"table": "books", "index": "by_number"}
REFERENCED = {"table": "books", "field": "shelf_id"}


def test_http_answers_a_conflict_as_an_error_of_the_backend(address: str, books: Books) -> None:
    books.call("mutation", "books.add", shelfId=books.shelf, title="one", number=1)
    args = {"shelfId": books.shelf, "title": "two", "number": 1}
    response = httpx.post(f"{address}/api/mutation/books.add", json=args)
    assert response.status_code == 400
    error = response.json()["error"]
    assert (error["kind"], error["code"], error["data"]) == ("app", "unique_conflict", CONFLICT)


def test_the_python_sdk_raises_both_errors_with_typed_fields(address: str, sdk: ModuleType) -> None:
    with sdk.Client(address) as client:
        shelf = client.books.build(name="a")
        client.books.add(shelf_id=shelf, title="one", number=1)
        assert raised(sdk.errors.UniqueConflict, lambda: client.books.add(shelf_id=shelf, title="two", number=1)) == (
            CONFLICT
        )
        assert raised(sdk.errors.ReferencedDocument, lambda: client.books.tear_down(shelf_id=shelf)) == REFERENCED


def raised(kind: type[Exception], call: Callable[[], object]) -> dict[str, object]:
    with pytest.raises(kind) as caught:
        call()
    error: Any = caught.value
    return {name: getattr(error, name) for name in ("table", "index", "field") if hasattr(error, name)}


@pytest.mark.slow
def test_mypy_knows_the_errors_of_the_python_sdk(folder: Path) -> None:
    (folder / "consumer.py").write_text(
        "from shelf_sdk.errors import ReferencedDocument, UniqueConflict\n"
        "def shown(error: Exception) -> str:\n"
        "    if isinstance(error, UniqueConflict):\n"
        "        return error.table + error.index\n"
        "    if isinstance(error, ReferencedDocument):\n"
        "        return f'{error.table}{error.field}{error.count}'\n"
        "    return ''\n"
    )
    found = [error for error in mypy_errors(folder, "consumer.py") if error.startswith("consumer.py")]
    assert found == ['consumer.py:6: error: "ReferencedDocument" has no attribute "count"  [attr-defined]']


@pytest.mark.slow
def test_typescript_gets_both_errors_over_both_doors(address: str, tmp_path: Path) -> None:
    modules = tmp_path / "node_modules/@random/backend"
    for path, text in emit_typescript(library().contract, "@random/backend", "../..").items():
        (modules / path).parent.mkdir(parents=True, exist_ok=True)
        (modules / path).write_text(text, "utf-8")
    shutil.copy(HERE / "library.mjs", tmp_path)
    report = json.loads(run("node", tmp_path / "library.mjs", env={"ADDRESS": address}))
    both = [[True, "unique_conflict", CONFLICT], [True, "referenced_document", REFERENCED]]
    assert report == {"socket": both, "http": both}


@pytest.mark.slow
def test_the_typescript_compiler_narrows_both_errors_by_their_code(tmp_path: Path) -> None:
    project = make_project(tmp_path, library().contract)
    source = """
        import { isAppError } from "@crm/backend";
        export function shown(error: unknown): string {
          if (!isAppError(error)) return "";
          switch (error.code) {
            case "unique_conflict": return error.data.table + error.data.index;
            case "referenced_document": return error.data.table + error.data.field;
            case "document_not_found": return error.data.id;
            default: error satisfies never; return "";
          }
        }
    """
    assert compile_errors(project, source) == []
    (wrong,) = compile_errors(project, source.replace("error.data.index", "error.data.existingId"))
    assert "Property 'existingId' does not exist" in wrong
