"""In which order a commit is told: who called for it comes first, and hears what changed before the answer."""

from __future__ import annotations

import asyncio

from schemagen.engine.answer import Answer, Delta, Watch
from schemagen.engine.runtime import Subscriber
from schemagen.model.contract import FunctionKind, Json
from tests.engine.crm import CRM
from tests.engine.host import Host, on_loop, running, user

ADA = user("ada")


class Ear:
    """Notes who hears what, in order."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.heard: list[str] = []

    async def watcher(self, name: str, company: str) -> Subscriber:
        """A subscriber that watches the names of a company's contacts."""
        ready = asyncio.Event()

        def hear(delta: Delta) -> None:
            if delta.tag is not None:
                ready.set()
            else:
                self.heard.append(f"{name} hears")

        subscriber = self.host.runtime.subscriber(hear)
        subscriber.update(add={1: Watch("app.names", {"companyId": company})}, remove=(), identity=ADA, tag=name)
        await ready.wait()
        return subscriber

    async def create(self, caller: str, subscriber: Subscriber | None) -> Answer:
        def told(_: Answer) -> None:
            self.heard.append(f"{caller} answered")

        run = self.host.runtime.run
        args: Json = {"fullName": f"Contact of {caller}"}
        return await run(FunctionKind.MUTATION, "app.create", args, ADA, told=told, subscriber=subscriber)


async def company(host: Host) -> str:
    acme: str = await host.mutate("app.found", name="Acme")
    await host.mutate("app.hire", subject="ada", companyId=acme, role="owner")
    return acme


@on_loop
async def test_who_called_hears_the_change_then_the_answer_then_the_others_hear() -> None:
    async with running(CRM) as host:
        acme = await company(host)
        ear = Ear(host)
        await ear.watcher("ann", acme)
        bob = await ear.watcher("bob", acme)
        await ear.watcher("cid", acme)
        answer = await ear.create("bob", bob)
        assert answer.failure is None
        assert ear.heard == ["bob hears", "bob answered", "ann hears", "cid hears"]


@on_loop
async def test_a_caller_that_is_no_subscriber_is_answered_after_all_have_heard() -> None:
    async with running(CRM) as host:
        acme = await company(host)
        ear = Ear(host)
        bob = await ear.watcher("bob", acme)
        await ear.watcher("cid", acme)
        answer = await ear.create("http", None)
        assert answer.failure is None
        assert ear.heard == ["bob hears", "cid hears", "http answered"]
        ear.heard.clear()
        blocker = host.mutate("app.found", name="Other")  # while it runs, the next two mostly come together
        await asyncio.gather(blocker, ear.create("http", None), ear.create("bob", bob))
        heard = ear.heard  # of one commit, or two
        assert heard.index("bob hears") < heard.index("bob answered")
        assert "cid hears" in heard[heard.index("bob answered") :]
        assert heard.index("cid hears") < heard.index("http answered")


@on_loop
async def test_a_caller_that_watches_nothing_of_it_is_answered_before_others_hear() -> None:
    async with running(CRM) as host:
        acme = await company(host)
        ear = Ear(host)
        await ear.watcher("ann", acme)
        eve = host.runtime.subscriber(lambda _: ear.heard.append("eve hears"))
        await ear.create("eve", eve)
        assert ear.heard == ["eve answered", "ann hears"]


@on_loop
async def test_a_caller_does_not_wait_for_a_crowd_and_the_crowd_sees_the_last_state() -> None:
    async with running(CRM) as host:
        acme = await company(host)
        heard: list[str] = []
        latest: dict[int, tuple[int, object]] = {}

        async def watcher(number: int) -> Subscriber:
            ready = asyncio.Event()

            def hear(delta: Delta) -> None:
                assert delta.ts >= latest.get(number, (0, None))[0], "time ran backwards"
                latest[number] = (delta.ts, delta.changed.get(1))
                heard.append(str(number))
                if delta.tag is not None:
                    ready.set()

            subscriber = host.runtime.subscriber(hear)
            subscriber.update(add={1: Watch("app.names", {"companyId": acme})}, remove=(), identity=ADA, tag=number)
            await ready.wait()
            return subscriber

        crowd = [await watcher(number) for number in range(100)]
        heard.clear()

        async def create(caller: int) -> Answer:
            def told(_: Answer) -> None:
                heard.append(f"{caller} answered")

            args: Json = {"fullName": f"Contact {len(heard)}"}
            run = host.runtime.run
            return await run(FunctionKind.MUTATION, "app.create", args, ADA, told=told, subscriber=crowd[caller])

        await create(50)
        assert heard.index("50 answered") == 1, "the caller hears and is answered, then the others hear"
        assert len(heard) < 100, "the crowd is told later"
        answer = await create(99)  # one of the crowd, who may still have to hear of the first
        assert heard.index("99 answered") > heard.index("99")
        await host.mutate("app.found", name="Other")  # answered when all have heard
        assert {ts for ts, _ in latest.values()} == {answer.ts}
        assert len({value for _, value in latest.values()}) == 1
