"""Calls over HTTP without I/O: what to send, and what an outcome means. The shells send, wait and read the clock."""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .contract_state import Fit
from .errors import (
    AppError,
    ConnectionFailed,
    ContractMismatch,
    InvalidArguments,
    SchemagenError,
    TimedOut,
    Unauthenticated,
    Unavailable,
)
from .errors import error_from_wire as _error_from_wire
from .functions import Function
from .shapes import Shape, decode_fields

DELAY_S_MIN = 0.25
DELAY_S_MAX = 8.0
RETRY_AFTER_S_MAX = 30.0
UNAVAILABLE = (429, 502, 503, 504)
"""Statuses of a server, or of what stands before it, that could not take the call now."""


@dataclass(frozen=True)
class Options:
    """How calls are made: `timeout_s` covers one call with all its retries."""

    timeout_s: float = 30.0
    retries: int = 3


@dataclass(frozen=True)
class Request:
    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Response:
    status: int
    body: bytes
    retry_after: str | None = None
    fit: str | None = None
    """What the server says of our contract, if it can tell: `current`, `compatible` or `outdated`."""


@dataclass(frozen=True)
class NotSent:
    """The connection could not be made: the server has not seen the request."""

    reason: str


@dataclass(frozen=True)
class NoAnswer:
    """The request may have reached the server, but no answer came back."""

    reason: str


Outcome = Response | NotSent | NoAnswer


@dataclass(frozen=True)
class Done:
    value: Any


@dataclass(frozen=True)
class Wait:
    """Send again after so many seconds."""

    delay_s: float


@dataclass(frozen=True)
class Renew:
    """Send again with a new token, if there can be one; else this is the error."""

    error: SchemagenError


@dataclass(frozen=True)
class Raise:
    error: SchemagenError


Step = Done | Wait | Renew | Raise


@dataclass(frozen=True)
class Calls:
    """Everything calls of one client share: where to, as what session, and how each function is written and read."""

    url: str
    contract: str
    app_errors: Mapping[str, type[AppError]]
    options: Options = Options()
    session: str = field(default_factory=lambda: str(uuid.uuid4()))
    numbers: Any = field(default_factory=lambda: itertools.count(1))
    shapes: dict[str, Shape] = field(default_factory=dict[str, Shape])
    client: str = "python//"
    """What the header says of who calls."""
    fit: Fit = field(default_factory=lambda: Fit(""))

    def with_options(self, options: Options) -> Calls:
        return replace(self, options=options)

    def shape(self, function: Function[Any, Any]) -> Shape:
        """Made at the first call of a function."""
        found = self.shapes.get(function.path)
        if found is None:
            found = self.shapes[function.path] = Shape(function)
        return found

    def begin(self, function: Function[Any, Any], arguments: Mapping[str, Any]) -> Call:
        """One logical call; a mutation gets the key under which the server runs it only once."""
        body = _json(function.path, self.shape(function).encode(arguments))
        key = f"{self.session}:{next(self.numbers)}" if function.kind == "mutation" else None
        return Call(self, function, body, key)

    def failure(self, error: Any) -> SchemagenError:
        """The exception for an error object, its fields decoded."""
        failure = _error_from_wire(error, self.app_errors)
        if isinstance(failure, ContractMismatch):
            self.fit.refused(failure.function)
        if isinstance(failure, AppError):
            decode_fields(failure)
        return failure


