from shop_sdk import Client

shop = Client("http://shop.example")
arguments = {"title": "a"}
shop.tasks.create(title="a", done=True)
shop.tasks.other(title="b")
shop.tasks.create(**arguments)
