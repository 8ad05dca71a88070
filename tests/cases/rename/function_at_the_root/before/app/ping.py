from unittest.mock import patch

from shop_sdk import Client

print(Client("http://shop.example").ping())

with patch("shop.ping"):
    pass
