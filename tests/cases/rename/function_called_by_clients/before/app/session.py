from collections.abc import Iterator
from contextlib import contextmanager

from shop_sdk import AsyncClient, Client


class Session:
    def __init__(self, url: str) -> None:
        self.client = Client(url)

    def again(self) -> AsyncClient:
        return AsyncClient("http://shop.example")


@contextmanager
def opened(url: str) -> Iterator[Client]:
    with Client(url) as client:
        yield client
