"""One HTTP request, its outcome as a value. httpx is imported at the first request; httpx2 does as well."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Protocol

from .calls import NoAnswer, NotSent, Outcome, Request, Response


class Transport(Protocol):
    """How a `Client` sends: give your own to `Client(transport=...)`."""

    def send(self, request: Request, timeout_s: float) -> Outcome: ...

    def close(self) -> None: ...


class AsyncTransport(Protocol):
    """How an `AsyncClient` sends."""

    async def send(self, request: Request, timeout_s: float) -> Outcome: ...

    async def close(self) -> None: ...


class HttpxTransport:
    """Keeps connections open between requests."""

    def __init__(self) -> None:
        self._httpx = load_httpx()
        self._client = self._httpx.Client()

    def send(self, request: Request, timeout_s: float) -> Outcome:
        try:
            answer = self._client.post(request.url, content=request.body, headers=request.headers, timeout=timeout_s)
        except self._httpx.TransportError as error:
            return outcome_of(self._httpx, error)
        return response_of(answer)

    def close(self) -> None:
        self._client.close()


class AsyncHttpxTransport:
    """Keeps connections open between requests."""

    def __init__(self) -> None:
        self._httpx = load_httpx()
        self._client = self._httpx.AsyncClient()

    async def send(self, request: Request, timeout_s: float) -> Outcome:
        try:
            answer = await self._client.post(
                request.url, content=request.body, headers=request.headers, timeout=timeout_s
            )
        except self._httpx.TransportError as error:
            return outcome_of(self._httpx, error)
        return response_of(answer)

    async def close(self) -> None:
        await self._client.aclose()


def response_of(answer: Any) -> Response:
    headers = answer.headers
    return Response(answer.status_code, answer.content, headers.get("retry-after"), headers.get("schemagen-fit"))


def load_httpx() -> Any:
    try:
        return import_module("httpx")
    except ImportError:
        return import_module("httpx2")


def outcome_of(httpx: Any, error: Exception) -> Outcome:
    reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    never_sent = isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout))
    return NotSent(reason) if never_sent else NoAnswer(reason)
