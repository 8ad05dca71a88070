"""What everything is compared with: FastAPI, sqlite3 and a broadcast, written by hand for this one job.

It is durable at every commit; on a write it runs the query once and sends the result to every socket that watches the
company. It has no sessions, no exactly-once mutations, no order between answers and changes, and knows one query.
"""

from __future__ import annotations

import socket
import sqlite3
from pathlib import Path
from uuid import uuid4

import uvicorn
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from pydantic import BaseModel


class Contact(BaseModel):
    id: str
    created: float
    company: str
    full_name: str
    stage: str


class Wanted(BaseModel):
    company: str


class Created(BaseModel):
    company: str
    full_name: str


class Contacts:
    """The table, and the three things that are done with it."""

    def __init__(self, file: Path) -> None:
        self.database = sqlite3.connect(file, isolation_level=None)
        self.database.execute("PRAGMA journal_mode=WAL")
        self.database.execute("PRAGMA synchronous=FULL")
        columns = "id TEXT PRIMARY KEY, created REAL, company TEXT, full_name TEXT, stage TEXT"
        self.database.execute(f"CREATE TABLE contacts ({columns})")
        self.database.execute("CREATE INDEX by_company ON contacts (company, full_name)")

    def select(self, company: str, limit: int = 20) -> list[Contact]:
        rows = self.database.execute(
            "SELECT id, created, company, full_name, stage FROM contacts WHERE company = ? ORDER BY full_name LIMIT ?",
            (company, limit),
        )
        names = ("id", "created", "company", "full_name", "stage")
        return [Contact(**dict(zip(names, row, strict=True))) for row in rows]

    def insert(self, company: str, full_name: str) -> str:
        contact_id = str(uuid4())
        row = (contact_id, 0.0, company, full_name, "lead")
        self.database.execute("INSERT INTO contacts VALUES (?, ?, ?, ?, ?)", row)
        return contact_id

    def rename(self, company: str, full_name: str) -> str:
        found = self.database.execute("SELECT id FROM contacts WHERE company = ? LIMIT 1", (company,)).fetchone()
        self.database.execute("UPDATE contacts SET full_name = ? WHERE id = ?", (full_name, found[0]))
        return str(found[0])


async def serve_by_hand(folder: Path) -> None:
    contacts = Contacts(folder / "crm.db")
    app = FastAPI()
    watching: dict[str, set[WebSocket]] = {}

    @app.post("/contacts/list")
    async def list_contacts(wanted: Wanted) -> list[Contact]:
        return contacts.select(wanted.company)

    @app.post("/contacts/create")
    async def create_contact(created: Created) -> str:
        contact_id = contacts.insert(created.company, created.full_name)
        await broadcast(created.company)
        return contact_id

    async def broadcast(company: str) -> None:
        if sockets := watching.get(company):
            rows = [contact.model_dump() for contact in contacts.select(company)]
            for each in list(sockets):
                await each.send_json(rows)

    @app.websocket("/live")
    async def live(client: WebSocket) -> None:
        await client.accept()
        watched: set[str] = set()
        try:
            while True:
                message = await client.receive_json()
                company = message["company"]
                if message["op"] in ("list", "watch"):
                    if message["op"] == "watch":
                        watched.add(company)
                        watching.setdefault(company, set()).add(client)
                    await client.send_json([contact.model_dump() for contact in contacts.select(company)])
                else:
                    change = contacts.insert if message["op"] == "create" else contacts.rename
                    contact_id = change(company, message["full_name"])
                    await broadcast(company)
                    await client.send_json({"id": contact_id})
        except WebSocketDisconnect:
            for company in watched:
                watching[company].discard(client)

    listener = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    config = uvicorn.Config(app, log_config=None, access_log=False, ws_per_message_deflate=False)
    await uvicorn.Server(config).serve([listener])
