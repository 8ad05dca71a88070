from schemagen import Table, search_index


class Contact(Table, name="contacts"):
    full_name: str
    age: int

    search_age = search_index("age")
