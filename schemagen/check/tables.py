"""Tables: whether every document that may be stored fits the new schema, as the store itself would judge it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from schemagen.check.cause import DATA, SAFE, Root
from schemagen.check.causes import Causes, Felt
from schemagen.check.changes import Change, Language, Level, Side
from schemagen.check.indexes import index_changes, reference_changes, search_changes
from schemagen.check.spelling import spelled
from schemagen.check.views import Position
from schemagen.model.contract import MISSING, Contract, Field, Table
from schemagen.model.types import INT_MAX, Int64Type, IntType, NullType, Type, UnionType
from schemagen.wire.storage import storage_of


def table_changes(causes: Causes) -> Iterator[Change]:
    """What happened to each table; the types of its fields are left to the causes."""
    old, new = causes.old.tables_by_name, causes.new.tables_by_name
    former = {name: table for table in causes.new.tables for name in table.renamed_from}
    added = [table for name, table in new.items() if name not in old and not set(table.renamed_from) & old.keys()]
    for name, table in old.items():
        now = new.get(name) or former.get(name)
        if now is None:
            yield _removed(table, _successor(causes, table, added))
            continue
        if now.name != name:
            beside = next((each for each in (now.name, *now.renamed_from) if each in old), name)
            if beside != name:
                yield _ambiguous(f"table {now.name}", beside, name, now)
                continue
            yield _renamed(table, now, causes.renamed_ids.get((name, now.name), Felt()))
        yield from _same_table(causes, table, now)
    for (was, is_now), felt in sorted(causes.renamed_ids.items()):
        if was not in old:  # a contract may know no more of a table than its ids
            yield _renamed(Table(was, ""), new.get(is_now, Table(is_now, "")), felt)
    yield from (_change("table_added", SAFE, table, "is new", "") for table in sorted(added, key=lambda t: t.name))


def _same_table(causes: Causes, old: Table, new: Table) -> Iterator[Change]:
    for name in sorted({*old.renamed_from, old.name} - {*new.renamed_from, new.name}):
        yield _former_name_dropped(new, name)
    fields = _Fields(causes, old, new)
    yield from fields.changes()
    yield from index_changes(old, new, fields.was, fields.filled_with_null)
    yield from search_changes(old, new, fields.was)
    yield from reference_changes(old, new, fields.was)


class _Fields:
    """The fields of a table that stayed, renamed or not: each is a column, and its values stay in it."""

    def __init__(self, causes: Causes, old: Table, new: Table) -> None:
        self._causes = causes
        self._document = new.document
        self._origin = new.origin
        self._before = {f.name: f for f in causes.old.document(old.name).fields[2:]}
        self._after = causes.new.document(new.name).fields[2:]
        self.was = {known.name: self._former_name(known) for known in self._after}
        """By name the former name of each field, None if it is new."""
        implicit = {"id": "id", "creation_time": "creation_time"}
        self.was |= implicit
        self.filled_with_null = frozenset(
            known.name for known in self._after if self.was[known.name] is None and self._holds_null(known)
        )

    def changes(self) -> Iterator[Change]:
        gone = {name: field for name, field in self._before.items() if name not in self.was.values()}
        came = [known for known in self._after if self.was[known.name] is None]
        for known in self._after:
            former = self.was[known.name]
            if former is not None:
                yield from self._same_field(self._before[former], known)
                for name in (name for name in known.renamed_from if name in gone):
                    yield _ambiguous(f"{self._document}.{known.name}", former, name, known)
                    del gone[name]
        for known in came:
            if known.required and not self._holds_null(known):
                yield self._required(known, self._predecessor(known, gone))
        for name, field in gone.items():
            says = "is no longer declared: its values stay in the database, and nothing reads them"
            at, was = f"{self._document}.{name}", spelled(field.type)
            yield Change("stored_field_forgotten", SAFE, Side.STORED, at, says, "", old=was, origin=self._origin)

    def _former_name(self, known: Field) -> str | None:
        return next((name for name in (known.name, *known.renamed_from) if name in self._before), None)

    def _holds_null(self, known: Field) -> bool:
        """Whether documents stored before a new field existed read as null in it."""
        _, _, can_be_null = storage_of(known.type, self._causes.new.types_by_name)
        return can_be_null and known.default in (None, MISSING)

    def _same_field(self, old: Field, new: Field) -> Iterator[Change]:
        inner, was, _ = storage_of(old.type, self._causes.old.types_by_name)
        now_inner, now, _ = storage_of(new.type, self._causes.new.types_by_name)
        label = f"{self._document}.{new.name}"
        if was is not now:
            yield _storage_changed(label, old, new, f"its column holds {was.value}, and {now.value} is wanted")
            return
        root = Root(Side.STORED, label, origin=new.origin, declared=(old.type, new.type))
        if {type(inner), type(now_inner)} == {IntType, Int64Type}:
            self._causes.stored(root, _as_int64(inner, old.type), _as_int64(now_inner, new.type))
        else:
            self._causes.stored(root, old.type, new.type)

    def _required(self, known: Field, predecessor: Field | None) -> Change:
        says = "is new and required: documents stored before have no value for it"
        fix = f"give it a default, declare it {known.name}: ... | None = None, or fill it in a migration"
        if predecessor is not None:
            fix = f'if it was called {predecessor.name}, say so with renamed_from("{predecessor.name}"); else {fix}'
        at, now = f"{self._document}.{known.name}", spelled(known.type)
        return Change("stored_field_required", DATA, Side.STORED, at, says, fix, new=now, origin=known.origin)

    def _predecessor(self, known: Field, gone: Mapping[str, Field]) -> Field | None:
        """The one field that is gone and held the same."""
        alike = [f for f in gone.values() if self._causes.are_equal(f.type, known.type, Position.STORED)]
        return alike[0] if len(alike) == 1 else None


def _storage_changed(label: str, old: Field, new: Field, why: str) -> Change:
    was, now = spelled(old.type), spelled(new.type)
    says = f"was {was}, is {now}: {why}; no value is converted by itself"
    fix = "keep the type, or compute the new values in a migration"
    return Change("stored_storage_changed", DATA, Side.STORED, label, says, fix, old=was, new=now, origin=new.origin)


def _as_int64(inner: Type, whole: Type) -> Type:
    """Both kinds of integers are kept as the same numbers, however they travel."""
    if not isinstance(inner, IntType):
        return whole
    least = -INT_MAX if inner.ge is None else max(inner.ge, -INT_MAX)
    most = INT_MAX if inner.le is None else min(inner.le, INT_MAX)
    found = Int64Type(least, inner.gt, most, inner.lt, inner.multiple_of)
    return found if whole == inner else UnionType((found, NullType()))


def _removed(table: Table, successor: Table | None) -> Change:
    says = "is no longer declared: its documents stay in the database, and nothing reads them"
    fix = "keep it as long as its documents matter"
    if successor is not None:
        name = successor.name
        fix = f'if it is {name} now, say so: Table, name="{name}", renamed_from="{table.name}"; else {fix}'
    return _change("table_removed", DATA, table, says, fix)


def _successor(causes: Causes, old: Table, added: list[Table]) -> Table | None:
    """The one new table whose documents have the same fields."""
    alike = [new for new in added if _is_alike(causes, _own_fields(causes.old, old), _own_fields(causes.new, new))]
    return alike[0] if len(alike) == 1 else None


def _own_fields(contract: Contract, table: Table) -> dict[str, Type]:
    return {field.name: field.type for field in contract.document(table.name).fields[2:]}


def _is_alike(causes: Causes, old: dict[str, Type], new: dict[str, Type]) -> bool:
    same = old.keys() == new.keys()
    return same and all(causes.are_equal(t, new[name], Position.STORED) for name, t in old.items())


def _renamed(old: Table, new: Table, felt: Felt) -> Change:
    says = f"is called {new.name} now: its documents and their ids stay"
    fix = ""
    levels: Mapping[Language, Level] = SAFE
    if felt.functions:
        says += f'; in TypeScript they are Id<"{new.name}">'
        fix = f'write Id<"{new.name}"> where a consumer writes Id<"{old.name}">'
        levels = {"python": Level.SAFE, "typescript": Level.SOURCE}
    return Change(
        "table_renamed",
        levels,
        Side.STORED,
        f"table {old.name}",
        says,
        fix,
        tuple(sorted(felt.functions)),
        old=old.name,
        new=new.name,
        origin=new.origin,
        targets=tuple(sorted(felt.targets)),
    )


def _former_name_dropped(table: Table, name: str) -> Change:
    names = ", ".join(f'"{each}"' for each in (*table.renamed_from, name))
    written = f"[{names}]" if table.renamed_from else names
    says = f"no longer answers to ids that begin with {name}_, which its documents may have"
    fix = f'keep the old name: Table, name="{table.name}", renamed_from={written}'
    return _change("table_former_name_dropped", DATA, table, says, fix)


def _ambiguous(at: str, kept: str, dropped: str, place: Table | Field) -> Change:
    says = f"was called {dropped} before, it says, and {kept} was there beside it: both may hold data"
    fix = f"leave {dropped} out of renamed_from, and move what it holds in a mutation"
    return Change("rename_ambiguous", DATA, Side.STORED, at, says, fix, old=dropped, new=kept, origin=place.origin)


def _change(rule: str, levels: Mapping[Language, Level], table: Table, says: str, fix: str) -> Change:
    return Change(rule, levels, Side.STORED, f"table {table.name}", says, fix, origin=table.origin)
