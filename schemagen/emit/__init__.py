"""Contract → the text of an SDK, one package per language; no formatter runs, nothing is read but our own templates."""
