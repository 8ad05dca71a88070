"""What is derived from a value is derived once, and lives as long as somebody holds the value."""

from __future__ import annotations

import gc
import weakref
from random import Random

import orjson
import pytest

from schemagen.sync import value as value_module
from schemagen.sync.held import HeldValues
from schemagen.sync.messages import ErrorObject
from schemagen.sync.value import Value, Values
from tests.sync.holding import Holding


def rows(count: int, changed: int = -1) -> bytes:
    return orjson.dumps([{"id": f"c{n}", "name": "Ada" if n == changed else f"Contact {n}"} for n in range(count)])


def test_the_digest_is_of_the_encoded_value() -> None:
    assert Value(b"[1,2]").digest == "49a64717d5d4cb19"


def test_one_script_serves_all_who_hold_the_same() -> None:
    values = Values()
    clients = [HeldValues(values) for _ in range(3)]
    old, new = rows(30), rows(30, 7)
    for client in clients:
        client.change(1, old)
    told = [client.change(1, new) for client in clients]
    assert told[0].startswith(b'"digest":') and b'"diff":' in told[0]
    assert told == [told[0]] * 3
    before = Value(old)
    assert values.of(new) is values.of(new)
    assert values.of(new).script_from(before) is values.of(new).script_from(Value(old)), "it was computed again"


def test_a_value_is_kept_for_those_who_hold_it_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(value_module, "RECENT_BYTES_MAX", 0)
    values = Values()
    first, second = HeldValues(values), HeldValues(values)
    old, new = rows(30), rows(30, 7)
    for client in (first, second):
        client.change(1, old)
    kept = weakref.ref(values.of(old))
    value = kept()
    assert value is not None and values.known(value.digest) is value
    digest = value.digest
    del value
    first.change(1, new)
    assert kept() is not None, "the second client still holds it"
    second.forget(1)
    gc.collect()
    assert kept() is None
    assert values.known(digest) is None


def test_a_client_that_comes_back_with_what_was_replaced_a_moment_ago_is_told_the_change() -> None:
    values = Values()
    others = HeldValues(values)
    old, new = rows(30), rows(30, 7)
    others.change(1, old)
    digest = values.of(old).digest
    others.change(1, new)
    back = HeldValues(values)
    back.resume(1, digest)
    assert b'"base":"%b","diff":' % digest.encode() in back.change(1, new)


def test_what_was_replaced_is_kept_up_to_a_number_of_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(value_module, "RECENT_BYTES_MAX", 3 * len(rows(30)))
    values = Values()
    client = HeldValues(values)
    digests = []
    for number in range(10):
        client.change(1, rows(30, number))
        digests.append(values.of(rows(30, number)).digest)
    known = [digest for digest in digests if values.known(digest) is not None]
    assert digests[-1] in known
    assert 2 <= len(known) <= 4


def test_a_client_that_holds_what_nobody_knows_gets_all_of_it() -> None:
    client = HeldValues(Values())
    client.resume(1, "0123456789abcdef")
    assert b'"value":' in client.change(1, rows(30))
    assert client.change(1, rows(30)) == b'"unchanged":true'


def test_what_a_client_held_before_an_error_is_not_built_upon() -> None:
    client = HeldValues(Values())
    client.change(1, rows(30))
    error = ErrorObject(kind="internal", code="internal", message="no")
    assert client.change(1, error).startswith(b'"error":')
    assert b'"value":' in client.change(1, rows(30))


def test_scripts_from_many_bases_are_not_all_remembered() -> None:
    new = Value(rows(30))
    for number in range(30):
        assert new.script_from(Value(rows(30, number))) is not None
    assert len(new._scripts) == value_module.SCRIPTS_MAX


def test_what_is_kept_has_a_ceiling_beyond_which_only_digests_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(value_module, "RECENT_BYTES_MAX", 0)
    size = len(rows(30))
    values = Values(bytes_max=3 * size)
    client = HeldValues(values)
    first = [rows(30 + number) for number in range(8)]
    for query_id, encoded in enumerate(first):
        client.change(query_id, encoded)
        assert values.bytes <= max(3 * size, len(encoded))
    assert b'"value":' in client.change(0, rows(30, 3)), "its base is gone"
    assert b'"diff":' in client.change(7, rows(37, 3)), "the last one is not"
    assert client.change(1, first[1]) == b'"unchanged":true', "a digest is enough to know it again"
    assert b'"diff":' in client.change(1, rows(31, 3)), "and having been seen again it is kept again"


def test_what_is_used_is_kept_longer() -> None:
    values = Values(bytes_max=3 * len(rows(30)))
    hot, cold = HeldValues(values), HeldValues(values)
    shared = rows(30, 7)
    hot.change(0, shared)
    for number in range(6):
        cold.change(number, rows(30, number))
        hot.change(0, shared)
    assert b'"diff":' in hot.change(0, rows(30, 8))


def test_nothing_is_left_of_clients_that_have_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(value_module, "RECENT_BYTES_MAX", 0)
    values = Values(bytes_max=4 * len(rows(30)))
    clients = [HeldValues(values) for _ in range(3)]
    for number in range(20):
        for query_id, client in enumerate(clients):
            client.change(query_id, rows(30, number + query_id))
    assert values.bytes > 0
    clients.clear()
    client.forget(query_id)
    gc.collect()
    assert (values.bytes, len(values._kept), len(values._by_encoded), len(values._by_digest)) == (0, 0, 0, 0)


@pytest.mark.parametrize("seed", range(20))
def test_a_value_is_never_taken_for_another_whatever_is_let_go(seed: int) -> None:
    """Bytes come and go, and new ones stand where old ones stood: what is told is always of the bytes given."""
    random = Random(seed)
    values = Values(bytes_max=random.randrange(1, 6) * len(rows(30)))
    clients = [(HeldValues(values), Holding()) for _ in range(4)]
    current = [rows(30, number) for number in range(3)]
    for _ in range(150):
        query_id = random.randrange(3)
        if random.random() < 0.3:
            current[query_id] = rows(30 + random.randrange(3), random.randrange(30))
        which = random.randrange(4)
        if random.random() < 0.05:
            clients[which] = (HeldValues(values), Holding())
        held, holding = clients[which]
        told = orjson.loads(b'{"queryId":%d,%b}' % (query_id, held.change(query_id, current[query_id])))
        assert orjson.dumps(holding.take(told)) == current[query_id]
    assert values.bytes == sum(size for _, size, _ in values._kept.values())
