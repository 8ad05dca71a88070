from schemagen import Id, Table, index, ref


class Company(Table, name="companies"):
    name: str


class InCompany(Table):
    company_id: Id[Company] = ref(on_delete="cascade")


class Contact(InCompany, name="contacts"):
    full_name: str

    by_name = index("full_name", "company_id")


class Note(InCompany, name="notes"):
    contact_id: Id[Contact] = ref(on_delete="cascade")

    by_company = index("company_id", unique=True)
