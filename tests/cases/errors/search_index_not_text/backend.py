from schemagen import Table, search_index


class Contact(Table, name="contacts"):
    name: str
    nicknames: list[str] = []
    ages: list[int] = []
    age: int

    search_name = search_index("name")
    search_nicknames = search_index("nicknames")
    search_age = search_index("age")
    search_ages = search_index("ages")
    search_id = search_index("id")
