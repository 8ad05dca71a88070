"""The doors: WebSocket, HTTP, tokens. Start at `app.py`; docs/serving.md and docs/auth.md are for those who run it."""
