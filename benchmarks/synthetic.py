"""A backend of any size, and typed consumers that call each of its functions once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

CONFIG = """\
[tool.schemagen]
backend = "backend"

[tool.schemagen.python]
out = "generated/python"
package = "sdk"

[tool.schemagen.typescript]
out = "generated/typescript"
package = "@bench/backend"
"""

SCHEMA_HEAD = '''\
"""Every table."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel

from schemagen import Id, Table, index

Stage = Literal["new", "open", "won", "lost"]


class Address(BaseModel):
    """Where something is."""

    street: str
    city: str
    country: str | None = None
'''

TABLE = '''

class Thing{i}(Table, name="things_{i}"):
    """A thing of kind {i}."""

    name: str
    stage: Stage = "new"
    parent_id: Id["Thing{parent}"] | None = None
    amount: Decimal | None = None
    count: int = 0
    rating: float = 0.0
    due_at: datetime | None = None
    address: Address | None = None
    labels: list[str] = []
    done: bool = False

    by_stage = index("stage", "name")
    by_parent = index("parent_id", "name")
'''

MODULE_HEAD = '''\
"""Functions of module {m}."""

from typing import Literal

from pydantic import BaseModel

from backend.schema import {things}
from schemagen import FIRST, Id, MutationCtx, Page, PageRequest, QueryCtx, mutation, query


class Summary{m}(BaseModel):
    """What module {m} knows at a glance."""

    open: int
    stage: Literal["quiet", "busy"]
    note: str | None = None
'''

FUNCTIONS = (
    '''

@query
async def list_{f}(ctx: QueryCtx, *, stage: Stage | None = None, page: PageRequest = FIRST) -> Page[Thing{t}]:
    """Things of one stage, by name."""
    things = ctx.db.query(Thing{t})
    return await (things if stage is None else things.where(Thing{t}.stage == stage)).paginate(page)
''',
    '''

@mutation
async def create_{f}(ctx: MutationCtx, *, name: str, labels: list[str] | None = None) -> Id[Thing{t}]:
    """Create a thing."""
    return await ctx.db.insert(Thing{t}(name=name, labels=labels or []))
''',
    '''

@query
async def get_{f}(ctx: QueryCtx, *, thing_id: Id[Thing{t}]) -> Thing{t} | None:
    """One thing, or None."""
    return await ctx.db.get(thing_id)
''',
    '''

@mutation
async def rename_{f}(ctx: MutationCtx, *, thing_id: Id[Thing{t}], name: str) -> None:
    """Give a thing another name."""
    await ctx.db.patch(thing_id, name=name)
''',
    '''

@query
async def summary_{f}(ctx: QueryCtx, *, busy_from: int = 10) -> Summary{m}:
    """How many things are open."""
    count = await ctx.db.query(Thing{t}).where(Thing{t}.stage == "open").count()
    return Summary{m}(open=count, stage="busy" if count >= busy_from else "quiet")
''',
)

PYTHON_CALLS = """\
    sdk.{list}(stage="new").items[0].name.upper()
    id_{k} = sdk.{create}(name="a", labels=["b"])
    thing_{k} = sdk.{get}(thing_id=id_{k})
    assert thing_{k} is None or thing_{k}.count > 0
    sdk.{rename}(thing_id=id_{k}, name="b")
    sdk.{summary}(busy_from=3).open.bit_length()
"""

TYPESCRIPT_CALLS = """\
  (await client.query(api.{list}, {{ stage: "new" }})).items[0]?.name.toUpperCase();
  const id{k} = await client.mutation(api.{create}, {{ name: "a", labels: ["b"] }});
  (await client.query(api.{get}, {{ thingId: id{k} }}))?.count.toFixed();
  await client.mutation(api.{rename}, {{ thingId: id{k}, name: "b" }});
  (await client.query(api.{summary}, {{ busyFrom: 3 }})).open.toFixed();
"""
KINDS = ("list", "create", "get", "rename", "summary")


@dataclass(frozen=True, slots=True)
class Size:
    modules: int
    functions: int
    tables: int

    def __str__(self) -> str:
        return f"{self.modules} modules, {self.functions} functions, {self.tables} tables"


SMALL = Size(modules=70, functions=400, tables=50)
LARGE = Size(modules=500, functions=5000, tables=500)


def write_project(folder: Path, size: Size) -> None:
    """A project with `pyproject.toml` and `backend/`; `schemagen build` is left to the caller."""
    backend = folder / "backend"
    backend.mkdir(parents=True)
    (folder / "pyproject.toml").write_text(CONFIG)
    (backend / "__init__.py").write_text('"""A backend to measure."""\n')
    tables = (TABLE.format(i=i, parent=(i * 7) % size.tables) for i in range(size.tables))
    (backend / "schema.py").write_text(SCHEMA_HEAD + "".join(tables))
    for module in range(size.modules):
        (backend / f"module_{module}.py").write_text(_module(module, size))


def write_python_consumer(path: Path, size: Size) -> None:
    """One typed call of every function through the Python SDK, every result used.

    In functions of 100 calls: pyright calls one of 5,000 too complex to analyze.
    """
    text = "from sdk import Client\n"
    for k in range(size.functions // 5):
        text += f"\n\ndef use_{k}(sdk: Client) -> None:\n" if k % 20 == 0 else ""
        text += PYTHON_CALLS.format(k=k, **_paths(k, size, "module_{m}.{kind}_{f}"))
    path.write_text(text)


def write_typescript_consumer(path: Path, size: Size) -> None:
    """The same through the TypeScript SDK."""
    calls = (TYPESCRIPT_CALLS.format(k=k, **_paths(k, size, "module{m}.{kind}{f}")) for k in range(size.functions // 5))
    head = 'import { Client } from "@bench/backend";\nimport { api } from "@bench/backend/api";\n\n'
    path.write_text(f"{head}export async function use(client: Client): Promise<void> {{\n{''.join(calls)}}}\n")


def _paths(group: int, size: Size, shape: str) -> dict[str, str]:
    """The five functions of one table, each in another module."""
    numbers = range(5 * group, 5 * group + 5)
    return {kind: shape.format(m=f % size.modules, f=f, kind=kind) for kind, f in zip(KINDS, numbers, strict=True)}


def _module(module: int, size: Size) -> str:
    numbers = range(module, size.functions, size.modules)
    tables = sorted({_table(number, size) for number in numbers})
    head = MODULE_HEAD.format(m=module, things=", ".join(["Stage", *(f"Thing{t}" for t in tables)]))
    return head + "".join(FUNCTIONS[n % 5].format(f=n, t=_table(n, size), m=module) for n in numbers)


def _table(function: int, size: Size) -> int:
    return (function // 5) % size.tables
