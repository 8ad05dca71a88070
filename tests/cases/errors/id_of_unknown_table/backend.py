from pydantic import BaseModel

from schemagen import Id, QueryCtx, Table, query


class Note(BaseModel):
    text: str


class Contact(Table, name="contacts"):
    note_id: Id[Note]
    text_id: Id[str] | None = None
