from schemagen import Table, index


class Contact(Table, name="contacts"):
    full_name: str
    stage: str

    by_stage = index("stage", "full_name", "stage")
