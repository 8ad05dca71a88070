from pydantic import BaseModel

from schemagen import JsonValue, Table, index


class Address(BaseModel):
    city: str


class Contact(Table, name="contacts"):
    labels: list[str] = []
    address: Address | None = None
    custom: JsonValue = None

    by_label = index("labels")
    by_address = index("address")
    by_custom = index("custom")
