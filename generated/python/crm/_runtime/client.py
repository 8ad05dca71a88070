"""The blocking client: a thin shell around `calls.py` and `live_state.py`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar

from .errors import ConnectionFailed
from .functions import Caller, Function, PageOf
from .settings import ClientInfo, Settings, next_page

if TYPE_CHECKING:
    from .calls import Calls
    from .contract_state import ContractState
    from .live import LiveConnection
    from .transport import Transport

P = ParamSpec("P")
Item = TypeVar("Item")


class BaseClient:
    """What the generated `Client` does; its functions are in the generated class."""

    _contract: str = ""
    _errors_module: str = ""

    def __init__(
        self,
        url: str,
        *,
        token: str | Callable[[], str | None] | None = None,
        timeout: float = 30.0,
        retries: int = 3,
        client: str = "",
        version: str = "",
        transport: Transport | None = None,
    ) -> None:
        """`token` is a JWT, or a function that gives one and is asked again when the server refuses it.

        `timeout` is in seconds and covers one call with all its `retries`. `client` and `version` say what this program
        is, `"worker"` and `"3.2.0"`: whoever looks after the server sees them in `schemagen clients`.
        """
        who = ClientInfo(client, version)
        self._settings = Settings(url.rstrip("/"), token, timeout, retries, self._contract, self._errors_module, who)
        self._transport = transport
        self._calls: Calls | None = None
        self._live: LiveConnection | None = None
        self._closed = False
        self._lock = threading.RLock()
        """Threads may share a client: what it makes at first use is made once."""
        self._caller: Caller = self
        self._root: BaseClient = self

    def with_options(self, *, timeout: float | None = None, retries: int | None = None) -> Self:
        """The same client, connections and session, with other options for its calls."""
        twin = object.__new__(type(self))
        twin._settings = self._settings.changed(timeout, retries)
        twin._root, twin._caller, twin._calls = self._root, twin, None
        return twin

    def call(self, function: Function[Any, Any], arguments: dict[str, Any]) -> Any:
        import random
        import time

        from .calls import Done, Raise, Renew, Wait

        call = self._shared_calls().begin(function, arguments)
        transport = self._root._shared_transport()
        deadline = time.monotonic() + self._settings.timeout_s
        token = self._settings.token_now(renew=False)
        while True:
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                raise call.timed_out()
            outcome = transport.send(call.request(token), left_s)
            match call.judge(outcome, deadline - time.monotonic(), random.random()):
                case Done(value):
                    return value
                case Wait(delay_s):
                    time.sleep(delay_s)
                case Renew(error):
                    if not callable(self._settings.token):
                        raise error
                    token = self._settings.token_now(renew=True)
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
        from .live import LiveConnection, LiveResult

        calls = self._shared_calls()
        with self._root._lock:
            if self._root._closed:
                raise ConnectionFailed("the client is closed")
            live = self._root._live = self._root._live or LiveConnection(calls, self._root._settings)
        return LiveResult(live, calls.shape(function), calls.shape(function).encode(arguments))

    def each(self, function: Callable[P, PageOf[Item]], *args: P.args, **kwargs: P.kwargs) -> Iterator[Item]:
        """Every item of all pages: `for contact in client.each(client.contacts.list, stage="lead")`."""
        arguments: dict[str, Any] = dict(kwargs)
        while True:
            page: PageOf[Item] = function(**arguments)  # type: ignore[call-arg]  # P is keyword arguments only
            yield from page.items
            if page.next_cursor is None:
                return
            arguments = next_page(function, arguments, page.next_cursor)

    def close(self) -> None:
        """Close all connections; live results end."""
        with self._root._lock:
            self._root._closed = True
            live, transport = self._root._live, self._root._transport
        if live is not None:
            live.close()
        if transport is not None:
            transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _shared_calls(self) -> Calls:
        if self._calls is None:
            with self._root._lock:
                if self._root is not self:
                    self._calls = self._root._shared_calls().with_options(self._settings.options())
                else:
                    self._calls = self._calls or self._settings.calls()
        return self._calls

    def _shared_transport(self) -> Transport:
        with self._lock:
            if self._closed:
                raise ConnectionFailed("the client is closed")
            if self._transport is None:
                from .transport import HttpxTransport

                self._transport = HttpxTransport()
            return self._transport


class Watcher:
    """The live half of a client."""

    def __init__(self, client: BaseClient) -> None:
        self._client = client

    def call(self, function: Function[Any, Any], arguments: dict[str, Any]) -> Any:
        return self._client.watch(function, arguments)
