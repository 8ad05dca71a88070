"""What a backend holds and answers, in plain Python: dictionaries, filtered and sorted in full each time."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from operator import ge, gt, le, lt
from typing import Any, TypeAlias

from schemagen.engine.keys import values_of
from schemagen.model.ids import format_id, uuid7
from schemagen.store.tokens import terms_of, words_of
from tests.engine.simulation.schema import Schema, TableShape

Doc: TypeAlias = dict[str, Any]
Documents: TypeAlias = dict[str, Doc]
"""By id; never changed, only replaced."""

_COMPARE = {"<": lt, "<=": le, ">": gt, ">=": ge}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_ID_MS = 1_700_000_000_000


class ModelFailure(Exception):
    """The function raises an AppError with this code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def nth_id(table: str, number: int) -> str:
    """The id of the `number`th insert of a run, which is known before it happens."""
    return format_id(table, uuid7(_FIRST_ID_MS + number, 0))


def time_text(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class State:
    """All documents at one commit."""

    schema: Schema
    docs: Documents = field(default_factory=dict)

    def of_table(self, table: str) -> list[Doc]:
        prefix = table + "_"
        return [doc for id_, doc in self.docs.items() if id_.startswith(prefix)]


# --- reading ---


@dataclass(frozen=True)
class View:
    """A state as one caller sees it at one time."""

    state: State
    now: datetime
    subject: str | None

    def look(self, reads: list[Any]) -> Any:
        """What the query gives. Raises `ModelFailure`."""
        results = [self.read(what) for what in reads]
        return results[0] if len(results) == 1 else results

    def read(self, what: Any) -> Any:
        found = self.select(what["select"]) if "select" in what else []
        match what["way"]:
            case "all":
                return found
            case "take":
                return found[: what["count"]]
            case "first":
                return found[0] if found else None
            case "unique":
                return "several" if len(found) > 1 else found[0] if found else None
            case "count":
                return len(found)
            case "exists":
                return bool(found)
            case "walk":
                return _walked(found, what)
            case "page":
                items, cursor = found[: what["size"]], None  # without its cursor; see `pages.py`
                return {"items": items, "cursor": cursor}
            case "get":
                return self.state.docs.get(what["id"])
            case "get_many":
                return [self.state.docs.get(id_) for id_ in what["ids"]]
            case "search":
                return self._searched(what)
            case "follow":
                return self._followed(found, what)
            case "who":
                return self.subject
            case "who_if":
                return [found[0], self.subject] if found else "did not ask"
            case "refuse_if":
                if len(found) >= what["count"]:
                    raise ModelFailure("refused")
                return found
            case "tick":
                interval = timedelta(seconds=what["seconds"])
                return (EPOCH + (self.now - EPOCH) // interval * interval).isoformat()
            case "nested" | "gather":
                return [self.read(each) for each in what["reads"]]
            case way:
                raise AssertionError(way)

    def _searched(self, what: Any) -> list[Doc]:
        """Every document is looked at: it has all words and one that begins with the last; the best come first."""
        terms = terms_of(what["text"])
        ranked = []
        for doc in self.state.of_table(what["table"]) if terms is not None else ():
            assert terms is not None
            words = words_of((doc[what["field"]],))
            begun = {token: count for token, count in words.counts.items() if token.startswith(terms.last)}
            if (
                begun
                and all(term in words.counts for term in terms.whole)
                and all(doc[n] == v for n, v in what["where"])
            ):
                total = sum(2 * words.counts[term] for term in terms.whole)
                total += sum(count * (2 if token == terms.last else 1) for token, count in begun.items())
                age = -datetime.fromisoformat(doc["creation_time"]).timestamp()
                ranked.append((-Fraction(total**2, words.length), age, doc["id"]))
        return [self.state.docs[id_] for _, _, id_ in sorted(ranked)[: what["count"]]]

    def _followed(self, found: list[Doc], what: Any) -> Any:
        if not found:
            return None
        where = [[what["field"], "==", found[0][what["by"]]]]
        select = {"table": what["to"], "where": where, "order": [], "desc": False, "scan": False}
        return [found[0], *self.select(select)]

    def select(self, select: Any) -> list[Doc]:
        """All documents of a select, in its order."""
        docs = [doc for doc in self.state.of_table(select["table"]) if all(_holds(doc, *c) for c in select["where"])]
        key = ordering(self.state.schema.by_name[select["table"]], select)
        return sorted(docs, key=lambda doc: sort_key(key, doc), reverse=select["desc"])


def _walked(found: list[Doc], what: Any) -> list[Doc]:
    end = what["count"]
    for at, doc in enumerate(found[:end]):
        if what["field"] and doc[what["field"]] == what["value"]:
            return found[: at + 1]
    return found[:end]


def _holds(doc: Doc, name: str, op: str, value: Any) -> bool:
    held = doc[name]
    match op:
        case "==":
            return bool(held == value)
        case "!=":
            return bool(held != value)
        case _:
            return held is not None and bool(_COMPARE[op](held, value))


def ordering(table: TableShape, select: Any) -> tuple[str, ...]:
    """The fields by which rows of a select are sorted: of the index that serves it with the fewest fields left over."""
    equal = [name for name, op, _ in select["where"] if op == "=="]
    ranged = {name for name, op, _ in select["where"] if op in _COMPARE}
    order = tuple(name for name in select["order"] if name not in equal)
    if len(set(equal)) == len(equal) and not any(op == "!=" for _, op, _ in select["where"]):
        served = []
        for name, key in table.index_keys.items():
            first, rest = key[: len(equal)], key[len(equal) :]
            if set(first) == set(equal) and order == rest[: len(order)] and ranged <= set(rest[:1]):
                served.append((len(rest), name, rest))
        if served:
            return min(served)[2]
    assert select["scan"], f"no index serves {select}"
    return tuple(dict.fromkeys((*select["order"], "creation_time", "id")))


def sort_key(fields: tuple[str, ...], doc: Doc) -> tuple[Any, ...]:
    return tuple(_sortable(doc[name]) for name in fields)


def _sortable(value: Any) -> tuple[Any, ...]:
    return (0,) if value is None else (1, value)


def cursor_key(table: TableShape, select: Any, cursor: str) -> tuple[Any, ...]:
    """Where a cursor stands, as a `sort_key`."""
    key = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))[4:]
    storages = tuple(table.storage(name) for name in ordering(table, select))
    return tuple(map(_sortable, values_of(storages, key)))


