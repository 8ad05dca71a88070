"""The client for asyncio: the same thin shell as `client.py`, awaiting where that one blocks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar

from .errors import ConnectionFailed
from .functions import Caller, Function, PageOf
from .settings import ClientInfo, Settings, Token, next_page

if TYPE_CHECKING:
    from .async_live import AsyncLiveConnection
    from .calls import Calls
    from .contract_state import ContractState
    from .transport import AsyncTransport

P = ParamSpec("P")
Item = TypeVar("Item")


class BaseAsyncClient:
    """What the generated `AsyncClient` does; its functions are in the generated class."""

    _contract: str = ""
    _errors_module: str = ""

    def __init__(
        self,
        url: str,
        *,
        token: Token = None,
        timeout: float = 30.0,
        retries: int = 3,
        client: str = "",
        version: str = "",
        transport: AsyncTransport | None = None,
    ) -> None:
        """`token` is a JWT, or a function (async or not) that gives one and is asked again when the server refuses it.

        `timeout` is in seconds and covers one call with all its `retries`. `client` and `version` say what this program
        is, `"worker"` and `"3.2.0"`: whoever looks after the server sees them in `schemagen clients`.
        """
        who = ClientInfo(client, version)
        self._settings = Settings(url.rstrip("/"), token, timeout, retries, self._contract, self._errors_module, who)
        self._transport = transport
        self._calls: Calls | None = None
        self._live: AsyncLiveConnection | None = None
        self._closed = False
        self._caller: Caller = self
        self._root: BaseAsyncClient = self

    def with_options(self, *, timeout: float | None = None, retries: int | None = None) -> Self:
        """The same client, connections and session, with other options for its calls."""
        twin = object.__new__(type(self))
        twin._settings = self._settings.changed(timeout, retries)
        twin._root, twin._caller, twin._calls = self._root, twin, None
        return twin

    async def call(self, function: Function[Any, Any], arguments: dict[str, Any]) -> Any:
        import asyncio
        import random

        from .calls import Done, Raise, Renew, Wait

        call = self._shared_calls().begin(function, arguments)
        transport = self._root._shared_transport()
        clock = asyncio.get_running_loop().time
        deadline = clock() + self._settings.timeout_s
        token = await self._settings.token_soon(renew=False)
        while True:
            left_s = deadline - clock()
            if left_s <= 0:
                raise call.timed_out()
            outcome = await transport.send(call.request(token), left_s)
            match call.judge(outcome, deadline - clock(), random.random()):
                case Done(value):
                    return value
                case Wait(delay_s):
                    await asyncio.sleep(delay_s)
                case Renew(error):
                    if not callable(self._settings.token):
                        raise error
                    token = await self._settings.token_soon(renew=True)
                case Raise(error):
                    raise error

    @property
    def contract_state(self) -> ContractState:
        """Whether this client still fits the server, or must be updated."""
        return self._shared_calls().fit.state

    def watch(self, function: Function[Any, Any], arguments: dict[str, Any]) -> Any:
        """A live result: what `client.live` calls. Raises TypeError for what is no query."""
        if function.kind != "query":
            raise TypeError(f"{function.path} is {function.kind} and no query: it cannot be watched, only called")
        from .async_live import AsyncLiveConnection, AsyncLiveResult

        calls = self._shared_calls()
        if self._root._live is None:
            self._root._live = AsyncLiveConnection(calls, self._root._settings)
        return AsyncLiveResult(self._root._live, calls.shape(function), calls.shape(function).encode(arguments))

    async def each(
        self, function: Callable[P, Awaitable[PageOf[Item]]], *args: P.args, **kwargs: P.kwargs
    ) -> AsyncIterator[Item]:
        """Every item of all pages: `async for contact in client.each(client.contacts.list, stage="lead")`."""
        arguments: dict[str, Any] = dict(kwargs)
        while True:
            page: PageOf[Item] = await function(**arguments)  # type: ignore[call-arg]  # P is keyword arguments only
            for item in page.items:
                yield item
            if page.next_cursor is None:
                return
            arguments = next_page(function, arguments, page.next_cursor)

    async def close(self) -> None:
        """Close all connections; live results end."""
        self._root._closed = True
        if self._root._live is not None:
            await self._root._live.close()
        if self._root._transport is not None:
            await self._root._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _shared_calls(self) -> Calls:
        if self._calls is None:
            if self._root is self:
                self._calls = self._settings.calls()
            else:
                self._calls = self._root._shared_calls().with_options(self._settings.options())
        return self._calls

    def _shared_transport(self) -> AsyncTransport:
        if self._closed:
            raise ConnectionFailed("the client is closed")
        if self._transport is None:
            from .transport import AsyncHttpxTransport

            self._transport = AsyncHttpxTransport()
        return self._transport


class AsyncWatcher:
    """The live half of an async client."""

    def __init__(self, client: BaseAsyncClient) -> None:
        self._client = client

    def call(self, function: Function[Any, Any], arguments: dict[str, Any]) -> Any:
        return self._client.watch(function, arguments)
