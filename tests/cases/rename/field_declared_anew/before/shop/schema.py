from pydantic import BaseModel


class Owned(BaseModel):
    owner: str


class Contact(Owned):
    title: str


class Deal(Owned):
    owner: str = "nobody"
