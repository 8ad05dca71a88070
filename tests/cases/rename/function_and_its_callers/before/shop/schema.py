from schemagen import Table, index


class Task(Table, name="tasks"):
    title: str
    done: bool = False

    by_done = index("done")
