"""Old SDKs against a new server: what the checker called safe never fails, and what it called breaking does.

Both SDKs are generated from a random backend; the server runs another one, changed here and there. A failure names the
function, the value and the seed; `COMPATIBILITY_SEED=7 pytest tests/roundtrip` tries another pair.
"""

from __future__ import annotations

import json
import os
import shutil
import warnings
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from random import Random
from types import FunctionType
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from schemagen.check.changes import Change, Language, Level, Side
from schemagen.check.compare import compare
from schemagen.emit.python import emit_python
from schemagen.emit.typescript import emit_typescript
from schemagen.introspect import Backend, load
from schemagen.model import types as t
from schemagen.model.contract import Contract, Function, Json, Missing, ObjectType
from schemagen.model.types import Type
from schemagen.wire.kinds import structure
from tests.emit.typescript.project import run
from tests.introspect.source_of import SourceWriter
from tests.introspect.test_round_trip import OURS
from tests.roundtrip.backends import write_backend
from tests.roundtrip.changed import changed
from tests.roundtrip.python_sdk import PACKAGE, PythonSdk, python_sdk
from tests.roundtrip.serving import serving
from tests.roundtrip.wires import Wires

pytestmark = pytest.mark.slow

SEED = int(os.environ.get("COMPATIBILITY_SEED", "1"))
FUNCTIONS = 120
VALUES = 4


@dataclass
class Generations:
    """Two contracts, what is said of their difference, and a server of the new one."""

    old: Contract
    backend: Backend
    changes: tuple[Change, ...]
    answers: dict[str, deque[Any]] = field(default_factory=dict)
    """What the new server's functions answer next, by path, as their author's own values."""

    @property
    def new(self) -> Contract:
        return self.backend.contract

    def answer(self, function: Function, wire: Json) -> None:
        """Have the new server answer the next call of a function with a value."""
        returns = self.new.functions_by_path[function.path].returns
        self.answers.setdefault(function.path, deque()).append(authored(wire, returns, Wires(self.new)))

    def broken(self, function: Function, side: Side, language: Language) -> list[Change]:
        """The changes that break deployed clients of a function."""
        return [
            change
            for change in self.changes
            if change.side is side and change.levels[language] is Level.WIRE and function.path in change.functions
        ]


@pytest.fixture(scope="module")
def generations(tmp_path_factory: pytest.TempPathFactory) -> Generations:
    folder = tmp_path_factory.mktemp("compatibility")
    root = write_backend(folder, package=f"old_backend_{SEED}", functions=FUNCTIONS, number=SEED)
    old = load(root, folder).contract
    backend = written(changed(without_ours(old), Random(SEED)), folder / "new")
    made = Generations(old, backend, compare(old, backend.contract))
    for path, declared in backend.functions.items():
        declared.handler = answering(declared.handler, made.answers, path)
    return made


def without_ours(contract: Contract) -> Contract:
    """Without the errors that every backend has."""
    return replace(contract, errors=tuple(error for error in contract.errors if error.code not in OURS))


def written(contract: Contract, folder: Path) -> Backend:
    """A backend package that declares a contract."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        files = {"__init__": "", **SourceWriter(contract).files()}
        for name, text in files.items():
            is_package = any(other.startswith(f"{name}/") for other in files)
            file = folder / "backend" / (f"{name}/__init__.py" if is_package else f"{name}.py")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        return load(folder / "backend", folder)


def answering(handler: Any, answers: dict[str, deque[Any]], path: str) -> Any:
    """A handler with the annotations of another, which answers what is next."""

    async def answer(ctx: object, **args: object) -> Any:
        return answers_[path_].popleft()  # type: ignore[name-defined]  # noqa: F821  # names of its globals, below

    made = FunctionType(answer.__code__, {**handler.__globals__, "answers_": answers, "path_": path})
    made.__annotations__ = handler.__annotations__
    return made


@pytest.fixture(scope="module")
def address(generations: Generations) -> Iterator[str]:
    with serving(generations.backend) as found:
        yield found


@pytest.fixture(scope="module")
def python(generations: Generations, address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PythonSdk]:
    folder = tmp_path_factory.mktemp("python")
    write(folder, emit_python(generations.old, PACKAGE))
    with python_sdk(folder, address) as sdk:
        yield sdk


def write(folder: Path, files: Mapping[PurePosixPath, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")


def test_there_is_much_of_both(generations: Generations) -> None:
    broken = {path for change in generations.changes if change.level is Level.WIRE for path in change.functions}
    assert FUNCTIONS * 0.2 < len(broken) < FUNCTIONS * 0.9


def authored(wire: Json, found: Type, wires: Wires) -> Any:
    """A value as the backend's author returns it."""
    match structure(found, wires.named), wire:
        case ObjectType(fields=fields), dict():
            return {f.name: authored(wire[f.wire_name], f.type, wires) for f in fields if f.wire_name in wire}
        case t.ArrayType(item=item), list():
            return tuple(authored(each, item, wires) for each in wire)
        case t.SetType(item=item), list():
            return frozenset(authored(each, item, wires) for each in wire)
        case t.TupleType(items=items), list():
            return tuple(authored(each, item, wires) for each, item in zip(wire, items, strict=True))
        case t.MapType(key=key, value=value), dict():
            return {authored(name, key, wires): authored(each, value, wires) for name, each in wire.items()}
        case t.UnionType() as union, _:
            return authored(wire, wires.member(wire, union), wires)
        case _:
            return wires.codec.decoder(found)(wire)


