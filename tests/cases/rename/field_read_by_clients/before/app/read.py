import asyncio
from itertools import islice

from shop_sdk import AsyncClient, Client


async def main() -> None:
    async with AsyncClient("http://shop.example") as shop:
        tasks = await shop.tasks.list()
        print(tasks[0].title)
        async for now in shop.live.tasks.list():
            print([task.title for task in now])
        both = await asyncio.gather(shop.tasks.list(), shop.tasks.list())
        print(both[1][0].title)


with Client("http://shop.example") as shop:
    print({task.id: task.title for task in shop.tasks.list()})
    for number, page in enumerate(islice(shop.live.tasks.list(), 3)):
        print(number, page[0].title)
