"""Documents as lines of JSON: the wire form, with id and creation time. So they leave a database and enter another."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final, TypeAlias, cast

import orjson
from pydantic import ValidationError

from schemagen.declare import Table
from schemagen.engine.building import refused
from schemagen.engine.documents import Documents
from schemagen.model.contract import Contract, Json
from schemagen.model.types import DateTimeType, IdType, RefType
from schemagen.store.columns import Column, SqlValue, datetime_to_sql
from schemagen.store.errors import StoreError
from schemagen.store.snapshot import Snapshot
from schemagen.store.tables import Row, StoredTable
from schemagen.wire.codec import Codec
from schemagen.wire.issue import Issue, PathPart, WireError, refusal
from schemagen.wire.storage import Storage

ToWire: TypeAlias = Callable[[Any], Json]

ID: Final = "id"
CREATION_TIME: Final = "creationTime"


def lines_of(snapshot: Snapshot, table: str, codec: Codec) -> Iterator[bytes]:
    """Every document of a table as a line, in order of the ids. Raises `StoreError` for one that is not of its type."""
    write = LineWriter(snapshot.tables[table], codec).line
    return map(write, snapshot.rows(table))


class LineWriter:
    """Rows of one table as lines."""

    def __init__(self, stored: StoredTable, codec: Codec) -> None:
        self._table = stored.name
        time = codec.encoder(DateTimeType())
        self._fields: list[tuple[str, ToWire]] = [
            (ID, codec.encoder(IdType(stored.name))),
            (CREATION_TIME, lambda text: time(datetime.fromisoformat(text))),
            *((column.field.wire_name, _to_wire(column, codec)) for column in stored.columns),
        ]

    def line(self, row: Row) -> bytes:
        try:
            wire = {
                name: None if value is None else to_wire(value)
                for (name, to_wire), value in zip(self._fields, row, strict=True)
            }
        except (WireError, ValueError):
            raise StoreError(f"{self._table}: the document {row[0]!s} {self._mistake(row)}") from None
        return orjson.dumps(wire, option=orjson.OPT_APPEND_NEWLINE)

    def _mistake(self, row: Row) -> str:
        for (name, to_wire), value in zip(self._fields, row, strict=True):
            try:
                to_wire(value)
            except (WireError, ValueError) as error:
                return f"is not of its type: {name}: {error}"
        raise AssertionError("one of its values was refused")


def _to_wire(column: Column, codec: Codec) -> ToWire:
    if column.storage is Storage.JSON:
        return cast(ToWire, orjson.loads)  # stored as it is on the wire
    encode, from_sql = codec.encoder(column.field.type), column.from_sql
    return encode if from_sql is None else lambda value: encode(from_sql(value))


class LineReader:
    """Lines as rows of one table: every rule holds that holds for a document a mutation inserts."""

    def __init__(self, table: type[Table], stored: StoredTable, contract: Contract, codec: Codec) -> None:
        self._validate = table.__pydantic_validator__.validate_python
        self._named = contract.types_by_name
        self._document = RefType(contract.tables_by_name[stored.name].document)
        self._documents = Documents(table, stored, codec, self._named)
        fields = contract.document(stored.name).fields
        self._wire_names = {field.name: field.wire_name for field in fields}
        own = [dataclasses.replace(field, required=True) for field in fields[:2]]
        self._decode = codec.fields_decoder((*own, *fields[2:]))

    def row(self, line: bytes) -> Row:
        """Raises `WireError` with every mistake, by wire names."""
        try:
            wire = orjson.loads(line.rstrip())
        except orjson.JSONDecodeError as error:
            raise refusal(f"is no JSON: {error.msg}, column {error.colno}") from None
        values = self._decode(wire)
        id_ = str(values.pop("id"))
        del values["creation_time"]
        return (id_, _time(wire[CREATION_TIME]), *self._values(values))

    def _values(self, values: dict[str, Any]) -> Row:
        try:
            document = self._validate(values, strict=False, by_name=True, by_alias=False)
            return self._documents.values(document.__dict__)
        except ValidationError as error:
            raise refused(error, self._document, self._named, ()) from None
        except WireError as error:
            raise WireError(
                tuple(Issue(self._wire_path(issue.path), issue.message) for issue in error.issues)
            ) from None
        except Exception as error:  # a validator of the author's that does not raise ValueError
            raise refusal(f"a validator failed with {type(error).__name__}: {error}") from error

    def _wire_path(self, path: tuple[PathPart, ...]) -> tuple[PathPart, ...]:
        return (self._wire_names.get(str(path[0]), path[0]), *path[1:]) if path else path


def _time(text: str) -> SqlValue:
    try:
        return datetime_to_sql(text)
    except OverflowError:
        raise WireError((Issue((CREATION_TIME,), "has no form in UTC"),)) from None
