"""Random writes against a model in plain Python: what is unique stays unique, and references do what they declare."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemagen import (
    DocumentNotFound,
    Id,
    JsonValue,
    MutationCtx,
    QueryCtx,
    ReferencedDocument,
    Table,
    UniqueConflict,
    index,
    mutation,
    query,
    ref,
)
from tests.engine.backend import backend_of
from tests.engine.host import running


class Firm(Table, name="firms"):
    owner_id: Id[Person] | None = ref(on_delete="set_null", default=None)
    code: int | None = None

    by_code = index("code", unique=True)
    by_owner = index("owner_id")


class Person(Table, name="persons"):
    firm_id: Id[Firm] | None = ref(on_delete="cascade", default=None)
    boss_id: Id[Person] | None = ref(on_delete="set_null", default=None)
    code: int | None = None
    email: str | None = None

    by_boss = index("boss_id", "code", unique=True)
    by_code = index("code")
    by_firm_email = index("firm_id", "email", unique=True)


class Job(Table, name="jobs"):
    person_id: Id[Person] | None = ref(on_delete="restrict", default=None)
    parent_id: Id[Job] | None = ref(on_delete="cascade", default=None)
    firm_id: Id[Firm] | None = ref(on_delete="restrict", default=None)

    by_firm = index("firm_id")
    by_parent = index("parent_id")
    by_person = index("person_id")


Firm.model_rebuild()  # it names a class further down
TABLES: dict[str, type[Table]] = {"firms": Firm, "persons": Person, "jobs": Job}
REFERENCES = {
    ("firms", "owner_id"): ("persons", "set_null"),
    ("persons", "firm_id"): ("firms", "cascade"),
    ("persons", "boss_id"): ("persons", "set_null"),
    ("jobs", "person_id"): ("persons", "restrict"),
    ("jobs", "parent_id"): ("jobs", "cascade"),
    ("jobs", "firm_id"): ("firms", "restrict"),
}
UNIQUE = {
    ("firms", "by_code"): ("code",),
    ("persons", "by_boss"): ("boss_id", "code"),
    ("persons", "by_firm_email"): ("firm_id", "email"),
}

Kind = Literal["insert", "patch", "save", "delete"]
Outcome: TypeAlias = tuple[Any, ...]
Fields: TypeAlias = dict[str, Any]


# --- the backend ---


@mutation
async def write(ctx: MutationCtx, *, kind: Kind, what: str, fields: JsonValue) -> JsonValue:
    """One write. Errors are caught, so that whatever a refused write left behind would be committed."""
    given: Any = fields
    try:
        match kind:
            case "insert":
                return ["ok", await ctx.db.insert(TABLES[what](**given))]
            case "patch":
                await ctx.db.patch(Id[Any](what), **given)
            case "save":
                document = await ctx.db.get_existing(Id[Any](what))
                for name, value in given.items():
                    setattr(document, name, value)
                await ctx.db.save(document)
            case "delete":
                await ctx.db.delete(Id[Any](what))
    except UniqueConflict as error:
        return ["unique", error.table, error.index, error.existing_id]
    except ReferencedDocument as error:
        return ["referenced", error.table, error.field, error.count, error.example_id]
    except DocumentNotFound:
        return ["gone"]
    return ["ok"]


@query
async def everything(ctx: QueryCtx) -> dict[str, dict[str, JsonValue]]:
    found: dict[str, dict[str, JsonValue]] = {}
    for table in TABLES.values():
        for document in await ctx.db.query(table).all():
            found[document.id] = {**document.__dict__}
    return found


@query
async def job_counts(ctx: QueryCtx) -> dict[str, int]:
    """Read through the indexes of references, which hold what the documents say."""
    people = await ctx.db.query(Person).all()
    return {each.id: await ctx.db.query(Job).where(Job.person_id == each.id).count() for each in people}


BACKEND = backend_of(write, everything, job_counts, tables=list(TABLES.values()))


# --- the model ---


@dataclass
class Model:
    documents: dict[str, Fields] = field(default_factory=dict)

    def of(self, table: str) -> dict[str, Fields]:
        return {id_: fields for id_, fields in self.documents.items() if id_.startswith(f"{table}_")}

    def conflict(self, table: str, own_id: str | None, fields: Fields) -> Outcome | None:
        for (of, name), key in sorted(UNIQUE.items()):
            if of != table:
                continue
            values = [fields[each] for each in key]
            if None in values:
                continue
            for id_, other in self.of(table).items():
                if id_ != own_id and [other[each] for each in key] == values:
                    return ("unique", table, name, id_)
        return None

    def referring(self, ids: set[str], wanted: str) -> dict[tuple[str, str], list[str]]:
        """Documents with a reference of one kind to one of `ids`, by table and field."""
        return {
            (table, name): sorted(id_ for id_, fields in self.of(table).items() if fields[name] in ids)
            for (table, name), (_, kind) in REFERENCES.items()
            if kind == wanted
        }

    def delete(self, id_: str) -> list[Outcome]:
        """What may come of it: one of these, where several documents stay that forbid it."""
        if id_ not in self.documents:
            return [("gone",)]
        doomed = {id_}
        while more := {each for found in self.referring(doomed, "cascade").values() for each in found} - doomed:
            doomed |= more
        staying = {
            at: [each for each in found if each not in doomed]
            for at, found in self.referring(doomed, "restrict").items()
        }
        refusals: list[Outcome] = [
            ("referenced", *at, len(found), example) for at, found in staying.items() for example in found
        ]
        if refusals:
            return refusals
        for (_, name), found in self.referring(doomed, "set_null").items():
            for each in found:
                self.documents[each][name] = None
        for each in doomed:
            del self.documents[each]
        return [("ok",)]

    def change(self, id_: str, changes: Fields) -> Outcome:
        if id_ not in self.documents:
            return ("gone",)
        fields = self.documents[id_] | changes
        conflict = self.conflict(id_.rpartition("_")[0], id_, fields)
        if conflict is None:
            self.documents[id_] = fields
        return conflict or ("ok",)


# --- one against the other ---

PLAIN: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "firms": {"code": st.none() | st.integers(0, 2)},
    "persons": {"code": st.none() | st.integers(0, 2), "email": st.none() | st.sampled_from(["a", "b"])},
    "jobs": {},
}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_the_database_does_what_the_model_says(data: st.DataObject) -> None:
    async def check() -> None:
        async with running(BACKEND) as host:
            model = Model()
            watcher = host.watcher()
            await watcher.watch("app.everything")
            await watcher.watch("app.jobCounts")
            for _ in range(data.draw(st.integers(1, 25))):
                kind, what, fields = draw_write(data, model)
                outcome = tuple(await host.mutate("app.write", kind=kind, what=what, fields=fields))
                expect(model, kind, what, fields, outcome)
                assert watcher.results[0] == as_json(model.documents)
                counts = dict.fromkeys(model.of("persons"), 0)
                for job in model.of("jobs").values():
                    if job["person_id"] in counts:
                        counts[job["person_id"]] += 1
                assert watcher.results[1] == counts

    asyncio.run(check())


def draw_write(data: st.DataObject, model: Model) -> tuple[Kind, str, Fields]:
    kind: Kind = data.draw(st.sampled_from(["insert", "insert", "insert", "patch", "save", "delete"]))
    if kind == "insert" or not model.documents:
        table = data.draw(st.sampled_from(sorted(TABLES)))
        return "insert", table, draw_fields(data, model, table, every=True)
    id_ = data.draw(st.sampled_from(sorted(model.documents)))
    fields = {} if kind == "delete" else draw_fields(data, model, id_.rpartition("_")[0], every=False)
    return kind, id_, fields


def draw_fields(data: st.DataObject, model: Model, table: str, *, every: bool) -> Fields:
    choices = dict(PLAIN[table])
    for (of, name), (target, _) in REFERENCES.items():
        if of == table:
            choices[name] = st.sampled_from([None, *sorted(model.of(target))])
    return {name: data.draw(choice) for name, choice in choices.items() if every or data.draw(st.booleans())}


def expect(model: Model, kind: Kind, what: str, fields: Fields, outcome: Outcome) -> None:
    if kind == "delete":
        assert outcome in model.delete(what)
    elif kind == "insert":
        conflict = model.conflict(what, None, fields)
        if conflict is None:
            ok, id_ = outcome
            assert ok == "ok"
            model.documents[id_] = fields
        else:
            assert outcome == conflict
    else:
        assert outcome == model.change(what, fields)


def as_json(documents: dict[str, Fields]) -> Any:
    return orjson.loads(orjson.dumps(documents))
