from shop_sdk import Client
from shop_sdk.errors import AppError, TooFew, TooMany

try:
    Client("http://shop.example").tasks.add(limit=3)
except TooMany as error:
    print(error.limit)
except (TooFew, ValueError) as error:
    print(error)
except AppError as error:
    if isinstance(error, TooMany) and error.limit > 3:
        print(error.limit)
