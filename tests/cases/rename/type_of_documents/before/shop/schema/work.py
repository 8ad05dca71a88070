from __future__ import annotations

from schemagen import Id, Table


class Note(Table, name="notes"):
    task_id: Id[Task]


class Task(Table, name="tasks"):
    """A Task."""

    title: str
    parents: list["Task"] = []
