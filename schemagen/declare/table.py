"""`Table`: a pydantic model whose documents are stored, and its indexes."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast, dataclass_transform

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr
from pydantic._internal._model_construction import (
    ModelMetaclass,
)  # the metaclass of BaseModel, which has no public name

from schemagen.declare.ids import Id
from schemagen.declare.reference import ref
from schemagen.declare.renames import FormerNames, former_names
from schemagen.declare.search import SearchIndexDeclaration
from schemagen.declare.select import Column

D = TypeVar("D", bound="Table")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class IndexDeclaration:
    fields: tuple[str, ...]
    line: int
    unique: bool = False


def index(*fields: str, unique: bool = False) -> IndexDeclaration:
    """A sorted index: `by_company = index("company_id", "full_name")`; ties are in order of creation.

    With `unique=True` no two documents have the same values in all of its fields: the write that would make a second
    one raises `UniqueConflict`. A document with None in one of them is like no other.
    """
    return IndexDeclaration(fields, sys._getframe(1).f_lineno, unique)


class _IdField:
    """`doc.id`, and `Contact.id` in conditions."""

    def __get__(self, doc: D | None, table: type[D]) -> Id[D]:
        if doc is None:
            return cast(Id[D], Column(table, "id"))
        private: Any = doc.__pydantic_private__  # reading a private attribute by its name costs ten times as much
        id_ = private["_id"]
        if id_ is None:
            raise AttributeError(f"this {table.__name__} is not stored yet: its id is what ctx.db.insert() returns")
        return cast("Id[D]", id_)


class _CreationTimeField:
    """`doc.creation_time`, and `Contact.creation_time` in conditions and orders."""

    def __get__(self, doc: Table | None, table: type[Table]) -> datetime:
        if doc is None:
            return cast(datetime, Column(table, "creation_time"))
        private: Any = doc.__pydantic_private__
        creation_time = private["_creation_time"]
        if creation_time is None:
            raise AttributeError(f"this {table.__name__} is not stored yet: it has a creation time once it is inserted")
        return creation_time  # type: ignore[no-any-return]


@dataclass_transform(kw_only_default=True, field_specifiers=(Field, PrivateAttr, ref))
class TableMeta(ModelMetaclass):
    """Gives a column where a field is read from the class: `Contact.stage`."""

    if not TYPE_CHECKING:  # type checkers see the field's own type

        def __getattr__(cls, name: str) -> Any:
            if name[:2] != "__" and "table_name" in cls.__dict__ and name in cls.__pydantic_fields__:
                return Column(cls, name)
            return super().__getattr__(name)


class Table(BaseModel, metaclass=TableMeta):
    """A document of a table: `class Contact(Table, name="contacts")`. Without a name: a base for other tables.

    `doc.id` and `doc.creation_time` are there once it is stored. Assign to fields, then `await ctx.db.save(doc)`.
    """

    model_config = ConfigDict(
        extra="forbid",
        ignored_types=(IndexDeclaration, SearchIndexDeclaration, _IdField, _CreationTimeField),
        protected_namespaces=(),
    )

    table_name: ClassVar[str] = ""
    """The name given in the class line; "" for a base class."""

    id = _IdField()
    creation_time = _CreationTimeField()

    _id: str | None = PrivateAttr(None)
    _creation_time: datetime | None = PrivateAttr(None)

    former_names: ClassVar[tuple[str, ...]] = ()
    """What `renamed_from=` in the class line says, the latest first."""

    def __init_subclass__(cls, *, name: str = "", renamed_from: FormerNames | None = None, **config: Any) -> None:
        super().__init_subclass__(**config)

    @classmethod
    def __pydantic_init_subclass__(
        cls, *, name: str = "", renamed_from: FormerNames | None = None, **config: Any
    ) -> None:
        super().__pydantic_init_subclass__(**config)
        cls.table_name = name
        cls.former_names = former_names(renamed_from)

    @classmethod
    def indexes(cls) -> dict[str, IndexDeclaration]:
        """Every `index(...)` of the class and its bases, by name."""
        return _declared(cls, IndexDeclaration)

    @classmethod
    def search_indexes(cls) -> dict[str, SearchIndexDeclaration]:
        """Every `search_index(...)` of the class and its bases, by name."""
        return _declared(cls, SearchIndexDeclaration)

    @classmethod
    def from_store(cls: type[D], id: str, creation_time: datetime, values: dict[str, Any], names: set[str]) -> D:
        """A stored document, not validated again: `values` has every field; `names` are theirs."""
        doc = cls.__new__(cls)
        _set_dict(doc, values)
        _set_fields_set(doc, names.copy())
        _set_extra(doc, None)
        _set_private(doc, {"_id": Id(id), "_creation_time": creation_time})
        return doc


# A model is made of these four; setting them through their descriptors costs half of object.__setattr__().
_set_dict, _set_fields_set, _set_extra, _set_private = (
    vars(BaseModel)[name].__set__
    for name in ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")
)


def _declared(table: type[Table], kind: type[T]) -> dict[str, T]:
    found: dict[str, T] = {}
    for base in reversed(table.__mro__):
        found |= {name: value for name, value in vars(base).items() if isinstance(value, kind)}
    return found


__all__ = ["IndexDeclaration", "Table", "index"]
