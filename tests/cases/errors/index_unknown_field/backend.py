from schemagen import Id, Table, index, search_index


class Member(Table, name="members"):
    name: str


class Contact(Table, name="contacts"):
    owner: Id[Member]
    full_name: str

    by_owner = index("owner_id")
    by_time = index("owner", "creation_time")
    search_name = search_index("full_name", filters=["company_id"])
