"""Random values of 300 random functions go through both SDKs and a real server, and come back as they went.

A failure names the function, the value and the seed; `ROUND_TRIP_SEED=7 pytest tests/roundtrip` tries another backend.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from schemagen.emit.python import emit_python
from schemagen.emit.typescript import emit_typescript
from schemagen.introspect import Backend, load
from schemagen.model.contract import Function, FunctionKind
from schemagen.wire.issue import PathPart
from tests.emit.typescript.project import run
from tests.roundtrip.backends import write_backend
from tests.roundtrip.breaking import Mistake, mistakes
from tests.roundtrip.python_sdk import PACKAGE, PythonSdk, python_sdk, same
from tests.roundtrip.serving import serving
from tests.roundtrip.wires import Wires

pytestmark = pytest.mark.slow

SEED = int(os.environ.get("ROUND_TRIP_SEED", "2"))
FUNCTIONS = 300
VALUES = 8
BROKEN = 4
LIVE_EVERY = 20
SHOWN = 25


@dataclass(frozen=True)
class Sent:
    """A value that the function takes, and what the server answers; both in wire form."""

    function: Function
    wire: Any
    answer: Any


@dataclass(frozen=True)
class Refused:
    """A value with a mistake, and the places the wire's own rules name."""

    function: Function
    what: str
    whole: Any
    """The value before it was broken."""
    wire: Any
    places: list[tuple[PathPart, ...]]


@dataclass
class Sample:
    """What is sent through both SDKs."""

    sent: list[Sent] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("roundtrip")


@pytest.fixture(scope="module")
def backend(folder: Path) -> Backend:
    root = write_backend(folder, package=f"random_backend_{SEED}", functions=FUNCTIONS, number=SEED)
    return load(root, folder)


@pytest.fixture(scope="module")
def sample(backend: Backend) -> Sample:
    made = Sample()
    wires = Wires(backend.contract)
    chance = random.Random(SEED)
    for function in backend.contract.functions:
        kind = function.returns
        found = some_values(wires, function)
        made.sent += [Sent(function, wire, wires.answered(wire, kind)) for wire in found]
        wrong = [(wire, each) for wire in found for each in mistakes(wire, kind, wires)]
        chance.shuffle(wrong)
        made.refused += itertools.islice(refusals(wires, function, wrong), BROKEN)
    return made


def some_values(wires: Wires, function: Function) -> list[Any]:
    """Wire values of the function's argument, the same for the same seed."""
    found: list[Any] = []

    @seed(SEED)
    @settings(
        max_examples=VALUES,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(wires.of(function.returns))
    def collect(wire: Any) -> None:
        found.append(wire)

    collect()
    return found[:VALUES]


def refusals(wires: Wires, function: Function, wrong: list[tuple[Any, Mistake]]) -> Iterator[Refused]:
    """Those that are mistakes indeed."""
    for whole, mistake in wrong:
        places = wires.mistakes(function.args, {"value": mistake.wire})
        if places:
            yield Refused(function, mistake.what, whole, mistake.wire, places)


@pytest.fixture(scope="module")
def address(backend: Backend) -> Iterator[str]:
    with serving(backend) as found:
        yield found


# --- Python ---


@pytest.fixture(scope="module")
def python(folder: Path, backend: Backend, address: str) -> Iterator[PythonSdk]:
    write(folder / "python", emit_python(backend.contract, PACKAGE))
    with python_sdk(folder / "python", address) as sdk:
        yield sdk


def test_values_come_back_to_python_unchanged(python: PythonSdk, sample: Sample, folder: Path) -> None:
    mismatches = []
    for number, sent in enumerate(sample.sent):
        found = python_mismatch(python, sent, live=number % LIVE_EVERY == 0)
        if found is not None:
            mismatches.append(told(sent.function, sent.wire, found))
    check_none(mismatches, len(sample.sent), folder)


def python_mismatch(sdk: PythonSdk, sent: Sent, *, live: bool) -> str | None:
    """What is wrong with the way of one value to the server and back."""
    function = sent.function
    try:
        value = sdk.decoded(function, sent.wire)
        expected = sdk.decoded(function, sent.answer)
        back = sdk.call(function, value)
        if not same(back, expected):
            return f"came back as {back!r}, not {expected!r}"
        written = sdk.written(function, back)
        if text_of(written) != text_of(sent.answer):
            return f"is written as {text_of(written)!r}, not {text_of(sent.answer)!r}"
        if live and function.kind is FunctionKind.QUERY and not same(sdk.first_live(function, value), expected):
            return "is another value live"
    except Exception as error:  # whatever it is: the other values are looked at all the same
        return f"failed: {type(error).__name__}: {error}"
    return None


def test_python_reports_refused_values_where_the_server_found_them(
    python: PythonSdk, sample: Sample, folder: Path
) -> None:
    mismatches = []
    for refused in sample.refused:
        value = python.decoded(refused.function, refused.whole)
        found = python.refusal(refused.function, value, refused.wire)
        if found != refused.places:
            mismatches.append(told(refused.function, refused.wire, f"{refused.what}: {found}, not {refused.places}"))
    check_none(mismatches, len(sample.refused), folder)


# --- TypeScript ---


@pytest.fixture(scope="module")
def typescript(folder: Path, backend: Backend, address: str, sample: Sample) -> dict[str, Any]:
    """What one run of the generated package in Node has found."""
    project = folder / "typescript"
    write(project / "node_modules/@random/backend", emit_typescript(backend.contract, "@random/backend", "../.."))
    shutil.copy(Path(__file__).with_name("runner.mjs"), project / "runner.mjs")
    job = {
        "address": address,
        "sent": [(each.function.path, each.function.kind, each.wire, each.answer) for each in sample.sent],
        "refused": [(each.function.path, each.function.kind, each.wire) for each in sample.refused],
    }
    (project / "job.json").write_text(json.dumps(job))
    report: dict[str, Any] = json.loads(run("node", project / "runner.mjs"))
    return report


def test_values_come_back_to_typescript_unchanged(typescript: dict[str, Any], sample: Sample, folder: Path) -> None:
    mismatches = []
    for door, number, found in typescript["mismatches"]:
        sent = sample.sent[number]
        mismatches.append(told(sent.function, sent.wire, f"{door}: {found}"))
    check_none(mismatches, 2 * len(sample.sent), folder)


def test_typescript_reports_refused_values_where_the_server_found_them(
    typescript: dict[str, Any], sample: Sample, folder: Path
) -> None:
    mismatches = []
    for door, results in typescript["refusals"].items():
        for refused, found in zip(sample.refused, results, strict=True):
            if found != [list(place) for place in refused.places]:
                what = f"{door}: {refused.what}: {found}, not {refused.places}"
                mismatches.append(told(refused.function, refused.wire, what))
    check_none(mismatches, 2 * len(sample.refused), folder)


# --- what is said ---


def told(function: Function, wire: Any, mismatch: str) -> str:
    where = f"{function.origin}: " if function.origin else ""
    return f"{where}{function.kind} {function.path} with {text_of(wire).decode()[:500]} {mismatch[:1500]}"


def check_none(mismatches: list[str], tried: int, folder: Path) -> None:
    assert tried > FUNCTIONS
    if mismatches:
        head = f"{len(mismatches)} of {tried}, ROUND_TRIP_SEED={SEED}, the backend is in {folder}"
        pytest.fail("\n\n".join([head, *mismatches[:SHOWN]]), pytrace=False)


def text_of(wire: Any) -> bytes:
    return orjson.dumps(wire, option=orjson.OPT_SORT_KEYS)


def write(folder: Path, files: dict[Any, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8", newline="\n")
