from schemagen import Table, index


class Owned(Table):
    owner: str


class Contact(Owned, name="contacts"):
    title: str

    by_owner = index("owner")


class Deal(Owned, name="deals"):
    owner: str = "nobody"
