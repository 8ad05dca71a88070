from schemagen import Table


class Owned(Table):
    owner: str


class Contact(Owned, name="contacts"):
    title: str
