"""Options that several commands share. Settings of the server have no default here: theirs stand in one place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Project = Annotated[
    Path,
    typer.Option(
        "--project",
        help="A folder of the project; its pyproject.toml is looked for from here upwards.",
        show_default=False,
    ),
]
Host = Annotated[str | None, typer.Option(help="The address to listen on; 127.0.0.1 by default.", show_default=False)]
Port = Annotated[int | None, typer.Option(help="The port; 8000 by default, 0 takes a free one.", show_default=False)]
Database = Annotated[
    str | None,
    typer.Option(
        help="sqlite:///<file>, or sqlite:// in memory; schemagen.db in the project folder by default.",
        show_default=False,
    ),
]
DatabaseFile = Annotated[
    str | None,
    typer.Option(
        "--database", help="sqlite:///<file>; schemagen.db in the project folder by default.", show_default=False
    ),
]
AuthKeyFile = Annotated[
    Path | None, typer.Option(help="Accept tokens signed for this public key, a PEM file.", show_default=False)
]
AuthIssuer = Annotated[str | None, typer.Option(help="The `iss` a token must have.", show_default=False)]
AuthAudience = Annotated[str | None, typer.Option(help="The `aud` a token must name.", show_default=False)]
LogFormat = Annotated[str | None, typer.Option(help="text, the default, or json.", show_default=False)]
LogLevel = Annotated[str | None, typer.Option(help="debug, info (the default), warning or error.", show_default=False)]
