"""`schemagen dev`: serves the backend, and rebuilds and swaps it whenever a file of it is saved."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from schemagen.cli.config import load_config
from schemagen.cli.options import Database, Host, LogLevel, Port, Project

EPILOG = "Example: schemagen dev --port 8001"


def dev(
    project: Project = Path(),
    host: Host = None,
    port: Port = None,
    database: Database = None,
    log_level: LogLevel = None,
    build: Annotated[bool, typer.Option("--build/--no-build", help="Write the SDKs, or only serve.")] = True,
) -> None:
    """Serve the backend while you work on it.

    Every save rebuilds the SDKs and swaps the running code. Clients stay connected; a mistake is shown, and the last
    good version goes on serving.
    """

    from schemagen.cli.database import allow_late_imports
    from schemagen.cli.development import Development
    from schemagen.cli.settings import load_settings
    from schemagen.serve import event_loop
    from schemagen.serve.logs import configure_logs

    config = load_config(project)
    settings = load_settings(config, host=host, port=port, database=database, log_level=log_level)
    configure_logs(settings)
    allow_late_imports(config)
    event_loop.run(Development(config, settings, build=build).run())
