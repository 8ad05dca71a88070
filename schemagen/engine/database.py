"""`ctx.db`: documents read and written by the handler that is running."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn, TypeVar, cast

from pydantic import ValidationError

from schemagen.declare import (
    DatabaseReader,
    DatabaseWriter,
    DocumentNotFound,
    Id,
    Search,
    Select,
    Table,
    UniqueConflict,
)
from schemagen.declare.search import SearchIndexOf
from schemagen.engine.catalog import CatalogTable
from schemagen.engine.deleting import Deletion, deletion
from schemagen.engine.execution import Execution
from schemagen.engine.searching import Searching
from schemagen.engine.selecting import Selecting
from schemagen.store.errors import UniqueViolation
from schemagen.store.tables import Row
from schemagen.wire.issue import WireError

D = TypeVar("D", bound=Table)


class Reader(DatabaseReader):
    """Reads, and notes what was read if the execution is watched."""

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
        self._workshop = execution.workshop
        self._selecting = Selecting(execution)

    async def get(self, id: Id[D]) -> D | None:
        table = self._workshop.catalog.of_id(id)
        row = self._row(table, id)
        return None if row is None else cast(D, table.documents.document(row))

    async def get_existing(self, id: Id[D]) -> D:
        found = await self.get(id)
        if found is None:
            raise DocumentNotFound(id=id)
        return found

    async def get_many(self, ids: Iterable[Id[D]]) -> list[D | None]:
        wanted = list(ids)
        by_table: dict[str, tuple[CatalogTable, list[str]]] = {}
        for id in dict.fromkeys(wanted):
            table = self._workshop.catalog.of_id(id)
            self._note(table, id)
            by_table.setdefault(table.name, (table, []))[1].append(id)
        found: dict[str, D] = {}
        for table, of_table in by_table.values():
            for row in self._execution.store.get_many(table.stored, of_table):
                found[cast(str, row[0])] = cast(D, table.documents.document(row))
        return [found.get(id) for id in wanted]

    def query(self, table: type[D]) -> Select[D]:
        return Select(table, self._selecting)

    def search(self, index: SearchIndexOf[D], text: str) -> Search[D]:
        return Searching(self._execution).of(index, text)

    def _row(self, table: CatalogTable, id_: str) -> Row | None:
        self._note(table, id_)
        return self._execution.store.get(table.stored, id_)

    def _note(self, table: CatalogTable, id_: str) -> None:
        """That an id was read, also where nothing is found: what is not there was read too."""
        reads = self._execution.reads
        if reads is not None:
            reads.append(table.read_of_id(id_))


class Writer(Reader, DatabaseWriter):
    """Writes at once, inside the savepoint of the running mutation: it reads what it wrote."""

    async def insert(self, document: D) -> Id[D]:
        table = self._workshop.catalog.of_type(type(document))
        private = cast("dict[str, Any]", document.__pydantic_private__)
        if private["_id"] is not None:
            raise ValueError(f"this {table.type.__name__} is stored already, as {document.id}: use ctx.db.save()")
        try:
            values = table.documents.values(document.__dict__)
        except WireError as error:
            _refuse(table, error)
        now = self._execution.now
        id_ = self._workshop.ids.fresh(table.name, now)
        row = (id_, _time_text(now), *values)
        try:
            self._execution.store.insert(table.stored, row)
        except UniqueViolation as violation:
            raise _conflict(violation) from None
        self._wrote(table, None, row)
        private["_id"], private["_creation_time"] = Id(id_), now
        return Id(id_)

    async def save(self, document: Table) -> None:
        table = self._workshop.catalog.of_type(type(document))
        id_ = cast("dict[str, Any]", document.__pydantic_private__)["_id"]
        if id_ is None:
            raise ValueError(f"this {table.type.__name__} is not stored yet: use ctx.db.insert()")
        self._change(table, self._existing(table, id_), document.__dict__)

    async def patch(self, id: Id[D], **changes: Any) -> None:
        table = self._workshop.catalog.of_id(id)
        unknown = [name for name in changes if name not in table.documents.positions]
        if unknown:
            known = ", ".join(table.documents.names)
            raise ValueError(f"{table.name} has no field {unknown[0]!r} to patch; its fields: {known}")
        old = self._existing(table, id)
        self._change(table, old, table.documents.document(old).__dict__ | changes)

    async def delete(self, id: Id[D]) -> None:
        table = self._workshop.catalog.of_id(id)
        old = self._existing(table, id)
        if table.name not in self._workshop.catalog.referrers:
            self._remove(table, old)
            return
        found = deletion(self._execution.store, self._workshop.catalog, table, old)
        if found.alone:
            self._remove(table, old)
        else:
            self._delete_all(found)

    def _delete_all(self, found: Deletion) -> None:
        """All of it or nothing: emptying a field asks the author's validators, who may refuse."""
        store, writes = self._workshop.store, self._execution.writes
        assert writes is not None
        before = len(writes)
        store.savepoint("inner")
        try:
            for table, row, fields in found.emptied.values():
                self._change(table, row, table.documents.document(row).__dict__ | fields)
            for table, row in reversed(found.deleted.values()):
                self._remove(table, row)
        except BaseException:
            store.undo("inner")
            del writes[before:]
            raise
        store.release("inner")

    def _remove(self, table: CatalogTable, old: Row) -> None:
        self._execution.store.delete(table.stored, old)
        self._wrote(table, old, None)

    def _existing(self, table: CatalogTable, id_: str) -> Row:
        row = self._execution.store.get(table.stored, id_)
        if row is None:
            raise DocumentNotFound(id=id_)
        return row

    def _change(self, table: CatalogTable, old: Row, fields: dict[str, Any]) -> None:
        """Write the columns that differ, nothing at all if none does.

        The author's validators see the document as a whole: they may look at several fields, or set another one.
        """
        try:
            valid = table.type.__pydantic_validator__.validate_python(dict(fields), by_name=True, by_alias=False)
            new = (old[0], old[1], *table.documents.values(valid.__dict__))
        except (WireError, ValidationError) as error:
            _refuse(table, error)
        changed = tuple([at for at, (before, after) in enumerate(zip(old, new, strict=True)) if before != after])
        if changed:
            try:
                self._execution.store.update(table.stored, new, changed)
            except UniqueViolation as violation:
                raise _conflict(violation) from None
            self._wrote(table, old, new)

    def _wrote(self, table: CatalogTable, old: Row | None, new: Row | None) -> None:
        writes = self._execution.writes
        assert writes is not None  # only mutations get a Writer
        writes.append((table, old, new))


def _conflict(violation: UniqueViolation) -> UniqueConflict:
    error = UniqueConflict(table=violation.table, index=violation.index)
    error.existing_id = Id(violation.existing_id)
    return error


def _time_text(now: Any) -> str:
    text: str = now.isoformat(timespec="microseconds")
    return text[:-6] + "Z"


def _refuse(table: CatalogTable, error: WireError | ValidationError) -> NoReturn:
    """A document that its table cannot hold: the mistake of the backend's author, not of the caller."""
    if isinstance(error, WireError):
        problems = [str(issue) for issue in error.issues]
    else:
        problems = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors(include_url=False)]
    raise ValueError(f"{table.name} cannot hold this document: {'; '.join(problems)}") from error
