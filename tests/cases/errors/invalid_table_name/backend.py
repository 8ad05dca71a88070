from schemagen import Table


class Contact(Table, name="Contacts"):
    name: str


class Company(Table, name="our companies"):
    name: str


class Long(Table, name="a_name_that_is_a_little_longer_than_any_name_of_a_table_should_ever_be"):
    name: str
