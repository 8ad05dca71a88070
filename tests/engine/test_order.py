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
