"""The contract of a backend. If one exists it is valid: `introspect` finds every mistake before it builds one.

Tuples are in canonical order (by name, unless the docstring says otherwise); where a thing was declared (`origin`)
is carried along but is no part of its identity, and neither is its documentation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final, TypeAlias

from schemagen.model.types import RefType, Scalar, Type, children

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


class Missing:
    """The type of `MISSING`: "there is no value", where null would be a value."""

    def __repr__(self) -> str:
        return "MISSING"

    def __copy__(self) -> Missing:
        return self

    def __deepcopy__(self, memo: object) -> Missing:
        return self


MISSING: Final = Missing()


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """Where something is declared: a file below the project folder with forward slashes, line and column from 1."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object, an argument of a function, or a field of an error."""

    name: str  # as written in Python
    wire_name: str  # as in JSON and TypeScript
    type: Type
    required: bool  # on the way in; on the way out every field is there
    default: Json | Missing = MISSING  # wire form; MISSING also where the default is made afresh each time
    doc: str = field(default="", compare=False)
    deprecated: str | None = field(default=None, compare=False)  # the reason; "" without one
    origin: Origin | None = field(default=None, compare=False)
    renamed_from: tuple[str, ...] = ()  # names it had before, as written in Python, the latest first


@dataclass(frozen=True, slots=True)
class ObjectType:
    """A named record: a pydantic model, dataclass, TypedDict, or the document of a table (`table` is its name).

    A document's `id` and `creation_time` are its first two fields; they are never part of its input view.
    Fields stand in declaration order, which no output depends on except by showing it.
    """

    name: str
    fields: tuple[Field, ...]
    table: str | None = None
    doc: str = field(default="", compare=False)
    deprecated: str | None = field(default=None, compare=False)
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class EnumMember:
    name: str  # as written in Python
    value: Scalar
    doc: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class EnumType:
    """A named enum; never empty. With `open`, receivers must handle values that are not listed."""

    name: str
    members: tuple[EnumMember, ...]  # declaration order
    open: bool = False
    doc: str = field(default="", compare=False)
    deprecated: str | None = field(default=None, compare=False)
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class AliasType:
    """Any other named type: `Stage = Literal[...]`, `type Tree = list[Tree]`, a tagged union."""

    name: str
    type: Type
    doc: str = field(default="", compare=False)
    deprecated: str | None = field(default=None, compare=False)
    origin: Origin | None = field(default=None, compare=False)


NamedType: TypeAlias = ObjectType | EnumType | AliasType


@dataclass(frozen=True, slots=True)
class Index:
    """A sorted index of one table; creation time, then id, are always its last, implicit keys."""

    name: str
    fields: tuple[str, ...]  # Python field names, most significant first; never empty
    origin: Origin | None = field(default=None, compare=False)
    unique: bool = False  # no two documents share their values in `fields`, unless one of these is null


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """A full-text index on one text field, narrowed by equality on any of `filters`."""

    name: str
    text_field: str
    filters: tuple[str, ...] = ()
    origin: Origin | None = field(default=None, compare=False)


class OnDelete(StrEnum):
    """What deleting a document does to those that refer to it."""

    RESTRICT = "restrict"  # it is refused
    CASCADE = "cascade"  # they are deleted too
    SET_NULL = "set_null"  # their field becomes null; it can be


