"""What is derived from a value is derived once, and lives as long as somebody holds the value."""

from __future__ import annotations

import gc
import weakref

import orjson
import pytest

from schemagen.sync import value as value_module
from schemagen.sync.held import HeldValues
from schemagen.sync.messages import ErrorObject
from schemagen.sync.value import Value, Values


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
    assert len(new._scripts) == value_module.CHANGES_MAX
