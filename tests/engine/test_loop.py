"""The event loop of queries and mutations."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from schemagen import ForbiddenAwait
from schemagen.engine.loop import REFUSALS_MAX
from schemagen.engine.stepping import run_to_end


async def value_of(value: int) -> int:
    return value


def test_gathered_calls_answer_in_the_order_they_were_given() -> None:
    async def handler() -> list[int]:
        return list(await asyncio.gather(value_of(1), value_of(2), value_of(3)))

    assert run_to_end(handler()) == [1, 2, 3]


def test_tasks_run_in_the_order_they_were_created() -> None:
    ran: list[int] = []

    async def note(number: int) -> None:
        ran.append(number)

    async def handler() -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(5):
                group.create_task(note(number))

    run_to_end(handler())
    assert ran == [0, 1, 2, 3, 4]


def test_a_task_that_fails_cancels_its_group_and_what_it_raised_reaches_the_handler() -> None:
    ended: list[str] = []

    async def fail() -> None:
        raise LookupError("gone")

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    async def handler() -> str:
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(wait())
                group.create_task(fail())
        except* LookupError as caught:
            ended.append(str(caught.exceptions[0]))
        return "went on"

    assert run_to_end(handler()) == "went on"
    assert ended == ["cancelled", "gone"]


def test_gather_can_return_what_was_raised() -> None:
    async def fail() -> int:
        raise LookupError("gone")

    async def handler() -> list[Any]:
        return list(await asyncio.gather(value_of(1), fail(), return_exceptions=True))

    one, error = run_to_end(handler())
    assert one == 1 and isinstance(error, LookupError)


def test_tasks_may_wait_for_each_other() -> None:
    async def handler() -> str:
        told: asyncio.Queue[str] = asyncio.Queue()

        async def tell() -> None:
            await told.put("hello")

        listening = asyncio.create_task(told.get())
        await asyncio.gather(tell())
        return await listening

    assert run_to_end(handler()) == "hello"


FORBIDDEN: dict[str, Callable[[], Awaitable[Any]]] = {
    "sleep": lambda: asyncio.sleep(1),
    "yield": lambda: asyncio.sleep(0),
    "thread": lambda: asyncio.to_thread(print),
    "socket": lambda: asyncio.open_connection("127.0.0.1", 1),
    "subprocess": lambda: asyncio.create_subprocess_exec("true"),
    "time limit": lambda: asyncio.wait_for(asyncio.get_running_loop().create_future(), 1),
    "nothing": lambda: asyncio.Event().wait(),
}


@pytest.mark.parametrize("how", FORBIDDEN)
@pytest.mark.parametrize("inside_a_task", [False, True])
def test_what_is_not_ctx_is_refused(how: str, inside_a_task: bool) -> None:
    async def waiting() -> None:
        await FORBIDDEN[how]()

    async def handler() -> None:
        await (asyncio.gather(waiting()) if inside_a_task else waiting())

    with pytest.raises(ForbiddenAwait, match="@action"):
        run_to_end(handler())


def test_a_handler_that_catches_every_refusal_is_ended_all_the_same() -> None:
    attempts = 0

    async def stubborn() -> None:
        nonlocal attempts
        while True:
            try:
                attempts += 1
                await asyncio.sleep(0)
            except Exception:
                continue

    with pytest.raises(ForbiddenAwait):
        run_to_end(stubborn())
    assert attempts <= REFUSALS_MAX + 2

    async def handler() -> None:
        await asyncio.gather(stubborn())

    with pytest.raises(ForbiddenAwait):
        run_to_end(handler())


def test_a_handlers_own_error_stays_what_it_is() -> None:
    async def handler() -> None:
        raise NotImplementedError

    with pytest.raises(NotImplementedError):
        run_to_end(handler())


def test_a_task_left_behind_is_cancelled_with_the_handler() -> None:
    ran: list[str] = []

    async def late() -> None:
        ran.append("late")

    async def handler() -> str:
        left = asyncio.create_task(late())
        return "pending" if not left.done() else "done"

    assert run_to_end(handler()) == "pending"
    assert ran == []


def test_the_loop_outside_is_back_afterwards() -> None:
    async def outside() -> bool:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        run_to_end(value_of(1))
        await asyncio.sleep(0)
        return asyncio.get_running_loop() is loop and asyncio.current_task() is task

    assert asyncio.run(outside())


def test_tasks_have_context_variables_of_their_own() -> None:
    variable: contextvars.ContextVar[int] = contextvars.ContextVar("variable", default=0)

    async def change() -> int:
        variable.set(1)
        return variable.get()

    async def handler() -> tuple[int, int]:
        (inner,) = await asyncio.gather(change())
        return inner, variable.get()

    assert run_to_end(handler()) == (1, 0)
