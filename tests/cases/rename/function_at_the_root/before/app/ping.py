from unittest.mock import patch

import shop
from shop_sdk import Client

print(Client("http://shop.example").ping())

with patch("shop.ping"), patch.object(shop, "ping"):
    pass
