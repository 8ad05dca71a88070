"""Live queries and exactly-once mutations of the Python SDK, against the real server over real sockets."""

from __future__ import annotations

import asyncio
import importlib
import threading
import time
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from schemagen.introspect import Backend, load
from schemagen.serve.auth import mint_token
from schemagen.serve.settings import Settings
from tests.conftest import ROOT
from tests.emit.python.package import imported, write_package
from tests.emit.python.server import SECRET, Running, free_port, serving


@cache
def notebook() -> Backend:
    return load(ROOT / "tests/serve/notebook", ROOT)


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = write_package(tmp_path_factory.mktemp("live"), notebook().contract, "notes_sdk")
    with imported(folder, "notes_sdk") as package:
        yield package


@pytest.fixture
def server() -> Iterator[Running]:
    with serving(notebook()) as running:
        yield running


def token_of(subject: str, **options: Any) -> str:
    return mint_token(Settings(auth_secret=SECRET), subject, **options)


def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Wait until something holds; an assertion if it never does."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to hold"
        time.sleep(0.01)


class Following:
    """Collects what a live query yields, in a thread."""

    def __init__(self, live: Any) -> None:
        self.seen: list[Any] = []
        self.error: Exception | None = None
        self.thread = threading.Thread(target=self._run, args=(live,), daemon=True)
        self.thread.start()

    def _run(self, live: Any) -> None:
        try:
            for each in live:
                self.seen.append(each)
        except Exception as error:
            self.error = error

    def wait_for(self, value: Any) -> None:
        until(lambda: self.seen[-1:] == [value] or self.error is not None)
        assert self.error is None, self.error


class Losing:
    """A transport that loses the first answers: the server has them, the client does not."""

    def __init__(self, sdk: Any, losses: int) -> None:
        self.inner = importlib.import_module(f"{sdk.__name__}._runtime.transport").HttpxTransport()
        self.lost = importlib.import_module(f"{sdk.__name__}._runtime.calls").NoAnswer
        self.losses = losses

    def send(self, request: Any, timeout_s: float) -> Any:
        outcome = self.inner.send(request, timeout_s)
        if self.losses:
            self.losses -= 1
            return self.lost("the answer was lost")
        return outcome

    def close(self) -> None:
        self.inner.close()


def test_a_mutation_whose_answer_is_lost_runs_once(server: Running, sdk: Any) -> None:
    with sdk.Client(server.address, transport=Losing(sdk, 2)) as client:
        assert client.notes.tick() == 1
        assert client.notes.tick() == 2
        assert client.notes.count() == 2


def test_a_live_query_yields_again_when_its_result_changes(server: Running, sdk: Any) -> None:
    with sdk.Client(server.address) as client:
        live = iter(client.live.notes.list(company="a"))
        assert next(live) == []
        client.notes.add(company="a", text="one")
        assert next(live) == ["one"]
        client.notes.add(company="b", text="elsewhere")
        client.notes.add(company="a", text="two")
        assert next(live) == ["one", "two"]


def test_changes_that_nobody_waited_for_are_skipped(server: Running, sdk: Any) -> None:
    with sdk.Client(server.address) as client:
        live = iter(client.live.notes.count())
        assert next(live) == 0
        for _ in range(5):
            client.notes.tick()
        until(lambda: _latest(client) == 5)
        assert next(live) == 5


def _latest(client: Any) -> Any:
    (updated,) = client._live.results.values()
    return updated.value


def test_all_live_queries_share_a_socket_and_equal_ones_a_subscription(server: Running, sdk: Any) -> None:
    with sdk.Client(server.address) as client:
        following = [Following(client.live.notes.list(company=name)) for name in ("a", "a", "b")]
        for each in following:
            each.wait_for([])
        assert server.runtime.stats().subscriptions == 2
        assert sum(thread.name == "schemagen-live" for thread in threading.enumerate()) == 1


def test_leaving_the_loop_ends_the_subscription(server: Running, sdk: Any) -> None:
    with sdk.Client(server.address) as client:
        for _ in islice(client.live.notes.count(), 1):
            assert server.runtime.stats().subscriptions == 1
        until(lambda: server.runtime.stats().subscriptions == 0)
        assert next(iter(client.live.notes.count())) == 0  # and watching again works


def test_closing_the_client_ends_the_loops_of_other_threads(server: Running, sdk: Any) -> None:
    client = sdk.Client(server.address)
    following = Following(client.live.notes.count())
    following.wait_for(0)
    client.close()
    following.thread.join(5)
    assert not following.thread.is_alive()
    assert following.error is None


