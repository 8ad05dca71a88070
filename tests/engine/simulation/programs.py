"""Draws random programs for the simulated backend's functions; `handlers.py` says what they mean.

To simulate another kind of read (a search, say): draw it in `Programs.read`, run it in `handlers.read`, and say what it
must give in `model.View.read`. Everything else follows.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import Enum, auto
from random import Random
from typing import Any

from tests.engine.simulation.model import EPOCH, State, View, nth_id
from tests.engine.simulation.schema import Field, Schema, TableShape

_PRECISE = ["all"] * 3 + ["take"] * 5 + ["first"] * 2 + ["walk"] * 6
"""What gives all that it reads: such a query hardly ever runs in vain."""
_SIMPLE = [*_PRECISE * 3, "unique", "unique", "count", "exists"]
_WAYS = (
    ["select"] * 30
    + ["get"] * 7
    + ["get_many"] * 3
    + ["search"]
    + ["follow"] * 2
    + ["who"]
    + ["who_if"] * 4
    + ["refuse_if"]
)
_VERBS = ["insert"] * 7 + ["patch"] * 7 + ["save"] * 2 + ["delete"] * 4 + ["clear", "read", "try", "try"]


class Mix(Enum):
    """What clients ask for."""

    ALL = auto()
    PRECISE = auto()  # only what gives all that it reads
    SEARCHES = auto()  # mostly searches
    CALLERS = auto()  # mostly what depends on the caller, at times


@dataclass
class Programs:
    """What one run asks for; `state` and what follows it are moved along by the run."""

    random: Random
    schema: Schema
    mix: Mix = Mix.ALL
    state: State = dataclasses.field(default_factory=lambda: State(Schema(())))
    inserted: int = 0
    ids: tuple[str, ...] = ()
    """Ids there have been."""

    # --- selects ---

    def select(self, scans: float = 0.015) -> Any:
        random = self.random
        table = random.choice(self.schema.tables)
        if self.mix is Mix.ALL and random.random() < scans:
            return self._scan(table)
        key = random.choice(list(table.index_keys.values()))[:-2]  # creation time and id end every key
        fixed = random.randint(0, len(key))
        where = [[name, "==", self.value(table.by_name[name])] for name in key[:fixed]]
        rest = key[fixed:]
        if rest and random.random() < 0.5:
            where += self._range(table.by_name[rest[0]])
        order = self._order(key, fixed)
        return {
            "table": table.name,
            "where": where,
            "order": order,
            "desc": bool(order) and random.random() < 0.5,
            "scan": False,
        }

    def _order(self, key: tuple[str, ...], fixed: int) -> list[str]:
        rest = (*key[fixed:], "creation_time", "id")
        if self.random.random() < 0.3:
            return []
        order = list(rest[: self.random.randint(1, len(rest))])
        return [*key[:fixed], *order] if self.random.random() < 0.2 else order

    def _range(self, field: Field) -> list[Any]:
        ends = self.random.choice([(">=", "<"), (">", "<="), (">=",), (">",), ("<",), ("<=",)])
        values = [value for value in field.kind.values if value is not None]
        return [[field.name, op, self.random.choice(values)] for op in ends]

    def _scan(self, table: TableShape) -> Any:
        random = self.random
        field = random.choice(table.fields)
        order = random.sample([each.name for each in table.fields], random.randint(0, 1))
        return {
            "table": table.name,
            "where": [[field.name, "!=", self.value(field)]],
            "order": order,
            "desc": bool(order) and random.random() < 0.5,
            "scan": True,
        }

    def value(self, field: Field) -> Any:
        """Mostly one that is stored."""
        return self.random.choice(field.values if self.random.random() < 0.95 else field.kind.values)

    # --- reads ---

    def reads(self) -> list[Any]:
        """The argument of a query."""
        if self.mix is Mix.PRECISE:
            return [self.simple()]
        if self.mix is Mix.SEARCHES and self.random.random() < 0.7:
            return [self._search()]
        if self.mix is Mix.CALLERS and self.random.random() < 0.7:
            return [self._who_if()]
        reads = [self.read() for _ in range(self.random.choice([1, 1, 1, 2]))]
        if self.random.random() < 0.08:
            reads.append({"way": "tick", "seconds": self.random.choice([1, 5])})
        return reads

    def read(self, depth: int = 0) -> Any:
        random = self.random
        if depth == 0 and random.random() < 0.08:
            inner = [self.read(1) for _ in range(random.randint(1, 2))]
            return {"way": random.choice(["nested", "gather"]), "reads": inner}
        match random.choice(_WAYS):
            case "get":
                return {"way": "get", "id": self.id()}
            case "search":
                return self._search()
            case "get_many":
                return {"way": "get_many", "ids": [self.id() for _ in range(random.randint(1, 3))]}
            case "follow":
                return self._follow()
            case "who":
                return {"way": "who"}
            case "who_if":
                return self._who_if()
            case "refuse_if":
                select = self.select()
                count = max(1, self._matches(select) + random.randint(0, 1))
                return {"way": "refuse_if", "select": select, "count": count}
            case _:
                return self.simple()

    def simple(self) -> Any:
        """A read of one select."""
        select = self.select()
        match self.random.choice(_PRECISE if self.mix is Mix.PRECISE else _SIMPLE):
            case "take":
                return {"way": "take", "select": select, "count": self.random.randint(1, 4)}
            case "walk":
                return self._walk(select)
            case way:
                return {"way": way, "select": select}

    def _walk(self, select: Any) -> Any:
        field = self.random.choice(self.schema.by_name[select["table"]].fields)
        until = self.random.random() < 0.5
        return {
            "way": "walk",
            "select": select,
            "count": self.random.choice([1, 2, 3, 5, 9]),
            "field": field.name if until else "",
            "value": self.value(field) if until else None,
        }

    def _who_if(self) -> Any:
        """The caller, if there is a document; there are few or none."""
        return {"way": "who_if", "select": min(self.select(), self.select(), key=self._matches)}

    def _search(self) -> Any:
        """Some words, the last of which may be half typed."""
        random = self.random
        places = [(table, *each) for table in self.schema.tables for each in table.searches]
        if not places:
            return self.simple()
        table, field, filters = random.choice(places)
        return {
            "way": "search",
            "table": table.name,
            "field": field,
            "text": self._searched(table.by_name[field]),
            "where": [[name, self.value(table.by_name[name])] for name in filters[: random.randint(0, len(filters))]],
            "count": random.choice([2, 9, 9]),
        }

    def _searched(self, field: Field) -> str:
        """Words of a text that may be stored, in another order, the last of them half typed."""
        words = self.random.choice(field.values).split()
        self.random.shuffle(words)
        text = " ".join(words[:2])
        return text[:-1] if self.random.random() < 0.3 else text

    def _follow(self) -> Any:
        """From the first document found to those of some table that share a value with it."""
        select = self.select()
        fields = self.schema.by_name[select["table"]].fields
        pairs = [
            (by.name, table.name, key[0])
            for by in fields
            for table in self.schema.tables
            for key in table.indexes
            if table.by_name[key[0]].kind is by.kind
        ]
        if not pairs:
            return {"way": "first", "select": select}
        by, to, name = self.random.choice(pairs)
        return {"way": "follow", "select": select, "by": by, "to": to, "field": name}

    def page(self) -> Any:
        """A first page."""
        select = self.select(scans=0.005)
        most = self._matches(select) - 1 if self.random.random() < 0.6 else 4
        return {"way": "page", "select": select, "size": max(1, self.random.randint(most - 1, most)), "cursor": None}

    def _matches(self, select: Any) -> int:
        """How many documents there are: what is asked for just so many is about to change."""
        return len(View(self.state, EPOCH, None).select(select))

    def id(self) -> str:
        """Of a document that is there, or was, or is about to be."""
        if self.ids and self.random.random() < 0.5:
            return self.random.choice(self.ids[-12:])
        return nth_id(self.random.choice(self.schema.tables).name, self.inserted + self.random.randrange(2))

    # --- writes ---

    def writes(self, depth: int = 0) -> list[Any]:
        """The argument of a mutation."""
        out: list[Any] = []
        for _ in range(self.random.choice([1, 1, 1, 2, 3])):
            out.append(self._write(out, depth))
        if self.random.random() < (0.06 if depth == 0 else 0.5):
            out.append(["refuse"])
        return out

    def _write(self, before: list[Any], depth: int) -> Any:
        random = self.random
        verb = random.choice(_VERBS)
        if verb == "try" and depth == 0:
            return ["try", self.writes(1)]
        if verb == "read":
            return ["read", self.read(1)]
        if verb == "clear" and random.random() < 0.3:
            return ["clear", self.select()]
        if verb in ("patch", "save", "delete"):
            ref = self._ref(before)
            if ref is not None:
                return self._to_one(verb, *ref)
        table = random.choice(self.schema.tables)
        return ["insert", table.name, {field.name: random.choice(field.values) for field in table.fields}]

    def _ref(self, before: list[Any]) -> tuple[int | str, TableShape] | None:
        """A document to write to: one that this mutation inserted, or one that is there."""
        mine = [(at, each[1]) for at, each in enumerate(before) if each[0] == "insert"]
        if mine and self.random.random() < 0.3:
            at, table = self.random.choice(mine)
            return at, self.schema.by_name[table]
        if not self.state.docs:
            return None
        id_ = self.random.choice(list(self.state.docs))
        return id_, self.schema.by_name[id_.rpartition("_")[0]]

    def _to_one(self, verb: str, ref: int | str, table: TableShape) -> Any:
        if verb == "delete":
            return ["delete", ref]
        fields = self.random.sample(table.fields, len(table.fields) if verb == "save" else self.random.randint(1, 2))
        return [verb, ref, {field.name: self.random.choice(field.values) for field in fields}]
