from decimal import Decimal

from schemagen import Table, search_index


class Product(Table, name="products"):
    name: str
    shop: str
    price: Decimal
    labels: list[str] | None = None

    search_by_price = search_index("name", filters=["shop", "price"])
    search_by_label = search_index("labels", filters=["labels"])
    search_twice = search_index("name", filters=("shop", "shop"))
    search_by_time = search_index("name", filters=["creation_time"])
