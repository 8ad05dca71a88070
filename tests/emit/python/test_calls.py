"""Calls over HTTP against a server that answers as it is told: what is sent again, what is raised."""

from __future__ import annotations

import asyncio
import importlib
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from schemagen.introspect import load
from tests.conftest import ROOT
from tests.emit.python.package import imported, write_package
from tests.emit.python.server import Answer, Scripted, error, free_port, scripted, value

CONTACT = "contacts_01h455vb4pex5vsknk084sn02q"


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    case = ROOT / "tests/cases/emit/contacts"
    contract = load(case / "backend.py", case).contract
    with imported(write_package(tmp_path_factory.mktemp("calls"), contract, "calls_sdk"), "calls_sdk") as package:
        calls: Any = importlib.import_module("calls_sdk._runtime.calls")
        calls.DELAY_S_MIN = 0.001  # the waits are tested by themselves
        yield package


@pytest.fixture(params=["sync", "async"])
def call(request: pytest.FixtureRequest, sdk: Any) -> Callable[..., Any]:
    """Calls one function of a client with these options, in both ways."""

    def run(address: str, name: str, arguments: dict[str, Any], **options: Any) -> Any:
        if request.param == "sync":
            with sdk.Client(address, **options) as client:
                return getattr(client, name)(**arguments)

        async def run_async() -> Any:
            async with sdk.AsyncClient(address, **options) as client:
                return await getattr(client, name)(**arguments)

        return asyncio.run(run_async())

    return run


HANG_UP = Answer(hang_up=True)
UNAVAILABLE = error(503, "unavailable", headers={"retry-after": "0"})


def paths(server: Scripted) -> list[str]:
    return [path for path, _, _ in server.requests]


def test_a_call_sends_what_it_was_given_and_nothing_else(call: Any, sdk: Any) -> None:
    with scripted(value(CONTACT), value({"items": [], "nextCursor": None})) as server:
        assert call(server.address, "create", {"full_name": "Ada"}, token="secret") == CONTACT
        call(server.address, "list", {"stage": None, "page": sdk.types.PageRequest(size=3)})
    (path, headers, body), (_, other, page) = server.requests
    assert path == "/api/mutation/create"
    assert body == {"fullName": "Ada"}
    assert headers["authorization"] == "Bearer secret"
    assert len(headers["schemagen-contract"]) == 16
    assert page == {"stage": None, "page": {"size": 3}}
    assert "authorization" not in other
    assert "idempotency-key" not in other


@pytest.mark.parametrize("failing", [HANG_UP, UNAVAILABLE, Answer(502, b"<html>"), Answer(429, b"")])
def test_a_mutation_is_sent_again_under_the_same_key(call: Any, failing: Answer) -> None:
    with scripted(failing, failing, value(CONTACT)) as server:
        assert call(server.address, "create", {"full_name": "Ada"}) == CONTACT
    assert len(server.requests) == 3
    assert len(set(server.keys)) == 1
    session, _, number = str(server.keys[0]).partition(":")
    assert len(session) == 36
    assert number == "1"


def test_two_calls_have_two_keys_of_one_session(sdk: Any) -> None:
    with scripted(value(CONTACT), value(CONTACT)) as server, sdk.Client(server.address) as client:
        client.create(full_name="Ada")
        client.with_options(timeout=5).create(full_name="Ada")
    first, second = (str(key).partition(":") for key in server.keys)
    assert first[0] == second[0]
    assert (first[2], second[2]) == ("1", "2")


@pytest.mark.parametrize("failing", [HANG_UP, UNAVAILABLE, Answer(504, b"")])
def test_an_action_is_sent_once(call: Any, sdk: Any, failing: Answer) -> None:
    with (
        scripted(failing, value("Dear Ada")) as server,
        pytest.raises((sdk.errors.ConnectionFailed, sdk.errors.Unavailable)) as caught,
    ):
        call(server.address, "greet", {"contact_id": CONTACT})
    assert len(server.requests) == 1
    assert not caught.value.safe_to_retry


def test_what_was_never_sent_is_safe_to_retry_and_else_it_depends(call: Any, sdk: Any) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    for name, arguments in (("greet", {"contact_id": CONTACT}), ("create", {"full_name": "Ada"}), ("list", {})):
        with pytest.raises(sdk.errors.ConnectionFailed) as caught:
            call(nobody, name, arguments, retries=1)
        assert caught.value.safe_to_retry
    for name, arguments, safe in (("create", {"full_name": "Ada"}, False), ("list", {}, True)):
        with scripted(HANG_UP) as server, pytest.raises(sdk.errors.ConnectionFailed) as caught:
            call(server.address, name, arguments, retries=0)
        assert caught.value.safe_to_retry is safe