# --- what is safe ---


@dataclass(frozen=True)
class Call:
    """A value that the old function took, and what the new one answers; both in wire form."""

    function: Function
    wire: Json
    answer: Json


def safe_calls(generations: Generations, language: Language) -> list[Call]:
    """Random calls of the functions that break in neither direction."""
    old, new = Wires(generations.old), Wires(generations.new)
    calls = []
    for function in generations.old.functions:
        sides = (Side.FUNCTION, Side.ARGS, Side.RETURNS)
        if not any(generations.broken(function, side, language) for side in sides):
            returns = generations.new.functions_by_path[function.path].returns
            values = some(old.of(function.returns), VALUES)
            answers = some(new.of(returns), VALUES)
            calls += [
                Call(function, wire, new.answered(answer, returns))
                for wire, answer in zip(values, answers, strict=False)
            ]
    return calls


def some(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    """Values of a strategy, the same for the same seed."""
    found: list[Any] = []

    @seed(SEED)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(strategy)
    def collect(value: Any) -> None:
        found.append(value)

    collect()
    return found[:count]


def test_calls_of_old_python_clients_that_are_called_safe_never_fail(
    generations: Generations, python: PythonSdk
) -> None:
    calls = safe_calls(generations, "python")
    failures = []
    for call in calls:
        generations.answer(call.function, call.answer)
        try:
            python.call(call.function, python.decoded(call.function, call.wire))
        except Exception as error:  # whatever it is: the others are looked at all the same
            failures.append(f"{call.function.path}: {call.wire!r} → {call.answer!r}: {error!r}")
    assert calls
    assert not failures, "\n".join(failures[:10])


# --- what breaks ---


def test_old_python_clients_that_send_the_witness_of_a_break_are_refused(
    generations: Generations, python: PythonSdk
) -> None:
    wrong = []
    breaks = [change for change in generations.changes if change.side is Side.ARGS and change.level is Level.WIRE]
    for change in breaks:
        function = generations.old.functions_by_path[change.shown_by]
        assert isinstance(change.witness, dict), f"{change.at} breaks without a witness"
        try:
            given = {name: python.decoded(function, wire) for name, wire in change.witness.items()}
            wrong.append(f"{change.at}: {change.witness!r} was taken: {python.call_with(function, given)!r}")
        except python.errors.InvalidArguments as error:
            if not error.issues or error.issues[0].path[:1] not in (("value",), ("extra",)):
                wrong.append(f"{change.at}: {change.witness!r}: {error!r}")
        except Exception as error:  # it was taken, and the function has no answer
            wrong.append(f"{change.at}: {change.witness!r}: {error!r}")
    assert breaks
    assert not wrong, "\n".join(wrong[:10])


def test_old_python_clients_do_not_take_the_witness_of_a_break(generations: Generations, python: PythonSdk) -> None:
    wrong = []
    breaks = [
        change
        for change in generations.changes
        if change.side is Side.RETURNS
        and change.levels["python"] is Level.WIRE
        and not reads_something(generations.old, change)
    ]
    for change in breaks:
        function = generations.old.functions_by_path[change.shown_by]
        assert not isinstance(change.witness, Missing), f"{change.at} breaks without a witness"
        try:
            wrong.append(f"{change.at}: {change.witness!r} was read as {python.decoded(function, change.witness)!r}")
        except python.errors.DecodeError:
            continue
    assert breaks
    assert not wrong, "\n".join(wrong[:10])


def reads_something(old: Contract, change: Change) -> bool:
    """Whether an old Python SDK takes what it should not: any text for an id, its own default for a lost field."""
    if change.rule != "returns_field_removed":
        return change.old.startswith("Id[")
    owner, field = (old.types_by_name.get(change.targets[0].type), change.targets[0].field)
    assert isinstance(owner, ObjectType)
    return any(f.wire_name == field and not f.required for f in owner.fields)


# --- TypeScript ---


def test_old_typescript_clients_live_on_with_what_is_called_safe_and_are_refused_what_breaks(
    generations: Generations, address: str, tmp_path: Path
) -> None:
    package = emit_typescript(generations.old, "@random/backend", "../..")
    write(tmp_path / "node_modules/@random/backend", package)
    shutil.copy(Path(__file__).with_name("compatibility.mjs"), tmp_path / "compatibility.mjs")
    calls = safe_calls(generations, "typescript")
    for call in calls:
        generations.answer(call.function, call.answer)
    breaks = [change for change in generations.changes if change.side is Side.ARGS and change.level is Level.WIRE]
    job = {
        "address": address,
        "safe": [(call.function.path, call.function.kind, {"value": call.wire}) for call in calls],
        "breaking": [
            (change.shown_by, generations.old.functions_by_path[change.shown_by].kind, change.witness)
            for change in breaks
        ],
    }
    (tmp_path / "job.json").write_text(json.dumps(job))
    report = json.loads(run("node", tmp_path / "compatibility.mjs"))
    assert calls
    assert breaks
    assert report == {"failed": [], "taken": []}
