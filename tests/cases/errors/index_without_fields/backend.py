from schemagen import Table, index


class Contact(Table, name="contacts"):
    full_name: str

    by_name = index()
