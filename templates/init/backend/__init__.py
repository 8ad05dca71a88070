"""The backend: tables in `schema.py`, functions in modules beside it."""
