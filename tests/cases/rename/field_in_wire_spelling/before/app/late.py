import json

from shop_sdk import Client
from shop_sdk.types import Task


def late(tasks: list[Task]) -> list[str | None]:
    return [task.due_at for task in tasks]


print(late(Client("http://shop.example").tasks.tasks()))
print(json.loads("{}")["dueAt"])
