"""`GET /metrics`: what Prometheus reads, and that its numbers move as they should."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from schemagen.engine.answer import Stats
from schemagen.engine.tally import Tally
from schemagen.model.contract import FunctionKind
from schemagen.serve.metrics import EngineSnapshot, FunctionRuns, Snapshot, families, metrics_text
from schemagen.serve.server import Server
from tests.serve.exposition import Family, read_exposition
from tests.serve.harness import call, http, serving, socket


class Scrape:
    """The samples of one scrape."""

    def __init__(self, families: dict[str, Family]) -> None:
        self.families = families

    def __call__(self, name: str, **labels: str) -> float:
        """The sum of the samples that have these labels; 0 if there is none."""
        family = self.families.get(name) or self.families[re.sub(r"_(bucket|sum|count)$", "", name)]
        wanted = {(label.rstrip("_"), value) for label, value in labels.items()}
        return sum(value for (found, held), value in family.samples.items() if found == name and wanted <= held)

    def functions(self) -> set[str]:
        return {
            value for f in self.families.values() for _, held in f.samples for name, value in held if name == "function"
        }


async def scrape(server: Server, **headers: str) -> Scrape:
    async with http(server) as client:
        response = await client.get("/metrics", headers=headers)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return Scrape(read_exposition(response.text))


def moved(before: Scrape, after: Scrape, name: str, **labels: str) -> float:
    return after(name, **labels) - before(name, **labels)


def test_one_write_that_touches_one_of_two_live_queries_is_one_rerun() -> None:
    async def main() -> None:
        async with serving() as server, socket(server) as ann, socket(server) as bob:
            await ann.watch(1, "notes.list", company="acme")
            await ann.watch(2, "notes.list", company="other")
            await bob.watch(1, "notes.list", company="acme")
            before = await scrape(server)
            assert (before("schemagen_live_queries"), before("schemagen_subscriptions")) == (2, 3)
            assert before("schemagen_live_result_bytes") == 2 * len("[]")
            assert before("schemagen_connections") == before("schemagen_connections_opened_total") == 2
            await ann.mutate(1, "notes.add", company="acme", text="hello")
            await ann.next("transition")
            await ann.next("mutationResponse")
            await bob.next("transition")
            after = await scrape(server)
            assert moved(before, after, "schemagen_reruns_total") == 1
            assert moved(before, after, "schemagen_reruns_total", function="notes.list") == 1
            assert moved(before, after, "schemagen_reruns_wasted_total") == 0
            assert moved(before, after, "schemagen_results_delivered_total") == 2
            assert moved(before, after, "schemagen_executions_total", function="notes.list", outcome="ok") == 1
            assert moved(before, after, "schemagen_executions_total", kind="mutation") == 1
            assert (
                moved(before, after, "schemagen_writes_total") == moved(before, after, "schemagen_commits_total") == 1
            )
            assert moved(before, after, "schemagen_commit_timestamp") == 1
            assert after("schemagen_live_result_bytes") == len('["hello"]') + len("[]")
            assert moved(before, after, "schemagen_invalidation_seconds_total") > 0
            assert after("schemagen_cache_entries", cache="plans") == 1
            await ann.modify([], remove=[1, 2])
            await ann.next("transition")
            await bob.modify([], remove=[1])
            await bob.next("transition")
            left = await scrape(server)
            assert left("schemagen_live_queries") == left("schemagen_subscriptions") == 0
            assert left("schemagen_live_result_bytes") == 0

    asyncio.run(main())


def test_a_rerun_with_an_equal_result_is_wasted_and_sends_nothing() -> None:
    async def main() -> None:
        async with serving() as server, socket(server) as ann, socket(server) as bob:
            for number in range(2):
                await ann.mutate(number, "notes.add", company="acme", text="same")
                await ann.receive()
                await ann.receive()
            for client in (ann, bob):
                await client.watch(1, "notes.list", company="acme", slice={"size": 2})
            before = await scrape(server)
            async with http(server) as caller:
                await call(caller, "mutation", "notes.retype", company="acme")
            await bob.silence(0.05)
            after = await scrape(server)
            assert moved(before, after, "schemagen_reruns_total") == 1
            assert moved(before, after, "schemagen_reruns_wasted_total", function="notes.list") == 1
            assert moved(before, after, "schemagen_results_unchanged_total") == 2
            assert moved(before, after, "schemagen_results_delivered_total") == 0

    asyncio.run(main())


def test_runs_are_counted_by_how_they_ended() -> None:
    async def main() -> None:
        async with serving() as server, http(server) as client:
            before = await scrape(server)
            assert before.functions() == set()  # what has not run is not there
            for _ in range(6):
                await client.post("/api/mutation/notes.add", json={"company": "acme", "text": "n"})
            await client.post("/api/query/notes.list", json={"company": 1})
            await client.post("/api/query/notes.broken", json={"reason": "rust"})
            await client.post("/api/query/notes.nothing")
            await call(client, "action", "notes.wait", seconds=0.001)
            after = await scrape(server)
            runs = "schemagen_executions_total"
            assert after(runs, function="notes.add", kind="mutation", outcome="ok") == 5
            assert after(runs, function="notes.add", kind="mutation", outcome="app") == 1
            assert after(runs, function="notes.list", outcome="invalidArguments") == 1
            assert after(runs, function="notes.broken", kind="query", outcome="internal") == 1
            assert after(runs, function="notes.wait", kind="action", outcome="ok") == 1
            assert after.functions() == {"notes.add", "notes.list", "notes.broken", "notes.wait"}
            assert after("schemagen_mutations_total") == 6
            assert after("schemagen_execution_seconds_count", kind="mutation") == 6
            assert after("schemagen_execution_seconds_bucket", kind="action", le="0.0005") == 0
            assert after("schemagen_execution_seconds_bucket", kind="action", le="+Inf") == 1
            assert after("schemagen_function_seconds_total", function="notes.wait") >= 0.001

    asyncio.run(main())


def test_a_mutation_sent_again_is_a_replay_and_no_execution() -> None:
    async def main() -> None:
        async with serving() as server, http(server) as client:
            for _ in range(3):
                await client.post("/api/mutation/notes.tick", headers={"Idempotency-Key": "one"})
            after = await scrape(server)
            assert after("schemagen_mutations_total") == 3
            assert after("schemagen_mutation_replays_total") == 2
            assert after("schemagen_executions_total", function="notes.tick") == 1
            await client.post("/api/mutation/notes.labour", json={"rounds": 1}, headers={"Idempotency-Key": "one"})
            assert (await scrape(server))("schemagen_mutation_replays_total") == 2  # refused, and not replayed

    asyncio.run(main())


def test_what_a_slow_client_has_not_taken_and_that_it_was_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schemagen.serve.serving.SWEEP_SECONDS", 0.05)

    async def main() -> None:
        async with serving(stall_seconds=1.5) as server, http(server) as caller, socket(server, max_queue=1) as slow:
            slow.connection.transport.pause_reading()
            await slow.modify([(1, "notes.large", {"size": 4_000_000})])
            for _ in range(5):
                await call(caller, "mutation", "notes.tick")
            assert (await scrape(server))("schemagen_transitions_unsent") == 1
            assert (await scrape(server))("schemagen_slow_clients_dropped_total") == 0
            await until(server, "schemagen_slow_clients_dropped_total", 1)
            await until(server, "schemagen_connections", 0)
            await until(server, "schemagen_subscriptions", 0)
            assert (await scrape(server))("schemagen_slow_clients_dropped_total") == 1

    asyncio.run(main())


async def until(server: Server, name: str, value: float) -> None:
    for _ in range(100):
        if (await scrape(server))(name) == value:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{name} did not become {value}")


def test_process_and_files_are_measured(tmp_path: Path) -> None:
    async def main() -> None:
        async with serving(f"sqlite:///{tmp_path / 'notes.db'}") as server, http(server) as client:
            await call(client, "mutation", "notes.tick")
            found = await scrape(server)
            assert found("schemagen_database_bytes", file="main") == (tmp_path / "notes.db").stat().st_size
            assert found("schemagen_database_bytes", file="wal") > 0
            assert found("process_cpu_seconds_total") > 0
            assert found("schemagen_contract_info", fingerprint=server.app.serving.fingerprint) == 1
        async with serving() as server:
            assert (await scrape(server))("schemagen_database_bytes") == 0

    asyncio.run(main())


def test_between_two_engines_there_are_still_metrics(tmp_path: Path) -> None:
    def fail() -> Any:
        raise ValueError("no")

    async def main() -> None:
        async with serving() as server, socket(server):
            with pytest.raises(ValueError, match="no"):
                await server.swap(fail)
            found = await scrape(server)
            assert (found("schemagen_up"), found("schemagen_connections")) == (0, 1)

    asyncio.run(main())


def test_metrics_can_be_turned_off_or_kept_for_who_has_the_token() -> None:
    async def main() -> None:
        async with serving(metrics=False) as server, http(server) as client:
            assert (await client.get("/metrics")).status_code == 404
        async with serving(metrics_token="s3cret") as server, http(server) as client:
            for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "s3cret"}):
                response = await client.get("/metrics", headers=headers)
                assert response.status_code == 401
                assert "SCHEMAGEN_METRICS_TOKEN" in response.text
                assert response.headers["www-authenticate"] == "Bearer"
            assert (await scrape(server, Authorization="Bearer s3cret"))("schemagen_up") == 1

    asyncio.run(main())


def test_only_a_scrape_with_the_token_is_told_names_of_internal_functions() -> None:
    async def main(named: str, headers: dict[str, str], **settings: str) -> None:
        async with serving(**settings) as server, http(server) as client:
            await call(client, "action", "notes.reveal")
            found = await scrape(server, **headers)
            assert found.functions() == {"notes.reveal", named}
            assert found("schemagen_executions_total", function=named, kind="query", outcome="ok") == 1

    asyncio.run(main("(internal)", {}))
    asyncio.run(main("notes.secret", {"Authorization": "Bearer s3cret"}, metrics_token="s3cret"))


def test_functions_that_share_a_label_are_added_up_and_label_values_are_escaped() -> None:
    one, two = Tally(), Tally()
    one.ran("ok", 0.002)
    two.ran("ok", 7)
    runs = [FunctionRuns('a"\\\n', FunctionKind.QUERY, tally) for tally in (one, two)]
    found = Scrape(read_exposition(metrics_text(snapshot(*runs))))
    assert found("schemagen_executions_total", function='a"\\\n', kind="query", outcome="ok") == 2
    assert found("schemagen_execution_seconds_bucket", le="0.0025") == 1
    assert found("schemagen_execution_seconds_bucket", le="30") == 2


def test_every_metric_is_documented_and_every_documented_metric_is_there() -> None:
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| `((?:schemagen|process)_\w+)(?:\{[\w, ]+\})?` \|", page, re.MULTILINE))
    assert rows == {family.name for family in families(snapshot())}


def snapshot(*runs: FunctionRuns) -> Snapshot:
    engine = EngineSnapshot(
        fingerprint="f",
        stats=Stats(),
        ts=0,
        jobs_waiting=0,
        actions_running=0,
        runs=runs,
        caches={"plans": 1},
        database_bytes={"main": 4096},
    )
    return Snapshot(
        engine=engine,
        connections=0,
        connections_opened=0,
        clients_dropped=0,
        responses_unsent=0,
        transitions_unsent=0,
        changes_sent={"value": 0},
        held_bytes=0,
        cpu_seconds=0.5,
        started=1.5,
        resident_bytes=1,
    )
