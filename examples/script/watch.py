"""A Python consumer of the CRM: adds a contact, meets a typed error, and prints live results.

python -m examples.script.watch http://127.0.0.1:8000 "$(schemagen token owner@acme.example)"
"""

import argparse
from itertools import islice

from crm import Client
from crm.errors import AlreadyExists, Forbidden
from crm.types import ContactPage


def main() -> None:
    parser = argparse.ArgumentParser(description="Print the leads of the CRM whenever they change.")
    parser.add_argument("url", help="where the server is, such as http://127.0.0.1:8000")
    parser.add_argument("token", help="who is asking, from `schemagen token`")
    parser.add_argument("--results", type=int, default=None, help="end after so many results; the default is never")
    given = parser.parse_args()
    with Client(given.url, token=given.token) as crm:
        greet(crm)
        add_ada(crm)
        watch_leads(crm, given.results)


def greet(crm: Client) -> None:
    """Who we are here."""
    me = crm.users.me()
    if me.company is None or me.role is None:
        raise SystemExit("You do not work for a company yet.")
    print(f"{me.full_name} is {me.role.name} at {me.company.name}")


def add_ada(crm: Client) -> None:
    """Add a contact; errors of the backend are classes with typed fields."""
    try:
        contact_id = crm.contacts.create(full_name="Ada Lovelace", email="ada@analytical.example", channel="referral")
    except AlreadyExists as error:
        print(f"not added: {error.value} is the {error.what} of somebody else")
    except Forbidden as error:
        print(f"not added: that takes the permission {error.permission}")
    else:
        details = crm.contacts.get(contact_id=contact_id)
        print(f"added {details.contact.full_name}, who belongs to {details.owner.full_name}")


def watch_leads(crm: Client, results: int | None) -> None:
    """Print the leads now, and again whenever anybody changes them."""
    for page in islice(crm.live.contacts.list(stage="lead"), results):
        print(describe(page), flush=True)


def describe(page: ContactPage) -> str:
    """One line for a page of contacts."""
    names = ", ".join(contact.full_name for contact in page.items[:4])
    more = "or more " if page.next_cursor else ""
    return f"live: {len(page.items)} {more}leads: {names}, …"


if __name__ == "__main__":
    main()