def test_a_restarted_server_is_found_again_and_nothing_is_yielded_twice(tmp_path: Path, sdk: Any) -> None:
    database, port = f"sqlite:///{tmp_path / 'notes.db'}", free_port()
    with sdk.Client(f"http://127.0.0.1:{port}") as client:
        with serving(notebook(), database, port):
            following = Following(client.live.notes.list(company="a"))
            following.wait_for([])
            client.notes.add(company="a", text="one")
            following.wait_for(["one"])
        with serving(notebook(), database, port) as again:
            until(lambda: again.runtime.stats().subscriptions == 1)
            assert following.seen == [[], ["one"]]
            client.notes.add(company="a", text="two")
            following.wait_for(["one", "two"])
    assert following.seen == [[], ["one"], ["one", "two"]]


def heard(client: Any) -> list[str]:
    """How the results of a client's live queries come from here on: `value`, `unchanged`, `diff` or `error`."""
    values, kinds = client._live.state.values, list[str]()
    take = values.take

    def listening(change: dict[str, Any]) -> Any:
        kinds.extend(change.keys() & {"value", "unchanged", "diff", "error"})
        return take(change)

    values.take = listening
    return kinds


def test_a_long_list_is_followed_by_what_changed_and_a_restart_brings_nothing_again(tmp_path: Path, sdk: Any) -> None:
    database, port = f"sqlite:///{tmp_path / 'notes.db'}", free_port()
    with sdk.Client(f"http://127.0.0.1:{port}") as client:
        with serving(notebook(), database, port):
            ids = client.notes.fill(company="a", count=30)
            live = client.live.notes.every(company="a")
            kinds = heard(client)
            following = Following(live)
            until(lambda: len(following.seen) == 1)
            client.notes.edit(note=ids[3], text="edited")
            until(lambda: len(following.seen) == 2)
        with serving(notebook(), database, port) as again:
            until(lambda: again.runtime.stats().subscriptions == 1 and kinds[-1] == "unchanged")
            client.notes.edit(note=ids[4], text="again")
            until(lambda: len(following.seen) == 3)
        assert kinds == ["value", "diff", "unchanged", "diff"]
    first, second, third = ([note.text for note in notes] for notes in following.seen)
    assert second == [*first[:3], "edited", *first[4:]]
    assert third == [*second[:4], "again", *second[5:]]


def test_a_client_whose_values_are_not_those_the_server_builds_on_gets_them_whole(server: Running, sdk: Any) -> None:
    with sdk.Client(server.address) as client:
        ids = client.notes.fill(company="a", count=30)
        following = Following(client.live.notes.every(company="a"))
        until(lambda: len(following.seen) == 1)
        state = client._live.state
        (query_id,) = state.watched
        state.values.held[query_id] = ("0123456789abcdef", [])
        client.notes.edit(note=ids[3], text="edited")
        until(lambda: len(following.seen) == 2)
        assert state.digests is False
        client.notes.edit(note=ids[4], text="again")
        until(lambda: len(following.seen) == 3)
        assert [note.text for note in following.seen[2]][3:5] == ["edited", "again"]
        assert following.error is None


def test_a_server_that_is_not_there_is_a_timeout_that_says_why(sdk: Any) -> None:
    with (
        sdk.Client(f"http://127.0.0.1:{free_port()}", timeout=0.5) as client,
        pytest.raises(sdk.errors.TimedOut, match="refused"),
    ):
        next(iter(client.live.notes.count()))


def test_a_live_query_that_fails_raises_what_a_call_would(server: Running, sdk: Any) -> None:
    with sdk.Client(server.address) as client:
        with pytest.raises(sdk.errors.InternalError) as caught:
            next(iter(client.live.notes.broken(reason="x")))
        assert caught.value.error_id
        with pytest.raises(sdk.errors.InvalidArguments) as refused:
            next(iter(client.live.notes.list(company="a", slice=sdk.types.Slice(size=1000))))
        assert refused.value.issues[0].path == ("slice", "size")
        with pytest.raises(sdk.errors.InvalidArguments) as same:
            client.notes.list(company="a", slice=sdk.types.Slice(size=1000))
        assert same.value.issues == refused.value.issues


def test_a_mutation_cannot_be_watched(sdk: Any) -> None:
    with sdk.Client("http://127.0.0.1:9") as client, pytest.raises((AttributeError, TypeError), match="tick"):
        client.live.notes.tick()


