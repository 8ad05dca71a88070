"""Tables."""

from schemagen import Id, Table, index, search_index


class Company(Table, name="companies"):
    full_name: str  # another one

    by_name = index("full_name")


class Contact(Table, name="contacts"):
    company_id: Id[Company]
    full_name   :   str   # as on the passport
    """Shown everywhere."""
    nick: str = ""

    by_company = index("company_id", "full_name")
    by_name = index( 'full_name' )
    search_name = search_index("full_name", filters=["company_id"])

    def greeting(self) -> str:
        return f"Dear {self.full_name}, {self.nick}"
