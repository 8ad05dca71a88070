import pytest

from shop.tasks import Task


@pytest.fixture
def task() -> Task:
    return Task(title="write")


@pytest.mark.parametrize("title", ["a", "b"])
def test_a_task_has_its_title(task: Task, title) -> None:
    task.title = title
    assert task.title == title