# --- writing ---


@dataclass
class Change:
    """One mutation that runs on a copy of a state."""

    schema: Schema
    docs: Documents
    now: datetime
    subject: str | None
    inserted: int
    """How many inserts the run has seen, undone ones too: the number of the next id."""
    written: int = 0
    """Documents written and not undone."""

    def run(self, writes: list[Any]) -> list[Any]:
        """What the mutation gives. Raises `ModelFailure`; then none of it happened."""
        out: list[Any] = []
        for verb, *rest in writes:
            out.append(self._write(verb, rest, out))
        return out

    def _write(self, verb: str, rest: list[Any], out: list[Any]) -> Any:
        match verb:
            case "insert":
                return self._insert(*rest)
            case "patch" | "save":
                ref, values = rest
                doc = self._existing(out[ref] if isinstance(ref, int) else ref)
                if doc | values != doc:
                    self._put(doc | values)
                return None
            case "delete":
                self._delete(self._existing(out[rest[0]] if isinstance(rest[0], int) else rest[0]))
                return None
            case "clear":
                gone = self._view().select(rest[0])
                for doc in gone:
                    self._delete(doc)
                return [doc["id"] for doc in gone]
            case "read":
                return self._view().read(rest[0])
            case "try":
                return self._try(rest[0])
            case "refuse":
                raise ModelFailure("refused")
            case _:
                raise AssertionError(verb)

    def _view(self) -> View:
        return View(State(self.schema, self.docs), self.now, self.subject)

    def _existing(self, id_: str) -> Doc:
        if id_ not in self.docs:
            raise ModelFailure("document_not_found")
        return self.docs[id_]

    def _insert(self, table: str, values: Doc) -> str:
        id_ = nth_id(table, self.inserted)
        self.inserted += 1
        self._put({"id": id_, "creation_time": time_text(self.now), **values})
        return id_

    def _put(self, doc: Doc) -> None:
        self.docs[doc["id"]] = doc
        self.written += 1

    def _delete(self, doc: Doc) -> None:
        del self.docs[doc["id"]]
        self.written += 1

    def _try(self, writes: list[Any]) -> Any:
        docs, written = dict(self.docs), self.written
        try:
            return self.run(writes)
        except ModelFailure as failure:
            self.docs, self.written = docs, written
            return failure.code


def flat(reads: list[Any]) -> Iterator[Any]:
    """All reads of a program, those within others too."""
    for what in reads:
        yield what
        yield from flat(what.get("reads", []))
