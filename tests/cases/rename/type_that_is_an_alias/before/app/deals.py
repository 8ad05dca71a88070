from shop_sdk import Client
from shop_sdk.types import Stage

STAGES: list[Stage] = ["open", "won"]
print(Client("http://shop.example").deals.deals(stage=STAGES[0]))