@dataclass
class Call:
    """One logical call over all its attempts."""

    calls: Calls
    function: Function[Any, Any]
    body: bytes
    key: str | None
    attempts: int = 0
    renewed: bool = False
    was_sent: bool = False
    """Whether the server may have seen an attempt."""

    def request(self, token: str | None) -> Request:
        """The next attempt."""
        self.attempts += 1
        headers = {
            "content-type": "application/json",
            "schemagen-contract": self.calls.contract,
            "schemagen-client": self.calls.client,
        }
        if self.key is not None:
            headers["idempotency-key"] = self.key
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        return Request(f"{self.calls.url}/api/{self.function.kind}/{self.function.path}", headers, self.body)

    def judge(self, outcome: Outcome, left_s: float, jitter: float) -> Step:
        """What an attempt's outcome means, with `left_s` seconds until the deadline; `jitter` is in [0, 1)."""
        self.was_sent |= not isinstance(outcome, NotSent)
        match outcome:
            case Response(status=200, body=body):
                self.calls.fit.heard(outcome.fit)
                return Done(self.calls.shape(self.function).decode_answer(body))
            case Response():
                return self._refused(outcome, left_s, jitter)
            case NotSent(reason):
                return self._again(self._lost(reason), None, left_s, jitter)
            case NoAnswer() if left_s <= 0:
                return Raise(self.timed_out())
            case NoAnswer(reason):
                # An action may have run: sending it again could run it twice. Queries do nothing, mutations have a key.
                lost = self._lost(reason)
                return Raise(lost) if self.function.kind == "action" else self._again(lost, None, left_s, jitter)

    def timed_out(self) -> TimedOut:
        limit_s, times = self.calls.options.timeout_s, self.attempts
        error = TimedOut(f"{self.function.path}: no answer within {limit_s:g} s ({times} attempts)")
        error.safe_to_retry = self._is_safe
        return error

    @property
    def _is_safe(self) -> bool:
        """A new call is a new mutation: what may have run once must not be called again unseen."""
        return self.function.kind == "query" or not self.was_sent

    def _lost(self, reason: str) -> ConnectionFailed:
        error = ConnectionFailed(f"{self.function.path}: {reason}")
        error.safe_to_retry = self._is_safe
        return error

    def _refused(self, response: Response, left_s: float, jitter: float) -> Step:
        error = self.calls.failure(_error_object(response))
        if isinstance(error, Unauthenticated) and not self.renewed:
            self.renewed = True
            return Renew(error)
        if not isinstance(error, Unavailable) and response.status not in UNAVAILABLE:
            return Raise(error)
        advice_s = _seconds(response.retry_after)
        unavailable = Unavailable(error.message, advice_s)
        unavailable.safe_to_retry = self._is_safe
        if self.function.kind == "action":  # whoever answered may not be the one who ran it
            return Raise(unavailable)
        return self._again(unavailable, advice_s, left_s, jitter)

    def _again(self, error: SchemagenError, advice_s: float | None, left_s: float, jitter: float) -> Step:
        if self.attempts > self.calls.options.retries:
            return Raise(error)
        delay_s = jitter * min(DELAY_S_MAX, DELAY_S_MIN * 2 ** (self.attempts - 1))
        if advice_s is not None:
            delay_s = max(delay_s, min(advice_s, RETRY_AFTER_S_MAX))
        return Wait(delay_s) if delay_s < left_s else Raise(error)


def _json(path: str, arguments: Mapping[str, Any]) -> bytes:
    """Raises `InvalidArguments` for what JSON cannot carry: NaN, half of a surrogate pair."""
    try:
        return json.dumps(arguments, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except ValueError as error:
        raise InvalidArguments(f"{path} was not sent: an argument cannot be written: {error}") from error


def _error_object(response: Response) -> Any:
    try:
        return json.loads(response.body)["error"]
    except (ValueError, TypeError, KeyError):
        kinds = {401: "unauthenticated", **dict.fromkeys(UNAVAILABLE, "unavailable")}
        kind = kinds.get(response.status, "protocol")
        start = response.body[:200].decode(errors="replace")
        return {"kind": kind, "message": f"HTTP {response.status} without an error object: {start!r}"}


def _seconds(retry_after: str | None) -> float | None:
    try:
        return max(0.0, float(retry_after)) if retry_after is not None else None
    except ValueError:  # a date; our own servers send seconds
        return None
