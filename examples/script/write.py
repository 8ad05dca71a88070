"""Another connection, from asyncio: adds leads one after the other, so that whoever watches has something to see.

python -m examples.script.write http://127.0.0.1:8000 "$(schemagen token agent-north@acme.example)"
"""

import argparse
import asyncio

from crm import AsyncClient

NAMES = ("Aaron Swartz", "Abigail Adams", "Abraham Wald", "Achilles Tatius", "Adele Goldberg")


async def main() -> None:
    parser = argparse.ArgumentParser(description="Add leads to the CRM, one after the other.")
    parser.add_argument("url", help="where the server is, such as http://127.0.0.1:8000")
    parser.add_argument("token", help="who is writing, from `schemagen token`")
    parser.add_argument("--every", type=float, default=1.0, help="seconds between two leads")
    given = parser.parse_args()
    async with AsyncClient(given.url, token=given.token) as crm:
        for name in NAMES:
            await asyncio.sleep(given.every)
            await crm.contacts.create(full_name=name, stage="lead")
            print(f"   another connection added {name}", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
