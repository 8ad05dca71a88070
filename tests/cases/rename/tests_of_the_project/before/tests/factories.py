from queue import Queue
from unittest.mock import Mock

import factory
from model_bakery import baker

from shop.tasks import Task


class TaskFactory(factory.Factory):
    class Meta:
        model = Task


made = [TaskFactory(title="a"), baker.make(Task, title="b"), Mock(spec=Task, title="c"), factory.Faker(title="d")]
queue = Queue()
queue.put(made[0])
print(queue.get().title)
