"""What a function is given: `ctx`. The engine implements these; a backend only names them in its signatures."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from uuid import UUID

from schemagen.declare.ids import Id
from schemagen.declare.search import Search, SearchIndexOf
from schemagen.declare.select import Select
from schemagen.declare.table import Table

if TYPE_CHECKING:
    from schemagen.declare.functions import Action, Mutation, Query

P = ParamSpec("P")
R = TypeVar("R")
D = TypeVar("D", bound=Table)


@dataclass(frozen=True, slots=True)
class Identity:
    """A verified caller. Two tokens of one caller give equal identities if their claims, times aside, are equal."""

    subject: str
    issuer: str = ""
    claims: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """All other claims of the token, without its times (`iat`, `exp`, `nbf`) and its own id (`jti`)."""


class Auth(ABC):
    @abstractmethod
    async def identity(self) -> Identity | None:
        """The verified caller, or None if the caller sent no token."""


class DatabaseReader(ABC):
    @abstractmethod
    async def get(self, id: Id[D]) -> D | None:
        """The document, or None if there is none (any more)."""

    @abstractmethod
    async def get_existing(self, id: Id[D]) -> D:
        """The document. Raises `DocumentNotFound`, which clients see, if there is none."""

    @abstractmethod
    async def get_many(self, ids: Iterable[Id[D]]) -> list[D | None]:
        """The documents in the order of their ids, None where there is none; one statement, however many ids."""

    @abstractmethod
    def query(self, table: type[D]) -> Select[D]:
        """All documents of a table, to be narrowed by `where`."""

    @abstractmethod
    def search(self, index: SearchIndexOf[D], text: str) -> Search[D]:
        """Documents with these words, best first: `ctx.db.search(Contact.search_name, "ada lo").take(20)`."""


class DatabaseWriter(DatabaseReader):
    @abstractmethod
    async def insert(self, document: D) -> Id[D]:
        """Store a new document; from here on it has an id. The whole document is validated.

        Raises `UniqueConflict`, as `save` and `patch` do, if another document has its key in a unique index; then
        nothing is written, and the mutation may go on.
        """

    @abstractmethod
    async def save(self, document: Table) -> None:
        """Store what was assigned to the fields of a document read before. Raises `DocumentNotFound` if it is gone."""

    @abstractmethod
    async def patch(self, id: Id[D], **changes: Any) -> None:
        """Change some fields. Raises `DocumentNotFound`, and ValueError for a field or value the table has not."""

    @abstractmethod
    async def delete(self, id: Id[D]) -> None:
        """Delete a document, and do to those that refer to it by `ref(on_delete=...)` what is declared there.

        Raises `DocumentNotFound` if there is none, and `ReferencedDocument` if one that refers to it forbids it: then
        nothing is deleted.
        """


class Ctx(ABC):
    """What every function is given."""

    @property
    @abstractmethod
    def auth(self) -> Auth: ...

    @property
    @abstractmethod
    def now(self) -> datetime:
        """The time in UTC, fixed for this execution."""

    @property
    @abstractmethod
    def random(self) -> Random:
        """Seeded for this execution."""

    @abstractmethod
    def uuid(self) -> UUID:
        """A fresh random UUID."""

    @abstractmethod
    async def run_query(self, function: Query[P, R], *args: P.args, **kwargs: P.kwargs) -> R: ...


class QueryCtx(Ctx):
    """What a query may do: read. Everything it reads is watched for it."""

    @property
    @abstractmethod
    def db(self) -> DatabaseReader: ...

    @abstractmethod
    def tick(self, interval: timedelta) -> datetime:
        """The time rounded down to a multiple of `interval`; a live query that reads it re-runs when it moves on."""


class MutationCtx(QueryCtx):
    """What a mutation may do: read and write, all or nothing."""

    @property
    @abstractmethod
    def db(self) -> DatabaseWriter: ...

    @abstractmethod
    async def run_mutation(self, function: Mutation[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run another mutation inside this transaction; if it raises, what it wrote is undone, and only that."""


class ActionCtx(Ctx):
    """What an action may do: anything. Each query and mutation it runs is a transaction of its own."""

    @abstractmethod
    async def run_mutation(self, function: Mutation[P, R], *args: P.args, **kwargs: P.kwargs) -> R: ...

    @abstractmethod
    async def run_action(self, function: Action[P, R], *args: P.args, **kwargs: P.kwargs) -> R: ...