def test_retries_end(call: Any, sdk: Any) -> None:
    with scripted(*[HANG_UP] * 9) as server, pytest.raises(sdk.errors.ConnectionFailed):
        call(server.address, "list", {}, retries=3)
    assert len(server.requests) == 4


def test_the_server_is_not_asked_before_it_wants_to_be(sdk: Any) -> None:
    calls = importlib.import_module("calls_sdk._runtime.calls")
    function = sdk.Client("http://x").list.function
    call = calls.Calls("http://x", "", {}).begin(function, {})
    call.request(None)
    wait = call.judge(calls.Response(503, b"", "2"), 60.0, 0.5)
    assert wait == calls.Wait(2.0)
    assert call.judge(calls.Response(503, b"", "3600"), 60.0, 0.0) == calls.Wait(30.0)
    assert isinstance(call.judge(calls.Response(503, b"", "30"), 10.0, 0.0), calls.Raise)  # past the deadline
    assert call.judge(calls.Response(503, b"", "Wed, 21 Oct 2026 07:28:00 GMT"), 60.0, 0.0) == calls.Wait(0.0)


def test_a_slow_server_is_not_waited_for_beyond_the_deadline(call: Any, sdk: Any) -> None:
    import socket

    with socket.socket() as listener:  # takes the connection, and says nothing
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(sdk.errors.TimedOut) as caught:
            call(address, "create", {"full_name": "Ada"}, timeout=0.3)
    assert not caught.value.safe_to_retry


REFUSED = error(401, "unauthenticated")


def test_a_refused_token_is_renewed_once(call: Any, sdk: Any) -> None:
    given = iter(["old", "new", "newer"])
    with scripted(REFUSED, value(CONTACT)) as server:
        assert call(server.address, "create", {"full_name": "Ada"}, token=lambda: next(given)) == CONTACT
    assert [headers["authorization"] for _, headers, _ in server.requests] == ["Bearer old", "Bearer new"]
    assert len(set(server.keys)) == 1
    with scripted(REFUSED, REFUSED) as server, pytest.raises(sdk.errors.Unauthenticated):
        call(server.address, "list", {}, token=lambda: "no")


def test_a_fixed_token_that_is_refused_is_not_sent_again(call: Any, sdk: Any) -> None:
    with scripted(REFUSED) as server, pytest.raises(sdk.errors.Unauthenticated):
        call(server.address, "list", {}, token="fixed")
    assert len(server.requests) == 1


def test_an_async_client_takes_an_async_token(sdk: Any) -> None:
    async def token() -> str:
        await asyncio.sleep(0)
        return "from afar"

    async def run() -> None:
        with scripted(value(None)) as server:
            async with sdk.AsyncClient(server.address, token=token) as client:
                await client.get(contact_id=CONTACT)
            assert server.requests[0][1]["authorization"] == "Bearer from afar"

    asyncio.run(run())


def test_errors_of_the_backend_are_classes_with_typed_fields(call: Any, sdk: Any) -> None:
    with (
        scripted(error(400, "app", "quota_exceeded", data={"limit": 3})) as server,
        pytest.raises(sdk.errors.QuotaExceeded) as caught,
    ):
        call(server.address, "create", {"full_name": "Ada"})
    assert caught.value.limit == 3
    assert caught.value.code == "quota_exceeded"
    assert not caught.value.safe_to_retry
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), again.limit, str(again)) == (sdk.errors.QuotaExceeded, 3, str(caught.value))


def test_an_error_without_its_fields_is_no_such_error(call: Any, sdk: Any) -> None:
    for data in ({}, {"limit": "3"}):
        with (
            scripted(error(400, "app", "quota_exceeded", data=data)) as server,
            pytest.raises(sdk.errors.DecodeError),
        ):
            call(server.address, "create", {"full_name": "Ada"})


