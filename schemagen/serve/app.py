"""The application: FastAPI, with the two doors of the SDKs in front of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response

from schemagen.engine.runtime import Runtime
from schemagen.serve.auth import Verifier
from schemagen.serve.http import HttpDoor
from schemagen.serve.metrics import CONTENT_TYPE, metrics_text
from schemagen.serve.operator import Operator
from schemagen.serve.page import index_page
from schemagen.serve.serving import Serving
from schemagen.serve.settings import Settings
from schemagen.serve.snapshot import taken
from schemagen.serve.websocket import SyncDoor
from schemagen.sync.value import Values

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class App(FastAPI):
    """A FastAPI application whose `/api` is ours: calls and frames never pass through its routing and middleware."""

    settings: Settings
    serving: Serving
    http_door: ASGIApp
    sync_door: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            path: str = scope["path"].removeprefix(scope.get("root_path", ""))
            if scope["type"] == "websocket" and path == "/api/sync":
                return await self.sync_door(scope, receive, send)
            if scope["type"] == "http" and path.startswith("/api/"):
                return await self.http_door(scope, receive, send)
        return await super().__call__(scope, receive, send)


def create_app(runtime: Runtime, settings: Settings) -> App:
    """The application that serves `runtime`, and closes it when it stops. Raises `SettingsError` for an unusable key.

    Call it where the event loop runs, or before; it runs under any ASGI server, and best under `server.py`.
    """
    verifier = Verifier.of(settings)
    app = App(title="schemagen", lifespan=_lifespan, openapi_url=None)
    app.settings = settings
    app.serving = Serving(runtime, Values(settings.result_cache_bytes))
    operator = Operator(settings.metrics_token) if settings.metrics else None
    app.http_door = _with_cors(HttpDoor(app.serving, verifier, settings.max_body_bytes, operator), settings)
    app.sync_door = SyncDoor(app.serving, verifier, settings)
    app.add_middleware(CORSMiddleware, allow_origins=settings.cors_origins, allow_methods=["*"], allow_headers=["*"])
    app.add_api_route("/", partial(_index, app.serving), include_in_schema=False)
    app.add_api_route("/healthz", partial(_health, app.serving), include_in_schema=False)
    if operator is not None:
        app.add_route("/metrics", partial(_metrics, app.serving, operator), include_in_schema=False)
    return app


async def _index(serving: Serving) -> HTMLResponse:
    """What this server offers, for a person with a browser."""
    return HTMLResponse(index_page(serving.contract, serving.fingerprint))


async def _health(serving: Serving) -> JSONResponse:
    """200 while calls are served, 503 while they wait or the server stops: what a load balancer asks."""
    up = serving.runtime is not None
    content = {
        "status": "ok" if up else "unavailable",
        "contract": serving.fingerprint,
        "connections": len(serving.sessions),
    }
    return JSONResponse(content, 200 if up else 503)


async def _metrics(serving: Serving, operator: Operator, request: Request) -> Response:
    """How the server does, for Prometheus; 401 without the token, if there is one."""
    if refusal := operator.refusal(request.headers.get("authorization", "").encode()):
        return PlainTextResponse(f"{refusal}\n", 401, {"www-authenticate": "Bearer"})
    text = metrics_text(taken(serving, internal=operator.token is not None))
    return Response(text, media_type=CONTENT_TYPE)


@asynccontextmanager
async def _lifespan(app: App) -> AsyncIterator[None]:
    await app.serving.begin()
    sweeper = asyncio.create_task(app.serving.sweep())
    keeper = asyncio.create_task(app.serving.keep())
    try:
        yield
    finally:
        sweeper.cancel()
        keeper.cancel()
        await app.serving.close()


def _with_cors(door: ASGIApp, settings: Settings) -> ASGIApp:
    """Credentials are not allowed, and not needed: tokens travel in a header, never in a cookie."""
    return CORSMiddleware(
        door,
        allow_origins=settings.cors_origins,
        allow_methods=["GET", "POST"],
        allow_headers=["*"],
        expose_headers=["Retry-After"],
        max_age=86400,
    )
