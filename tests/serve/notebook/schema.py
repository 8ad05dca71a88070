from schemagen import AppError, Table, index


class Member(Table, name="members"):
    subject: str
    company: str

    by_subject = index("subject")


class Note(Table, name="notes"):
    company: str
    text: str

    by_company = index("company")


class Counter(Table, name="counters"):
    name: str
    value: int

    by_name = index("name")


class TooManyNotes(AppError):
    """The limit of {max_notes} notes is reached."""

    max_notes: int