def test_an_error_of_a_newer_backend_keeps_its_code_and_data(call: Any, sdk: Any) -> None:
    with (
        scripted(error(400, "app", "brand_new", data={"x": 1})) as server,
        pytest.raises(sdk.errors.AppError) as caught,
    ):
        call(server.address, "create", {"full_name": "Ada"})
    assert (type(caught.value), caught.value.code, caught.value.data) == (sdk.errors.AppError, "brand_new", {"x": 1})


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (error(422, "invalidArguments", issues=[{"path": ["page", "size"], "message": "must be"}]), "InvalidArguments"),
        (error(404, "unknownFunction"), "UnknownFunction"),
        (error(500, "internal", errorId="0c9d"), "InternalError"),
        (error(400, "protocol"), "ProtocolError"),
        (error(400, "of tomorrow"), "ProtocolError"),
        (Answer(404, b"<html>not here</html>"), "ProtocolError"),
        (Answer(401, b"who?"), "Unauthenticated"),
        (Answer(200, b"<html>hello</html>"), "DecodeError"),
        (Answer(200, {"value": 1, "ts": 1}), "DecodeError"),
        (Answer(200, {"ts": 1}), "DecodeError"),
        (Answer(200, [1]), "DecodeError"),
    ],
)
def test_every_other_end_is_its_own_error_and_not_tried_again(call: Any, sdk: Any, answer: Answer, kind: str) -> None:
    with scripted(answer) as server, pytest.raises(sdk.errors.SchemagenError) as caught:
        call(server.address, "list", {})
    assert type(caught.value).__name__ == kind
    assert len(server.requests) == 1
    if kind == "InvalidArguments":
        assert caught.value.issues[0].path == ("page", "size")
        assert "page.size: must be" in str(caught.value)
    if kind == "InternalError":
        assert caught.value.error_id == "0c9d"
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_decode_error_names_the_place(call: Any, sdk: Any) -> None:
    wrong = {"items": [{"id": CONTACT, "creationTime": "2026-01-02T03:04:05Z", "fullName": 7}], "nextCursor": None}
    with scripted(value(wrong)) as server, pytest.raises(sdk.errors.DecodeError) as caught:
        call(server.address, "list", {})
    assert ("items", 0, "fullName") in [issue.path for issue in caught.value.issues]


def page(numbers: list[int], cursor: str | None) -> Answer:
    common = {"creationTime": "2026-01-02T03:04:05Z", "stage": "lead", "nextTaskDueAt": None, "companyId": None}
    items = [{"id": CONTACT, "fullName": str(number), **common} for number in numbers]
    return value({"items": items, "nextCursor": cursor})


def test_all_pages_are_walked_with_the_size_asked_for(sdk: Any) -> None:
    with scripted(page([1, 2], "a"), page([], "b"), page([3], None)) as server, sdk.Client(server.address) as client:
        everyone = client.each(client.list, stage="lead", page=sdk.types.PageRequest(size=2))
        assert [contact.full_name for contact in everyone] == ["1", "2", "3"]
    assert [body["page"] for _, _, body in server.requests] == [
        {"size": 2},
        {"size": 2, "cursor": "a"},
        {"size": 2, "cursor": "b"},
    ]
    assert {body["stage"] for _, _, body in server.requests} == {"lead"}


def test_all_pages_are_walked_asynchronously(sdk: Any) -> None:
    async def run() -> list[str]:
        async with sdk.AsyncClient(server.address) as client:
            return [contact.full_name async for contact in client.each(client.list)]

    with scripted(page([1], "a"), page([2], None)) as server:
        assert asyncio.run(run()) == ["1", "2"]
    assert [body.get("page") for _, _, body in server.requests] == [None, {"cursor": "a"}]


def test_a_mistake_in_the_call_is_a_type_error_before_anything_is_sent(call: Any) -> None:
    for arguments in ({"fullname": "Ada"}, {}, {"full_name": "Ada", "stages": "x"}):
        with pytest.raises(TypeError):
            call("http://127.0.0.1:9", "create", arguments)


def test_a_closed_client_says_so(sdk: Any) -> None:
    client = sdk.Client("http://127.0.0.1:9")
    client.close()
    with pytest.raises(sdk.errors.SchemagenError, match="closed"):
        client.list()


def test_a_url_without_scheme_is_refused_at_once(sdk: Any) -> None:
    with pytest.raises(ValueError, match="http://"):
        sdk.Client("localhost:8000")


def test_a_function_can_be_looked_at(sdk: Any) -> None:
    import inspect

    create = sdk.Client("http://x").create
    assert list(inspect.signature(create).parameters) == ["full_name", "stage"]
    assert "Add a contact." in create.__doc__
    assert "backend.py:" in create.__doc__
    assert repr(create) == "<mutation create>"


def test_a_transport_of_ones_own(sdk: Any, tmp_path: Path) -> None:
    calls = importlib.import_module("calls_sdk._runtime.calls")

    class Recorded:
        def send(self, request: Any, timeout_s: float) -> Any:
            assert 0 < timeout_s <= 30
            return calls.Response(200, b'{"value":null,"ts":1}')

        def close(self) -> None: ...

    with sdk.Client("http://x", transport=Recorded()) as client:
        assert client.get(contact_id=CONTACT) is None
