from crm import Client

print(Client().search(filter={"text": "Ada"}).text)