@dataclass(frozen=True, slots=True)
class Reference:
    """A field whose id names a document of `table`; some index of its own table begins with it."""

    name: str  # of the field, in Python
    table: str
    on_delete: OnDelete
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its document is the `ObjectType` named `document`."""

    name: str
    document: str
    indexes: tuple[Index, ...] = ()
    search_indexes: tuple[SearchIndex, ...] = ()
    origin: Origin | None = field(default=None, compare=False)
    references: tuple[Reference, ...] = ()
    renamed_from: tuple[str, ...] = ()  # names it had before, the latest first


class FunctionKind(StrEnum):
    QUERY = "query"
    MUTATION = "mutation"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class Function:
    """A function clients call (or, if `internal`, only the backend itself).

    `path` is its name on the wire, `contacts.list` or `billing.invoices.markPaid`: module path and function, each
    part in camelCase; `name` is the last part as Python SDKs spell it (snake_case, trailing underscore dropped) and
    `module` the module path in that spelling (`billing.invoices`). Arguments stand in declaration order.
    """

    path: str
    module: str
    name: str
    kind: FunctionKind
    args: tuple[Field, ...]
    returns: Type
    raises: tuple[str, ...] = ()  # codes of ErrorTypes, sorted
    internal: bool = False
    doc: str = field(default="", compare=False)
    deprecated: str | None = field(default=None, compare=False)
    origin: Origin | None = field(default=None, compare=False)
    renamed_from: tuple[str, ...] = ()  # `contacts.list_all`: names it had before, as Python SDKs spell them

    @property
    def python_path(self) -> str:
        """`contacts.list_all`, where clients on the wire say `contacts.listAll`."""
        return f"{self.module}.{self.name}" if self.module else self.name


@dataclass(frozen=True, slots=True)
class ErrorType:
    """An application error. `code` is what the wire and TypeScript see: the class name in snake_case."""

    code: str  # quota_exceeded
    name: str  # QuotaExceeded
    fields: tuple[Field, ...]
    doc: str = field(default="", compare=False)
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Contract:
    """Everything a backend promises. Equal contracts have equal canonical bytes (`canonical.py`)."""

    tables: tuple[Table, ...]
    types: tuple[NamedType, ...]
    functions: tuple[Function, ...]
    errors: tuple[ErrorType, ...]

    @cached_property
    def types_by_name(self) -> dict[str, NamedType]:
        return {t.name: t for t in self.types}

    @cached_property
    def tables_by_name(self) -> dict[str, Table]:
        return {t.name: t for t in self.tables}

    @cached_property
    def functions_by_path(self) -> dict[str, Function]:
        return {f.path: f for f in self.functions}

    @cached_property
    def errors_by_code(self) -> dict[str, ErrorType]:
        return {e.code: e for e in self.errors}

    @cached_property
    def public(self) -> Contract:
        """What clients may see: public functions, all errors (any function may raise one), and the types these reach.

        Tables stay, since their names, former ones too, are the types of ids; their indexes are nobody's business.
        """
        return _public(self)

    def named(self, name: str) -> NamedType:
        return self.types_by_name[name]

    def document(self, table: str) -> ObjectType:
        """The stored record of a table, `id` and `creation_time` included."""
        found = self.types_by_name[self.tables_by_name[table].document]
        assert isinstance(found, ObjectType)
        return found


def types_inside(t: NamedType) -> tuple[Type, ...]:
    """The types directly inside a named type."""
    match t:
        case ObjectType(fields=fields):
            return tuple(f.type for f in fields)
        case AliasType(type=inner):
            return (inner,)
        case EnumType():
            return ()


def reachable(contract: Contract, roots: tuple[Type, ...]) -> frozenset[str]:
    """Names of all named types that `roots` mention, directly or through others."""
    seen: set[str] = set()
    todo = list(roots)
    while todo:
        t = todo.pop()
        if isinstance(t, RefType):
            if t.name not in seen:
                seen.add(t.name)
                todo.extend(types_inside(contract.named(t.name)))
        else:
            todo.extend(children(t))
    return frozenset(seen)


def mentions(types: Iterable[Type]) -> frozenset[str]:
    """Names of the named types that stand directly in `types`."""
    found: set[str] = set()
    todo = list(types)
    while todo:
        t = todo.pop()
        if isinstance(t, RefType):
            found.add(t.name)
        todo.extend(children(t))
    return frozenset(found)


def _public(contract: Contract) -> Contract:
    functions = tuple(f for f in contract.functions if not f.internal)
    roots = [t for f in functions for t in (*(arg.type for arg in f.args), f.returns)]
    roots += [field.type for error in contract.errors for field in error.fields]
    names = reachable(contract, tuple(roots))
    tables = tuple(Table(t.name, t.document, renamed_from=t.renamed_from) for t in contract.tables)
    return Contract(tables, tuple(t for t in contract.types if t.name in names), functions, contract.errors)
