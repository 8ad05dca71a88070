"""Calling a function of a running server, whatever its backend is: its contract says what kind the function is."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from schemagen.cli.mistake import CommandError, Mistake

TIMEOUT_SECONDS = 60.0


def call(url: str, path: str, args: dict[str, Any], token: str | None) -> dict[str, Any]:
    """`{"value": …}` or `{"error": …}`. Raises `CommandError` if there is no such server or function."""
    import httpx

    from schemagen.cli.run import find_function

    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    try:
        with httpx.Client(base_url=url, headers=headers, timeout=TIMEOUT_SECONDS) as client:
            functions = _json(url, client.get("/api/contract"), "contract")["contract"]["functions"]
            found = find_function(path, functions)
            kind = functions[found]["kind"]
            once = {"Idempotency-Key": f"{uuid4()}:1"} if kind == "mutation" else {}
            return _json(url, client.post(f"/api/{kind}/{found}", json=args, headers=once), "value", "error")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise CommandError(
            Mistake(
                "run_unreachable",
                f"{url}: {str(error) or type(error).__name__}",
                why="--url names a running server",
                fix="start one with `schemagen serve`, or correct the address: http://127.0.0.1:8000",
            )
        ) from None


def _json(url: str, response: Any, *keys: str) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        body = None
    if isinstance(body, dict) and body.keys() & set(keys):
        return body
    raise CommandError(
        Mistake(
            "run_unreachable",
            f"{url} answered {response.status_code}, but not as a schemagen server does",
            why="--url names a running schemagen server",
            fix="check the address, and what stands between you and it",
        )
    )
