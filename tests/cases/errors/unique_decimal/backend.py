from decimal import Decimal

from schemagen import Id, Table, index


class Shop(Table, name="shops"):
    name: str


class Price(Table, name="prices"):
    shop_id: Id[Shop]
    amount: Decimal | None = None

    by_amount = index("shop_id", "amount", unique=True)
