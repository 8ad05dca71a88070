"""Which clients are alive, what they call, and what of their contracts no longer fits.

Counting is one increment per call. The database is told every few seconds, if there is news, and when the server stops.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar
from urllib.parse import unquote

from schemagen.engine.runtime import Runtime
from schemagen.model.canonical import fingerprint, to_json
from schemagen.model.contract import FunctionKind, Json
from schemagen.serve.client_list import KnownClients, known_clients
from schemagen.serve.judging import Judge, Verdict
from schemagen.store.clients import ClientKey, Clients, Sighting
from schemagen.store.errors import StoreError
from schemagen.sync.messages import Connect, ErrorObject
from schemagen.sync.server import Refuse

FLUSH_SECONDS: Final = 10.0
"""How often the database is told what was seen."""

ROLL_CALL_SECONDS: Final = 3600.0
"""How often a connection that says nothing counts as seen, and what it watches as used."""

NAMES_MAX: Final = 100
"""Names and versions told apart of clients of one contract; the others count as if they had said nothing."""

STRANGERS_MAX: Final = 100
"""Contracts told apart that were never served here; clients of others count as if they had none."""

HEADERS_MAX: Final = 1024
"""Pairs of headers that are remembered."""

HEADERS_BYTES_MAX: Final = 1024
"""Longer ones are read anew with each call."""

WORD_MAX: Final = 100
"""Characters of a name, a version, a language or a fingerprint."""

Result = TypeVar("Result")

log = logging.getLogger("schemagen")


class Caller:
    """One kind of client: what was built from one contract, under one name and version."""

    __slots__ = ("calls", "fit", "is_alive", "key", "verdict")

    def __init__(self, key: ClientKey) -> None:
        self.key = key
        self.verdict: Verdict | None = None
        """None for the contract that is served, and for one that nobody knows."""
        self.fit: tuple[tuple[bytes, bytes], ...] = ()
        """The header that says how its contract stands to the one that is served; none where nobody knows."""
        self.calls: dict[str, int] = {}
        """Since the database was told last."""
        self.is_alive = True
        """Whether it was seen since then."""

    def count(self, path: str) -> None:
        """A call of a function that is there, or was when this client was built."""
        self.calls[path] = self.calls.get(path, 0) + 1

    def uses(self, path: str) -> None:
        """It watches a query, which was counted when that began."""
        self.calls.setdefault(path, 0)

    def refusal(self, path: str) -> ErrorObject | None:
        return None if self.verdict is None else self.verdict.refusal(path)

    def explained(self, error: ErrorObject, path: str, args: Json) -> ErrorObject:
        return error if self.verdict is None else self.verdict.explained(error, path, args)

    @property
    def outdated(self) -> tuple[str, ...] | None:
        return None if self.verdict is None else self.verdict.outdated


class Callers:
    """Everybody who calls the server, on the event loop."""

    def __init__(self) -> None:
        self._by_key: dict[ClientKey, Caller] = {}
        self._by_headers: dict[tuple[bytes | None, bytes | None], Caller] = {}
        self._served: set[str] = set()
        """Contracts that were ever served."""
        self._names: Counter[str] = Counter()
        """How many kinds of clients are told apart, by contract."""
        self._runtime: Runtime | None = None
        self._judge: Judge | None = None
        self._fingerprint = ""

    async def settle(self, runtime: Runtime) -> None:
        """This engine serves from here on: write its contract down, and judge everybody anew."""
        contract = runtime.contract
        self._runtime, self._fingerprint = runtime, fingerprint(contract)
        self._judge = Judge(contract, partial(_recall, runtime))
        self._by_headers.clear()
        for caller in self._by_key.values():
            caller.verdict, caller.fit = None, ()
        settled = await self._ask(partial(_settled, self._fingerprint, to_json(contract.public), _now()))
        if settled is not None:
            contracts, keys = settled
            self._served |= contracts
            for key in keys - self._by_key.keys():
                self._by_key[key] = _unseen(key)
            self._names = Counter(key.contract for key in self._by_key)

    # --- who calls ---

    def found(self, contract: bytes | None, client: bytes | None) -> Caller | None:
        """Who sends these headers, if that is known already."""
        return self._by_headers.get((contract, client))

    async def by_headers(self, contract: bytes | None, client: bytes | None) -> Caller:
        """Who sends `Schemagen-Contract` and `Schemagen-Client`, `typescript/mobile/3.2.0` with each part encoded."""
        words = [unquote(word) for word in (client or b"").decode("latin-1").split("/")]
        language, name, version = words if len(words) == 3 else ("", "", "")
        caller = await self.met((contract or b"").decode("latin-1"), language, name, version)
        if len(contract or b"") + len(client or b"") <= HEADERS_BYTES_MAX:
            if len(self._by_headers) >= HEADERS_MAX:
                del self._by_headers[next(iter(self._by_headers))]
            self._by_headers[contract, client] = caller
        return caller

    async def by_hello(self, hello: Connect) -> Caller:
        """Who opens a connection."""
        client = hello.client
        words = ("", "", "") if client is None else (client.language, client.name, client.version)
        return await self.met(hello.contract, *words)

    async def met(self, contract: str, language: str, name: str, version: str) -> Caller:
        """A client of that contract, judged."""
        caller = self._told_apart(ClientKey(_word(contract), _word(name), _word(version), _word(language)))
        caller.is_alive = True
        key = caller.key
        while caller.verdict is None and (judge := self._judge) is not None and key.contract in self._served:
            verdict = None if key.contract == self._fingerprint else await judge.verdict(key.contract, key.language)
            if judge is self._judge:  # else another contract is served since
                caller.verdict = verdict
                caller.fit = _fit(verdict, key.contract == self._fingerprint)
                break
        return caller

    def _told_apart(self, key: ClientKey) -> Caller:
        """Bounded: whoever draws names at random is one client."""
        if (known := self._by_key.get(key)) is not None:
            return known
        if key.contract and key.contract not in self._served and not self._names[key.contract]:
            strangers = sum(1 for contract in self._names if contract and contract not in self._served)
            if strangers >= STRANGERS_MAX:
                key = key._replace(contract="")
        if self._names[key.contract] >= NAMES_MAX:
            key = ClientKey(key.contract, "", "", key.language if key.language in ("python", "typescript") else "")
        if key not in self._by_key:
            self._names[key.contract] += 1
            self._by_key[key] = Caller(key)
        return self._by_key[key]

    # --- what the database is told ---

    async def keep(self, roll_call: Callable[[], None]) -> None:
        """Tell the database what was seen, until cancelled. `roll_call` marks who is there and says nothing."""
        clock = asyncio.get_running_loop().time
        next_roll_call = clock() + ROLL_CALL_SECONDS
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            if is_due := clock() >= next_roll_call:
                next_roll_call = clock() + ROLL_CALL_SECONDS
                roll_call()
            await self.flush(even_if_nothing=is_due)

    async def flush(self, *, even_if_nothing: bool = False) -> None:
        """Tell the database what was seen since it was told last. What it cannot take now it is told the next time."""
        seen = [caller for caller in self._by_key.values() if caller.is_alive or caller.calls]
        if not seen and not even_if_nothing:
            return
        sightings = [Sighting(caller.key, caller.calls) for caller in seen]
        for caller in seen:
            caller.calls, caller.is_alive = {}, False
        if await self._ask(partial(_flushed, self._fingerprint, sightings, _now())) is None:
            for caller, sighting in zip(seen, sightings, strict=True):
                caller.is_alive = True
                for path, calls in sighting.calls.items():
                    caller.calls[path] = caller.calls.get(path, 0) + calls

    async def known(self) -> KnownClients | None:
        """Everybody who was ever seen, as of now; None if the database cannot be asked."""
        await self.flush()
        return await self._ask(known_clients)

    async def _ask(self, work: Callable[[Clients], Result]) -> Result | None:
        """None if the database cannot be asked: clients are served all the same."""
        if self._runtime is None:
            return None
        try:
            return await self._runtime.on_clients(work)
        except (StoreError, sqlite3.Error) as error:
            log.warning("which clients call cannot be written down: %s", error)
        except Exception:  # a mistake of ours is no reason to serve nobody
            log.exception("which clients call cannot be written down")
        return None


def refuse(caller: Caller, functions: Refuse) -> Refuse:
    """Why a function is refused to this client, first because of its contract; what it still asks for is counted."""

    def refusal(kind: FunctionKind, path: str) -> ErrorObject | None:
        if found := caller.refusal(path):
            if kind is FunctionKind.QUERY:
                caller.uses(path)
            else:
                caller.count(path)
            return found
        return functions(kind, path)

    return refusal


def _word(said: str) -> str:
    """What a client says of itself, fit to be printed in somebody's terminal."""
    return "".join(char if char.isprintable() else "\ufffd" for char in said[:WORD_MAX])


def _fit(verdict: Verdict | None, is_current: bool) -> tuple[tuple[bytes, bytes], ...]:
    if verdict is None:
        return _CURRENT if is_current else ()
    return _OUTDATED if verdict.outdated else _COMPATIBLE


_CURRENT: Final = ((b"schemagen-fit", b"current"),)
_COMPATIBLE: Final = ((b"schemagen-fit", b"compatible"),)
_OUTDATED: Final = ((b"schemagen-fit", b"outdated"),)


async def _recall(runtime: Runtime, contract: str) -> str | None:
    return await runtime.on_clients(lambda clients: clients.text(contract))


def _settled(contract: str, text: str, now: int, clients: Clients) -> tuple[frozenset[str], frozenset[ClientKey]]:
    clients.serve(contract, text, now)
    return frozenset(served.fingerprint for served in clients.contracts()), clients.keys()


def _flushed(contract: str, sightings: list[Sighting], now: int, clients: Clients) -> bool:
    clients.go_on_serving(contract, now)
    clients.see(sightings, now)
    return True


def _unseen(key: ClientKey) -> Caller:
    caller = Caller(key)
    caller.is_alive = False
    return caller


def _now() -> int:
    return int(time.time())
