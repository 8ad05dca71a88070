"""Calls over HTTP, against a real server."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest

from schemagen.serve.server import Server
from tests.serve.harness import call, http, serving, token

Story = Callable[[Server, httpx.AsyncClient], Awaitable[None]]


def run(story: Story, **settings: Any) -> None:
    async def main() -> None:
        async with serving(**settings) as server, http(server) as client:
            await story(server, client)

    asyncio.run(main())


def check_error(response: httpx.Response, status: int, kind: str, message: str = "") -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    error: dict[str, Any] = response.json()["error"]
    assert error["kind"] == kind
    assert message in error["message"]
    return error


def test_a_call_gives_the_value_and_the_commit_it_belongs_to() -> None:
    async def story(server: Server, client: httpx.AsyncClient) -> None:
        before = (await client.post("/api/query/notes.count")).json()
        assert before["value"] == 0
        added = (await client.post("/api/mutation/notes.add", json={"company": "acme", "text": "hello"})).json()
        assert added["value"].startswith("notes_")
        assert added["ts"] > before["ts"]
        assert await call(client, "query", "notes.list", company="acme") == ["hello"]
        assert await call(client, "action", "notes.wait", seconds=0) == "done"

    run(story)


def test_no_body_is_no_arguments() -> None:
    async def story(server: Server, client: httpx.AsyncClient) -> None:
        for content in (None, b"", b"{}", b" {} "):
            assert (await client.post("/api/query/notes.count", content=content)).json()["value"] == 0

    run(story)


def test_what_is_not_there_is_said_with_a_suggestion() -> None:
    async def story(server: Server, client: httpx.AsyncClient) -> None:
        check_error(await client.post("/api/query/notes.lst"), 404, "unknownFunction", 'did you mean "notes.list"?')
        check_error(await client.post("/api/query/notes.add"), 404, "unknownFunction", "it is a mutation")
        hidden = check_error(await client.post("/api/query/notes.secret"), 404, "unknownFunction")
        assert hidden == {
            "kind": "unknownFunction",
            "code": "unknown_function",
            "message": 'there is no query "notes.secret"',
        }
        check_error(await client.post("/api/notes.list"), 404, "protocol", "/api/query/<path>")
        check_error(await client.post("/api/query/"), 404, "protocol")
        check_error(await client.post("/api/query/a/b"), 404, "unknownFunction")
        allowed = await client.get("/api/query/notes.count")
        check_error(allowed, 405, "protocol", "takes POST, not GET")
        assert "POST" in allowed.headers["allow"]

    run(story)


def test_a_body_that_is_no_json_object_is_refused_with_the_position() -> None:
    async def story(server: Server, client: httpx.AsyncClient) -> None:
        path = "/api/query/notes.list"
        error = check_error(await client.post(path, content='{"company":\n  nope}'), 422, "invalidArguments", "line 2")
        assert error["issues"][0]["path"] == []
        check_error(await client.post(path, content="[1]"), 422, "invalidArguments", "must be a JSON object")
        check_error(await client.post(path, content=b"\xff\xfe"), 422, "invalidArguments", "not JSON")
        check_error(await client.post(path, content='{"a":"\\ud800"}'), 422, "invalidArguments", "not JSON")
        check_error(await client.post(path, content="[" * 5000 + "]" * 5000), 422, "invalidArguments", "not JSON")

    run(story)


def test_arguments_that_do_not_fit_are_named_by_their_path() -> None:
    async def story(server: Server, client: httpx.AsyncClient) -> None:
        error = check_error(
            await client.post("/api/query/notes.list", json={"company": "acme", "slice": {"size": 0}}),
            422,
            "invalidArguments",
        )
        assert [issue["path"] for issue in error["issues"]] == [["slice", "size"]]
        wrong = await client.post("/api/query/notes.list", json={"company": 7, "unknown": True})
        assert {json.dumps(issue["path"]) for issue in wrong.json()["error"]["issues"]} == {
            '["company"]',
            '["unknown"]',
        }

    run(story)


def test_an_error_of_the_application_has_its_code_and_fields() -> None:
    async def story(server: Server, client: httpx.AsyncClient) -> None:
        for number in range(5):
            await call(client, "mutation", "notes.add", company="acme", text=str(number))
        response = await client.post("/api/mutation/notes.add", json={"company": "acme", "text": "6"})
        error = check_error(response, 400, "app", "The limit of 5 notes is reached.")
        assert (error["code"], error["data"]) == ("too_many_notes", {"maxNotes": 5})

    run(story)


def test_a_failing_function_shows_the_client_an_id_and_the_log_the_reason(caplog: pytest.LogCaptureFixture) -> None:
    async def story(server: Server, client: httpx.AsyncClient) -> None:
        error = check_error(await client.post("/api/query/notes.broken", json={"reason": "rust"}), 500, "internal")
        assert "rust" not in json.dumps(error)
        logged = [record for record in caplog.records if error["errorId"] in record.getMessage()]
        assert len(logged) == 1
        text = logging.Formatter().format(logged[0])
        assert "notes.broken" in text
        assert "this is broken: rust" in text

    run(story)


def test_a_successful_call_logs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async def story(server: Server, client: httpx.AsyncClient) -> None:
        caplog.clear()
        with caplog.at_level(logging.INFO):
            await call(client, "query", "notes.count")
        assert [record for record in caplog.records if record.name.startswith(("schemagen", "uvicorn"))] == []

    run(story)


def test_a_body_over_the_limit_is_refused_however_it_comes() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 100

    async def story(server: Server, client: httpx.AsyncClient) -> None:
        path = "/api/query/notes.count"
        assert (await client.post(path, content=b" " * 998 + b"{}")).status_code == 200
        check_error(await client.post(path, content=b" " * 1001), 413, "protocol", "SCHEMAGEN_MAX_BODY_BYTES")
        check_error(await client.post(path, content=chunks()), 413, "protocol", "1000 bytes")
        assert await call(client, "query", "notes.count") == 0

    run(story, max_body_bytes=1000)


def test_a_token_says_who_calls_and_a_bad_one_is_never_taken_for_none() -> None:
    async def story(server: Server, client: httpx.AsyncClient) -> None:
        path = "/api/query/notes.whoami"
        assert await call(client, "query", "notes.whoami") is None
        assert await call(client, "query", "notes.whoami", token=token("ada")) == "ada"
        for header in ("Bearer nonsense", "Bearer", "Basic YWRhOmFkYQ==", token("ada")):
            response = await client.post(path, headers={"Authorization": header})
            check_error(response, 401, "unauthenticated")
            assert response.headers["www-authenticate"].startswith("Bearer")
        expired = await client.post(path, headers={"Authorization": f"Bearer {token('ada', valid_seconds=-60)}"})
        check_error(expired, 401, "unauthenticated", "expired")

    run(story)


def test_without_a_key_tokens_are_refused_and_the_setting_is_named() -> None:
    async def story(server: Server, client: httpx.AsyncClient) -> None:
        response = await client.post("/api/query/notes.whoami", headers={"Authorization": f"Bearer {token('ada')}"})
        check_error(response, 401, "unauthenticated", "SCHEMAGEN_AUTH_SECRET")

    run(story, auth_secret=None)


def test_a_mutation_sent_again_under_its_key_runs_once() -> None:
    async def story(server: Server, client: httpx.AsyncClient) -> None:
        async def tick(key: str, subject: str | None = None) -> Any:
            headers = {"Idempotency-Key": key} | ({"Authorization": f"Bearer {token(subject)}"} if subject else {})
            response = await client.post("/api/mutation/notes.tick", headers=headers)
            assert response.status_code == 200, response.text
            return response.json()

        first = await tick("4be0643f:1")
        assert first["value"] == 1
        assert await tick("4be0643f:1") == first
        assert [answer["value"] for answer in await asyncio.gather(*(tick("4be0643f:2") for _ in range(8)))] == [2] * 8
        assert (await tick("4be0643f:1", "ada"))["value"] == 3  # another caller's key is another key
        assert (await tick("4be0643f:1", "bob"))["value"] == 4
        assert (await tick("4be0643f:1", "ada"))["value"] == 3
        assert await call(client, "query", "notes.count") == 4

    run(story)


def test_a_failed_mutation_sent_again_under_its_key_fails_again_and_runs_once() -> None:
    async def story(server: Server, client: httpx.AsyncClient) -> None:
        for number in range(5):
            await call(client, "mutation", "notes.add", company="acme", text=str(number))
        for _ in range(2):
            body, headers = {"company": "acme", "text": "6"}, {"Idempotency-Key": "s:1"}
            check_error(await client.post("/api/mutation/notes.add", json=body, headers=headers), 400, "app")

    run(story)


def test_a_key_that_is_too_long_is_refused() -> None:
    async def story(server: Server, client: httpx.AsyncClient) -> None:
        response = await client.post("/api/mutation/notes.tick", headers={"Idempotency-Key": "k" * 256})
        check_error(response, 400, "protocol", "1 to 255 characters, not 256")
        assert await call(client, "query", "notes.count") == 0

    run(story)


def test_the_contract_shows_what_is_public() -> None:
    async def story(server: Server, client: httpx.AsyncClient) -> None:
        response = await client.get("/api/contract")
        assert response.status_code == 200
        assert response.json()["fingerprint"] == server.app.serving.fingerprint
        assert "notes.list" in response.text
        assert "secret" not in response.text
        check_error(await client.post("/api/contract"), 405, "protocol")

    run(story)


def test_health_is_told() -> None:
    async def story(server: Server, client: httpx.AsyncClient) -> None:
        response = await client.get("/healthz")
        assert (response.status_code, response.json()["status"]) == (200, "ok")

    run(story)


def test_any_page_may_call_without_credentials() -> None:
    async def story(server: Server, client: httpx.AsyncClient) -> None:
        asked = {
            "Origin": "https://app.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type,idempotency-key,schemagen-contract",
        }
        preflight = await client.options("/api/mutation/notes.tick", headers=asked)
        assert preflight.status_code == 200
        assert "idempotency-key" in preflight.headers["access-control-allow-headers"].lower()
        response = await client.post("/api/query/notes.lst", headers={"Origin": "https://app.example"})
        assert response.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in response.headers

    run(story)


def test_only_the_origins_that_are_listed_may_call() -> None:
    async def story(server: Server, client: httpx.AsyncClient) -> None:
        for origin, allowed in (("https://app.example", "https://app.example"), ("https://evil.example", None)):
            response = await client.post("/api/query/notes.count", headers={"Origin": origin})
            assert response.headers.get("access-control-allow-origin") == allowed

    run(story, cors_origins=("https://app.example",))
