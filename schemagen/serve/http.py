"""Calls over HTTP: `POST /api/query|mutation|action/<path>`. Plain ASGI: the path every call takes."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, TypeAlias

import orjson

from schemagen.declare.context import Identity
from schemagen.engine.answer import Answer
from schemagen.model.contract import FunctionKind, Json
from schemagen.serve.auth import TokenRefused, Verifier
from schemagen.serve.client_list import client_list
from schemagen.serve.errors import STATUS, error_object, malformed_arguments, protocol_error, unauthenticated
from schemagen.serve.operator import Operator
from schemagen.serve.serving import Serving
from schemagen.sync.encode import encode_error
from schemagen.sync.messages import ErrorObject

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

IDEMPOTENCY_KEY_MAX: Final = 255
"""Characters of the longest `Idempotency-Key`."""

DISCARDED_BYTES_MAX: Final = 64 * 1_048_576
"""How much of a body that is too large is read, to be told so rather than cut off."""

RETRY_AFTER: Final = (b"retry-after", b"1")

Headers: TypeAlias = tuple[tuple[bytes, bytes], ...]

log = logging.getLogger("schemagen")

_KINDS: Final = {kind.value: kind for kind in FunctionKind}


class Refused(Exception):
    """A request that gets no further."""

    def __init__(self, error: ErrorObject, status: int | None = None, *headers: tuple[bytes, bytes]) -> None:
        super().__init__(error.message)
        self.error = error
        self.status = status or STATUS[error.kind]
        self.headers = headers


class HttpDoor:
    """Everything below `/api/` but the WebSocket."""

    def __init__(self, serving: Serving, verifier: Verifier, max_body_bytes: int, operator: Operator | None) -> None:
        self.serving = serving
        self.verifier = verifier
        self.max_body_bytes = max_body_bytes
        self.operator = operator
        """Who may ask which clients are alive; None if nobody may."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body, headers = await self._answer(scope, receive)
        except Refused as refused:
            log.debug("%d %s %s: %s", refused.status, scope["method"], scope["path"], refused.error.message)
            await _send(send, refused.status, b'{"error":' + encode_error(refused.error) + b"}", refused.headers)
            return
        await _send(send, 200, body, headers)

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[bytes, Headers]:
        path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        _, _, kind, function = path.split("/", 3) if path.count("/") >= 3 else ("", "", path.rpartition("/")[2], "")
        if kind == "contract" and not function:
            _require(scope, "GET")
            return self.serving.contract_json, ()
        if kind == "clients" and not function and self.operator is not None:
            _require(scope, "GET")
            return await self._clients(self.operator, _Headers(scope["headers"]).authorization or b""), ()
        if kind not in _KINDS or not function:
            known = "/api/query/<path>, /api/mutation/<path>, /api/action/<path>, /api/contract and /api/sync"
            raise Refused(protocol_error(f"there is nothing at {path[:200]}; there are {known}"), 404)
        _require(scope, "POST")
        return await self._call(_KINDS[kind], function, scope, receive)

    async def _clients(self, operator: Operator, authorization: bytes) -> bytes:
        if reason := operator.refusal(authorization):
            raise Refused(unauthenticated(reason), None, (b"www-authenticate", b"Bearer"))
        known = await self.serving.callers.known()
        if known is None:
            message = "the database cannot say now which clients are alive; try again"
            raise Refused(ErrorObject(kind="unavailable", code="unavailable", message=message), None, RETRY_AFTER)
        return client_list(known, self.serving.fingerprint)

    async def _call(self, kind: FunctionKind, path: str, scope: Scope, receive: Receive) -> tuple[bytes, Headers]:
        headers = _Headers(scope["headers"])
        body = await self._body(headers.content_length, receive)
        callers = self.serving.callers
        caller = callers.found(headers.contract, headers.client)
        if caller is None:
            caller = await callers.by_headers(headers.contract, headers.client)
        mismatch = caller.refusal(path)
        if mismatch is None and (unknown := self.serving.functions.refusal(kind, path)):
            raise Refused(unknown)
        caller.count(path)
        identity = self._identity(headers.authorization)
        request = _request_key(headers.idempotency_key, identity) if kind is FunctionKind.MUTATION else None
        args = _arguments(body)
        if mismatch is None:
            answer = await self.serving.run(kind, path, args, identity, request)
        else:
            answer = await self._recalled(path, args, identity, request, mismatch)
        if answer.failure is not None:
            raise _refused(caller.explained(error_object(answer.failure), path, args))
        assert answer.value is not None, "an answer has a value or a failure"
        return b'{"value":%b,"ts":%d}' % (answer.value, answer.ts), caller.fit

    async def _recalled(
        self, path: str, args: Json, identity: Identity | None, request: str | None, mismatch: ErrorObject
    ) -> Answer:
        """What a mutation answered that ran before its function no longer fitted; else it is refused."""
        answer = None if request is None else await self.serving.recall(path, args, identity, request)
        if answer is None:
            raise Refused(mismatch)
        return answer

    async def _body(self, content_length: bytes | None, receive: Receive) -> bytes:
        message = await receive()
        body: bytes = message.get("body", b"")
        if message.get("more_body", False):
            parts, size = [body], len(body)
            if content_length is not None and int(content_length) > self.max_body_bytes:
                size = self.max_body_bytes + 1
            while message.get("more_body", False) and size <= self.max_body_bytes:
                message = await receive()
                parts.append(message.get("body", b""))
                size += len(parts[-1])
            if size > self.max_body_bytes:
                await self._discard(message, receive)
                raise self._too_large()
            body = b"".join(parts)
        if message["type"] == "http.disconnect":
            raise Refused(protocol_error("the client went away"))
        if len(body) > self.max_body_bytes:
            raise self._too_large()
        return body

    async def _discard(self, message: Message, receive: Receive) -> None:
        """Read the rest of a body that is too large, within reason: most clients read no answer before all is sent."""
        left = DISCARDED_BYTES_MAX
        while message.get("more_body", False) and left > 0:
            message = await receive()
            left -= len(message.get("body", b""))

    def _too_large(self) -> Refused:
        message = f"the body is larger than {self.max_body_bytes} bytes, which SCHEMAGEN_MAX_BODY_BYTES allows"
        return Refused(protocol_error(message), 413, (b"connection", b"close"))

    def _identity(self, authorization: bytes | None) -> Identity | None:
        if authorization is None:
            return None
        scheme, _, token = authorization.decode("latin-1").partition(" ")
        try:
            if scheme.lower() != "bearer":
                raise TokenRefused("the Authorization header must be: Bearer <token>")
            return self.verifier.verify(token.strip()).identity
        except TokenRefused as refused:
            raise Refused(
                unauthenticated(str(refused)), None, (b"www-authenticate", b'Bearer error="invalid_token"')
            ) from None


