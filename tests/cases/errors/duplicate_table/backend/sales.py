from schemagen import Table


class Contact(Table, name="contacts"):
    full_name: str
