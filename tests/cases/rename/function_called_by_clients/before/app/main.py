import asyncio

from . import session
from .session import Session


def show(given: Session) -> None:
    print(given.client.tasks.open_tasks(day="monday"))
    for names in given.client.live.tasks.open_tasks(day="monday"):
        print(f"{len(names)} of {given.client.tasks.open_tasks(day='sunday')!r}")


async def main() -> None:
    async with session.Session("http://shop.example").again() as shop:
        today = shop.tasks.open_tasks
        await today(day="friday")


def untyped(shop, tasks):
    return shop.tasks.open_tasks(day="friday"), tasks.open_tasks


asyncio.run(main())
