from schemagen import Table


class Person(Table, name="contacts"):
    name: str