def test_the_caller_is_known_to_calls_and_live_queries(server: Running, sdk: Any) -> None:
    with sdk.Client(server.address, token=token_of("ada")) as client:
        assert client.notes.whoami() == "ada"
        assert next(iter(client.live.notes.whoami())) == "ada"


def test_an_expired_token_is_renewed_for_live_queries_and_calls(server: Running, sdk: Any) -> None:
    given: list[str] = []

    def token() -> str:
        given.append(token_of("ada", valid_seconds=-1000 if not given else 1000))
        return given[-1]

    with sdk.Client(server.address, token=token) as client:
        following = Following(client.live.notes.whoami())
        following.wait_for("ada")
        assert client.notes.whoami() == "ada"
    assert len(given) == 2


def test_a_token_that_stays_refused_ends_live_queries_with_unauthenticated(server: Running, sdk: Any) -> None:
    for token in ("nonsense", lambda: "nonsense"):
        with sdk.Client(server.address, token=token) as client, pytest.raises(sdk.errors.Unauthenticated):
            list(islice(client.live.notes.whoami(), 2))


def test_an_asynchronous_client_does_all_the_same(server: Running, sdk: Any) -> None:
    async def run() -> None:
        async with sdk.AsyncClient(server.address, token=token_of("ada")) as client:
            seen: list[list[str]] = []
            async for notes in client.live.notes.list(company="a"):
                seen.append(notes)
                if len(notes) == 2:
                    break
                await client.notes.add(company="a", text=str(len(notes)))
            assert seen == [[], ["0"], ["0", "1"]]
            counts = client.live.notes.count().__aiter__()
            assert await anext(counts) == 0
            await asyncio.gather(*(client.notes.tick() for _ in range(20)))
            while await anext(counts) != 20:
                pass
            with pytest.raises(sdk.errors.InternalError):
                async for _ in client.live.notes.broken(reason="x"):
                    pass
            await counts.aclose()
            await asyncio.to_thread(until, lambda: server.runtime.stats().subscriptions == 0)

    asyncio.run(run())


def test_an_asynchronous_live_query_survives_a_restart(tmp_path: Path, sdk: Any) -> None:
    database, port = f"sqlite:///{tmp_path / 'notes.db'}", free_port()

    async def run(client: Any) -> list[int]:
        seen = []
        async for count in client.live.notes.count():
            seen.append(count)
            if count == 2:
                return seen
        return seen

    async def main() -> list[int]:
        async with sdk.AsyncClient(f"http://127.0.0.1:{port}") as client:
            first = serving(notebook(), database, port)
            await asyncio.to_thread(first.__enter__)
            following = asyncio.create_task(run(client))
            await client.notes.tick()
            await asyncio.sleep(0.2)
            await asyncio.to_thread(first.__exit__, None, None, None)
            second = serving(notebook(), database, port)
            await asyncio.to_thread(second.__enter__)
            await client.notes.tick()
            try:
                return await asyncio.wait_for(following, 20)
            finally:
                await asyncio.to_thread(second.__exit__, None, None, None)

    seen = asyncio.run(main())
    assert seen[-1] == 2
    assert seen == sorted(set(seen))


def test_an_asynchronous_client_follows_a_long_list_by_what_changed(server: Running, sdk: Any) -> None:
    async def run() -> None:
        async with sdk.AsyncClient(server.address) as client:
            ids = await client.notes.fill(company="a", count=30)
            live = client.live.notes.every(company="a")
            kinds, seen = heard(client), 0
            async for notes in live:
                assert [note.text for note in notes][:seen] == ["edited"] * seen
                if seen == 5:
                    break
                await client.notes.edit(note=ids[seen], text="edited")
                seen += 1
            assert kinds == ["value", *["diff"] * 5]

    asyncio.run(run())


def test_many_threads_watch_and_write_at_once(server: Running, sdk: Any) -> None:
    """Every thread's last result is what was written; no subscription is left."""
    with sdk.Client(server.address) as client:

        def work(name: str) -> None:
            live = iter(client.live.notes.list(company=name))
            for number in range(4):
                client.notes.add(company=name, text=str(number))
            while len(next(live)) < 4:
                pass

        threads = [threading.Thread(target=work, args=(f"c{n % 4}x{n}",)) for n in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
            assert not thread.is_alive()
        until(lambda: server.runtime.stats().subscriptions == 0)
