from schemagen import AppError, Table, index


class Card(Table, name="cards"):
    column: str
    title: str

    by_column = index("column")


class Counter(Table, name="counters"):
    name: str
    value: int

    by_name = index("name")


class ColumnFull(AppError):
    """The column {column} has no place left."""

    column: str
    limit: int
