from shop_sdk import Client, types
from shop_sdk.types import Task, TaskId, TaskPage

Job = "in the way"


def show(page: TaskPage, first: types.Task, task_id: TaskId) -> list[Task]:
    return [first, *page.items, *Client(Job).tasks.get(task_id=task_id).items]
