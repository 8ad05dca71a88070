"""Concurrent clients of a real server see one serial history; and the checker that says so finds every anomaly."""

from __future__ import annotations

import asyncio

import pytest

from tests.engine.elle.checker import Kind, anomalies
from tests.engine.elle.clients import play
from tests.engine.elle.history import Append, Read, Status, Transaction
from tests.engine.faults import FAULTS

ROUNDS = 25


@pytest.mark.parametrize("seed", range(3))
def test_concurrent_clients_see_one_serial_history(seed: int) -> None:
    history = asyncio.run(play(seed, ROUNDS))
    assert len(history) > 300
    assert not list(map(str, anomalies(history)))


@pytest.mark.parametrize(
    ("fault", "kinds"),
    [
        ("a mutation that failed is not undone", {Kind.G1A}),
        ("only the first read of a query is kept", {Kind.G_SINGLE, Kind.REAL_TIME}),
    ],
)
def test_a_fault_of_the_engine_shows_as_an_anomaly(fault: str, kinds: set[Kind]) -> None:
    (found,) = (each for each in FAULTS if each.name == fault)
    with found.seeded():
        history = asyncio.run(play(0, ROUNDS))
    assert kinds & {each.kind for each in anomalies(history)}


# --- the checker ---

T = Transaction


def check(*history: Transaction) -> set[Kind]:
    return {each.kind for each in anomalies(history)}


def append(key: str, value: int) -> Append:
    return Append(key, value)


def read(key: str, *values: int) -> Read:
    return Read(key, values)


def test_a_serial_history_has_no_anomaly() -> None:
    assert not check(
        T(1, (append("x", 1), read("x", 1)), asked=0, answered=1),
        T(2, (read("x", 1), append("x", 2), append("y", 3), read("x", 1, 2)), asked=2, answered=3),
        T(3, (append("x", 4),), Status.ABORTED, asked=2, answered=4),
        T(4, (append("y", 5),), Status.UNKNOWN, asked=2),
        T(5, (read("x", 1, 2), read("y", 3, 5)), asked=4, answered=5),
    )


def test_a_value_from_nowhere() -> None:
    assert check(T(1, (read("x", 1),))) == {Kind.GARBAGE}


def test_a_value_twice() -> None:
    assert Kind.DUPLICATE in check(T(1, (append("x", 1),)), T(2, (read("x", 1, 1),)))


def test_reads_that_disagree() -> None:
    writes = [T(1, (append("x", 1),)), T(2, (append("x", 2),))]
    assert Kind.ORDER in check(*writes, T(3, (read("x", 1, 2),)), T(4, (read("x", 2, 1),)))


def test_a_transaction_that_does_not_see_its_own_append() -> None:
    assert Kind.INTERNAL in check(T(1, (append("x", 1), read("x"))), T(2, (read("x", 1),)))


def test_a_lost_append() -> None:
    assert Kind.LOST in check(
        T(1, (append("x", 1),), asked=0, answered=1), T(2, (append("x", 2), read("x", 2)), asked=2, answered=3)
    )


def test_g1a_an_aborted_read() -> None:
    assert check(T(1, (append("x", 1),), Status.ABORTED), T(2, (read("x", 1),))) == {Kind.G1A}


def test_g1b_an_intermediate_read() -> None:
    assert Kind.G1B in check(T(1, (append("x", 1), append("x", 2))), T(2, (read("x", 1),)), T(3, (read("x", 1, 2),)))


def test_g0_a_cycle_of_writes() -> None:
    assert check(
        T(1, (append("x", 1), append("y", 2))),
        T(2, (append("x", 3), append("y", 4))),
        T(3, (read("x", 1, 3), read("y", 4, 2))),
    ) >= {Kind.G0}


def test_g1c_a_circle_of_information() -> None:
    assert check(T(1, (append("x", 1), read("y", 2))), T(2, (append("y", 2), read("x", 1)))) == {Kind.G1C}


def test_g_single_read_skew() -> None:
    assert check(
        T(1, (append("x", 1), append("y", 2))),
        T(2, (read("x", 1), read("y"))),
        T(3, (read("x", 1), read("y", 2))),
    ) == {Kind.G_SINGLE}


def test_g_single_a_lost_update() -> None:
    assert Kind.G_SINGLE in check(
        T(1, (read("x"), append("x", 1))), T(2, (read("x"), append("x", 2))), T(3, (read("x", 1, 2),))
    )


def test_g2_write_skew() -> None:
    assert check(
        T(1, (read("x"), append("y", 1))),
        T(2, (read("y"), append("x", 2))),
        T(3, (read("x", 2), read("y", 1))),
    ) == {Kind.G2}


def test_an_answer_that_is_not_seen_by_who_asks_next() -> None:
    assert check(
        T(1, (append("x", 1),), asked=0, answered=1),
        T(2, (read("x"),), asked=2, answered=3),
        T(3, (read("x", 1),), asked=4, answered=5),
    ) == {Kind.REAL_TIME}


def test_a_client_that_is_shown_less_than_it_was_answered() -> None:
    assert check(T(1, (append("x", 1),)), T(2, (read("x"),), after=(1,)), T(3, (read("x", 1),))) == {Kind.REAL_TIME}
