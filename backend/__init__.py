"""Client Commander: a CRM for many companies. Start at `schema/`, then `permissions.py` and `contacts.py`."""
