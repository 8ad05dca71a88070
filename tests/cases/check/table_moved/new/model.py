from schemagen import Table


class Contact(Table, name="contacts"):
    name: str
