"""Who is told what, and what runs again for it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from schemagen import Id, MutationCtx, QueryCtx, Table, index, mutation, query
from schemagen.engine.answer import Failure, FailureKind
from tests.engine.backend import backend_of
from tests.engine.crm import CRM
from tests.engine.host import Host, on_loop, running, user

ADA, BOB, EVE = user("ada"), user("bob"), user("eve")


async def two_companies(host: Host) -> tuple[str, str]:
    """Acme with Ada (owner) and Bob (agent), Evil with Eve (owner)."""
    acme, evil = await host.mutate("app.found", name="Acme"), await host.mutate("app.found", name="Evil")
    await host.mutate("app.hire", subject="ada", companyId=acme, role="owner")
    await host.mutate("app.hire", subject="bob", companyId=acme)
    await host.mutate("app.hire", subject="eve", companyId=evil, role="owner")
    return acme, evil


def shown(contacts: list[dict[str, object]]) -> list[object]:
    return [contact["fullName"] for contact in contacts]


@on_loop
async def test_a_write_reaches_who_sees_it_and_nobody_else() -> None:
    async with running(CRM) as host:
        await two_companies(host)
        ada, eve = await host.watcher_as(ADA), await host.watcher_as(EVE)
        assert await ada.watch("app.list") == [] and await eve.watch("app.list") == []
        heard, before = len(eve.deltas), host.stats
        await host.mutate("app.create", ADA, fullName="Grace")
        assert shown(ada.results[0]) == ["Grace"]
        assert len(eve.deltas) == heard
        assert host.stats.reruns == before.reruns + 1


@on_loop
async def test_a_changed_role_runs_again_what_depended_on_it() -> None:
    async with running(CRM) as host:
        acme, _ = await two_companies(host)
        bob, eve = await host.watcher_as(BOB), await host.watcher_as(EVE)
        await host.mutate("app.create", ADA, fullName="Grace")
        assert await bob.watch("app.list") == []
        assert await bob.watch("app.names", companyId=acme) == ["Grace"]
        await eve.watch("app.list")
        heard, before = len(eve.deltas), host.stats
        agents = await host.mutate("app.hire", subject="zoe", companyId=acme)  # nobody's list reads Zoe
        assert host.stats.reruns == before.reruns
        bobs_id = await agent_id(host, "bob")
        await host.mutate("app.setRole", agentId=bobs_id, role="owner")
        assert shown(bob.results[0]) == ["Grace"]
        assert (len(eve.deltas), host.stats.reruns) == (heard, before.reruns + 1)
        assert agents != bobs_id


async def agent_id(host: Host, subject: str) -> str:
    store = host.runtime._workshop.store  # no query of the backend tells
    found: str = store._execute("SELECT _id FROM agents WHERE subject = ?", (subject,)).fetchone()[0]
    return found


@on_loop
async def test_the_change_of_a_commit_arrives_before_the_answer() -> None:
    async with running(CRM) as host:
        acme, _ = await two_companies(host)
        watcher = host.watcher()
        await watcher.watch("app.names", companyId=acme)
        for number in range(20):
            await host.mutate("app.create", ADA, fullName=f"{number:02}")
            assert len(watcher.results[0]) == number + 1


@on_loop
async def test_one_query_runs_once_for_all_who_watch_it() -> None:
    async with running(CRM) as host:
        acme, _ = await two_companies(host)
        watchers = [await host.watcher_as(user(f"u{number}")) for number in range(10)]
        before = host.stats
        for watcher in watchers:
            await watcher.watch("app.names", companyId=acme)
        assert host.stats.executions == before.executions + 1
        assert host.stats.subscriptions == 10
        await host.mutate("app.create", ADA, fullName="Grace")
        assert [watcher.results[0] for watcher in watchers] == [["Grace"]] * 10
        assert host.stats.reruns == before.reruns + 1
        results = {id(watcher.deltas[-1].changed[0]) for watcher in watchers}
        assert len(results) == 1  # one encoding, not ten equal ones


@on_loop
async def test_what_asks_for_the_caller_is_run_for_each_caller() -> None:
    async with running(CRM) as host:
        await two_companies(host)
        before = host.stats.executions
        first, second, other = [await host.watcher_as(who) for who in (ADA, user("ada"), EVE)]
        for watcher in (first, second, other):
            await watcher.watch("app.list")
        assert host.stats.executions == before + 2


@on_loop
async def test_equal_results_are_not_sent() -> None:
    async with running(CRM) as host:
        acme, _ = await two_companies(host)
        grace = await host.mutate("app.create", ADA, fullName="Grace")
        watcher = host.watcher()
        await watcher.watch("app.names", companyId=acme)
        heard = len(watcher.deltas)
        await host.mutate("app.plan", id=grace, dueAt="2026-01-01T00:00:00Z")
        assert len(watcher.deltas) == heard
        assert (host.stats.reruns, host.stats.wasted_reruns) == (1, 1)


@on_loop
async def test_a_result_that_stays_the_same_stays_the_same_object() -> None:
    """Clients hold what they were sent: an equal copy beside it would be kept for every query."""
    async with running(CRM) as host:
        acme, _ = await two_companies(host)
        grace = await host.mutate("app.create", ADA, fullName="Grace")
        first, second = host.watcher(), host.watcher()
        await first.watch("app.names", companyId=acme)
        await host.mutate("app.plan", id=grace, dueAt="2026-01-01T00:00:00Z")
        assert host.stats.wasted_reruns == 1
        await second.watch("app.names", companyId=acme)
        assert second.deltas[-1].changed[0] is first.deltas[-1].changed[0]


@on_loop
async def test_a_save_that_changes_nothing_runs_nothing() -> None:
    async with running(CRM) as host:
        acme, _ = await two_companies(host)
        grace = await host.mutate("app.create", ADA, fullName="Grace")
        watcher = host.watcher()
        await watcher.watch("app.names", companyId=acme)
        before = host.stats
        await host.mutate("app.rename", id=grace, fullName="Grace")
        assert (host.stats.reruns, host.stats.commits) == (before.reruns, before.commits)


@on_loop
async def test_what_is_absent_was_read_too() -> None:
    async with running(CRM) as host:
        acme, _ = await two_companies(host)
        grace = await host.mutate("app.create", ADA, fullName="Grace")
        watcher = host.watcher()
        assert (await watcher.watch("app.get", id=grace))["fullName"] == "Grace"
        await host.mutate("app.remove", id=grace)
        assert watcher.results[0] is None
        assert await watcher.watch("app.count", companyId=acme, stage="won") == 0
        await host.mutate("app.create", ADA, fullName="Zoe", stage="won")
        assert watcher.results[1] == 1


@on_loop
async def test_an_id_without_document_was_read_too() -> None:
    async with running(CRM) as host:
        watcher = host.watcher()
        unborn = "contacts_01h455vb4pex5vsknk084sn02q"
        assert await watcher.watch("app.get", id=unborn) is None
        # No insert can choose its id, so ask what such a write would meet.
        table = host.runtime._workshop.catalog.by_name["contacts"]
        row = (unborn, "2026-01-01T00:00:00.000000Z", "companies_01h455vb4pex5vsknk084sn02q", None, "x", "lead", None)
        assert len(host.runtime._engine._live.met_by([(table, None, row)])) == 1


@on_loop
async def test_a_short_read_ends_at_the_last_document_it_gave() -> None:
    async with running(CRM) as host:
        acme, _ = await two_companies(host)
        for name in ("b", "d", "f"):
            await host.mutate("app.create", ADA, fullName=name)
        watcher = host.watcher()
        assert await watcher.watch("app.firstNames", companyId=acme, count=2) == ["b", "d"]
        assert await watcher.watch("app.firstNames", companyId=acme, count=2, backwards=True) == ["f", "d"]
        assert await watcher.watch("app.until", companyId=acme, name="c") == ["b", "d"]
        before = host.stats.reruns
        await host.mutate("app.create", ADA, fullName="e")
        assert host.stats.reruns == before + 1  # only the one that reads from behind
        assert watcher.results[1] == ["f", "e"]
        await host.mutate("app.create", ADA, fullName="a")
        assert (watcher.results[0], watcher.results[2]) == (["a", "b"], ["a", "b", "d"])
        assert host.stats.reruns == before + 3


@on_loop
async def test_a_read_that_found_too_little_goes_to_the_end() -> None:
    async with running(CRM) as host:
        acme, _ = await two_companies(host)
        await host.mutate("app.create", ADA, fullName="b")
        watcher = host.watcher()
        assert await watcher.watch("app.firstNames", companyId=acme, count=2) == ["b"]
        assert await watcher.watch("app.until", companyId=acme, name="x") == ["b"]
        await host.mutate("app.create", ADA, fullName="z")
        assert (watcher.results[0], watcher.results[1]) == (["b", "z"], ["b", "z"])


@on_loop
async def test_a_failing_query_says_so_and_is_still_watched() -> None:
    async with running(CRM) as host:
        acme, _ = await two_companies(host)
        watcher = await host.watcher_as(user("zoe"))
        failure = await watcher.watch("app.list")
        assert isinstance(failure, Failure)
        assert (failure.kind, failure.code, failure.data) == (FailureKind.APP, "forbidden", {"action": "see this"})
        assert failure.message == "You may not see this."
        await host.mutate("app.hire", subject="zoe", companyId=acme)
        assert watcher.results[0] == []


@on_loop
async def test_arguments_and_paths_that_are_wrong_are_failures_too() -> None:
    async with running(CRM) as host:
        watcher = host.watcher()
        wrong = await watcher.watch("app.names", companyId=3)
        assert wrong.kind is FailureKind.INVALID_ARGUMENTS and wrong.issues[0].path == ("companyId",)
        assert (await watcher.watch("app.nothing")).kind is FailureKind.UNKNOWN_FUNCTION
        assert (await watcher.watch("app.create", fullName="x")).kind is FailureKind.UNKNOWN_FUNCTION


@on_loop
async def test_a_new_caller_runs_again_only_what_asked_for_the_caller() -> None:
    async with running(CRM) as host:
        acme, _ = await two_companies(host)
        await host.mutate("app.create", ADA, fullName="Grace")
        watcher = await host.watcher_as(BOB)
        await watcher.watch("app.list")
        await watcher.watch("app.names", companyId=acme)
        before = host.stats.executions
        delta = await watcher.become(user("bob"))  # a fresh token of the same caller
        assert (host.stats.executions, delta.changed) == (before, {})
        delta = await watcher.become(ADA)
        assert host.stats.executions == before + 1 and list(delta.changed) == [0]
        assert shown(watcher.results[0]) == ["Grace"]
        await host.mutate("app.create", ADA, fullName="Hal")
        assert shown(watcher.results[0]) == ["Grace", "Hal"] and watcher.results[1] == ["Grace", "Hal"]


@on_loop
async def test_other_claims_are_another_caller() -> None:
    async with running(CRM) as host:
        await two_companies(host)
        watcher = await host.watcher_as(user("ada", plan="free"))
        await watcher.watch("app.list")
        before = host.stats.executions
        await watcher.become(user("ada", plan="paid"))
        assert host.stats.executions == before + 1


@on_loop
async def test_time_that_moves_on_runs_again_what_read_it() -> None:
    async with running(CRM) as host:
        acme, _ = await two_companies(host)
        grace = await host.mutate("app.create", ADA, fullName="Grace")
        await host.mutate("app.create", ADA, fullName="never due")
        await host.mutate("app.plan", id=grace, dueAt=(host.clock.time + timedelta(seconds=90)).isoformat())
        watcher = host.watcher()
        assert await watcher.watch("app.due", companyId=acme) == []
        host.clock.turn(timedelta(minutes=1))
        await host.mutate("app.found", name="wakes the engine")
        assert (watcher.results[0], host.stats.reruns) == ([], 1)
        host.clock.turn(timedelta(minutes=1))
        await host.mutate("app.found", name="wakes it again")
        assert watcher.results[0] == ["Grace"]
        ts = watcher.ts
        host.clock.turn(timedelta(seconds=30))
        await host.mutate("app.found", name="too early")
        assert host.stats.reruns == 2 and watcher.ts == ts


@on_loop
async def test_what_is_no_longer_watched_is_not_run() -> None:
    async with running(CRM) as host:
        acme, _ = await two_companies(host)
        watcher, other = host.watcher(), host.watcher()
        await watcher.watch("app.names", companyId=acme)
        await other.watch("app.names", companyId=acme)
        await watcher.update({}, remove=(0, 0, 7))
        await host.mutate("app.create", ADA, fullName="a")
        assert (watcher.results[0], other.results[0], host.stats.reruns) == ([], ["a"], 1)
        other.close()
        heard = len(other.deltas)
        await host.mutate("app.create", ADA, fullName="b")
        assert (len(other.deltas), host.stats.reruns, host.stats.subscriptions) == (heard, 1, 0)


@on_loop
async def test_one_watcher_may_watch_one_query_twice() -> None:
    async with running(CRM) as host:
        acme, _ = await two_companies(host)
        watcher = host.watcher()
        await watcher.update({1: ("app.names", {"companyId": acme}), 2: ("app.names", {"companyId": acme})})
        await host.mutate("app.create", ADA, fullName="a")
        assert watcher.results == {1: ["a"], 2: ["a"]}
        await watcher.update({}, remove=(1,))
        await host.mutate("app.create", ADA, fullName="b")
        assert watcher.results == {1: ["a"], 2: ["a", "b"]}


@on_loop
async def test_all_queries_of_a_watcher_change_in_one_step() -> None:
    async with running(CRM) as host:
        acme, _ = await two_companies(host)
        watcher = host.watcher()
        await watcher.update(
            {1: ("app.names", {"companyId": acme}), 2: ("app.count", {"companyId": acme, "stage": "lead"})}
        )
        heard = len(watcher.deltas)
        await asyncio.gather(*(host.mutate("app.create", ADA, fullName=f"{number}") for number in range(30)))
        for delta in watcher.deltas[heard:]:
            assert set(delta.changed) == {1, 2}
        assert (len(watcher.results[1]), watcher.results[2]) == (30, 30)


class Flag(Table, name="flags"):
    name: str
    private: bool

    by_name = index("name")


@mutation
async def put(ctx: MutationCtx, *, name: str, private: bool) -> Id[Flag]:
    return await ctx.db.insert(Flag(name=name, private=private))


@mutation
async def turn(ctx: MutationCtx, *, id: Id[Flag], private: bool) -> None:
    await ctx.db.patch(id, private=private)


@query
async def greeting(ctx: QueryCtx, *, name: str) -> str:
    """Asks who the caller is only if a stored flag says so."""
    flag = await ctx.db.query(Flag).where(Flag.name == name).unique()
    if flag is None or not flag.private:
        return "hello"
    identity = await ctx.auth.identity()
    return f"hello {identity.subject if identity else 'stranger'}"


@on_loop
async def test_a_query_that_begins_to_ask_for_the_caller_parts_its_watchers() -> None:
    backend = backend_of(put, turn, greeting, tables=[Flag])
    async with running(backend) as host:
        flag = await host.mutate("app.put", name="f", private=False)
        watchers = [await host.watcher_as(who) for who in (ADA, BOB, None, ADA)]
        for watcher in watchers:
            assert await watcher.watch("app.greeting", name="f") == "hello"
        assert host.stats.executions == 2
        await host.mutate("app.turn", id=flag, private=True)
        assert [w.results[0] for w in watchers] == ["hello ada", "hello bob", "hello stranger", "hello ada"]
        late = await host.watcher_as(BOB)
        assert await late.watch("app.greeting", name="f") == "hello bob"
        await host.mutate("app.turn", id=flag, private=False)
        assert [w.results[0] for w in [*watchers, late]] == ["hello"] * 5
        await watchers[0].become(BOB)
        await host.mutate("app.turn", id=flag, private=True)
        assert [w.results[0] for w in watchers] == ["hello bob", "hello bob", "hello stranger", "hello ada"]
        ada = await host.watcher_as(ADA)
        assert await ada.watch("app.greeting", name="f") == "hello ada"