def _request_key(given: bytes | None, identity: Identity | None) -> str | None:
    """The exactly-once key of a mutation: the caller's own, since two callers may well both choose `order-1`."""
    if given is None:
        return None
    if not 0 < len(given) <= IDEMPOTENCY_KEY_MAX:
        message = f"Idempotency-Key must have 1 to {IDEMPOTENCY_KEY_MAX} characters, not {len(given)}"
        raise Refused(protocol_error(message))
    caller = "" if identity is None else f"{identity.issuer}|{identity.subject}"
    return f"{caller}|{given.decode('latin-1')}"


class _Headers:
    """The headers that matter, found in one pass."""

    __slots__ = ("authorization", "client", "content_length", "contract", "idempotency_key")

    def __init__(self, headers: Iterable[tuple[bytes, bytes]]) -> None:
        self.authorization: bytes | None = None
        self.content_length: bytes | None = None
        self.idempotency_key: bytes | None = None
        self.contract: bytes | None = None
        self.client: bytes | None = None
        for name, value in headers:
            if name == b"authorization":
                self.authorization = value
            elif name == b"content-length":
                self.content_length = value
            elif name == b"idempotency-key":
                self.idempotency_key = value
            elif name == b"schemagen-contract":
                self.contract = value
            elif name == b"schemagen-client":
                self.client = value


def _arguments(body: bytes) -> dict[str, Json]:
    if not body:
        return {}
    try:
        arguments: Json = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refused(malformed_arguments(f"the body is not JSON: {error}")) from None
    if not isinstance(arguments, dict):
        raise Refused(malformed_arguments("the body must be a JSON object: the arguments by name"))
    return arguments


def _require(scope: Scope, method: str) -> None:
    if scope["method"] != method:
        allow = (b"allow", f"{method}, OPTIONS".encode())
        raise Refused(protocol_error(f"this address takes {method}, not {scope['method']}"), 405, allow)


def _refused(error: ErrorObject) -> Refused:
    return Refused(error, None, RETRY_AFTER) if error.kind == "unavailable" else Refused(error)


async def _send(send: Send, status: int, body: bytes, headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
    length = (b"content-length", b"%d" % len(body))
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(b"content-type", b"application/json"), length, *headers],
        }
    )
    await send({"type": "http.response.body", "body": body})
