"""The tables. Add a field, run `schemagen build`, and the type checkers of all clients know it."""

from schemagen import Table, index


class Task(Table, name="tasks"):
    """Something to do."""

    title: str
    done: bool = False

    by_done = index("done")
