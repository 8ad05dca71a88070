from crm import Client
from crm.types import Filter

print(Client().search(filter=Filter(text="Ada")).text)
