"""`schemagen serve`: the backend, running."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from schemagen.cli.config import Config, load_config
from schemagen.cli.mistake import CommandError, Mistake
from schemagen.cli.options import (
    AuthAudience,
    AuthIssuer,
    AuthKeyFile,
    Database,
    Host,
    LogFormat,
    LogLevel,
    Port,
    Project,
)
from schemagen.cli.settings import load_settings, setting_mistakes
from schemagen.cli.terminal import Terminal

if TYPE_CHECKING:
    from schemagen.engine.runtime import Runtime
    from schemagen.introspect import Backend
    from schemagen.serve.settings import Settings

EPILOG = "Example: schemagen serve --host 0.0.0.0 --database sqlite:////data/crm.db"


def serve(
    project: Project = Path(),
    host: Host = None,
    port: Port = None,
    database: Database = None,
    auth_public_key_file: AuthKeyFile = None,
    auth_issuer: AuthIssuer = None,
    auth_audience: AuthAudience = None,
    cors_origins: Annotated[
        str | None, typer.Option(help="Web origins that may call, parted by commas; * is any.", show_default=False)
    ] = None,
    log_format: LogFormat = None,
    log_level: LogLevel = None,
) -> None:
    """Serve the backend over HTTP and WebSocket.

    It runs until SIGTERM or Ctrl+C. Every setting is also a variable: SCHEMAGEN_PORT for --port, and so on. The secret
    that sign-in tokens are checked with is a variable only: SCHEMAGEN_AUTH_SECRET.
    """
    from schemagen.cli.database import allow_late_imports, open_runtime
    from schemagen.cli.generation import load_backend
    from schemagen.serve.logs import configure_logs

    terminal = Terminal()
    config = load_config(project)
    settings = load_settings(
        config,
        host=host,
        port=port,
        database=database,
        auth_public_key_file=auth_public_key_file,
        auth_issuer=auth_issuer,
        auth_audience=auth_audience,
        cors_origins=cors_origins,
        log_format=log_format,
        log_level=log_level,
    )
    backend, _ = load_backend(config)
    terminal.labelled(str(config.backend), backend.output)
    _warn_if_stale(terminal, config, backend)
    allow_late_imports(config)
    configure_logs(settings)  # before the database is opened: migrations may run then, and say how far they are
    _serve(open_runtime(backend, settings.database, limits=settings.limits, memory=settings.memory), settings)


def _serve(runtime: Runtime, settings: Settings) -> None:
    from schemagen.serve.app import create_app
    from schemagen.serve.server import serve as serve_app

    with serving_mistakes():
        serve_app(create_app(runtime, settings))


@contextmanager
def serving_mistakes() -> Iterator[None]:
    """What keeps a server from listening, as mistakes of the command."""
    from schemagen.serve.settings import SettingsError

    try:
        yield
    except SettingsError as error:
        raise setting_mistakes(error.mistakes) from None
    except OSError as error:
        raise CommandError(
            Mistake(
                "serve_address",
                error.strerror or str(error),
                why="clients find the server at this address",
                fix="stop whatever listens there, or choose another --host or --port (0 takes a free port)",
            )
        ) from None


def _warn_if_stale(terminal: Terminal, config: Config, backend: Backend) -> None:
    """The contract on disk stands for all that was built with it: comparing it costs nothing."""
    from schemagen.model.canonical import to_json

    file = config.root / config.contract
    try:
        known = file.read_text("utf-8")
    except OSError:
        return  # nothing was ever built here, as on a server that gets the backend alone
    if known != to_json(backend.contract):
        terminal.warn(
            f"warning: {config.contract} is not what the backend says now: clients built from it may not fit; "
            "run `schemagen build`"
        )
