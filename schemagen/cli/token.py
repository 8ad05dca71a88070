"""`schemagen token`: a sign-in token for development, made with the server's own secret."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any

import typer

from schemagen.cli.mistake import CommandError, Mistake
from schemagen.cli.settings import load_settings

EPILOG = "Example: schemagen token user-1 --claim role=admin --expires 1h"

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def token(
    subject: Annotated[str, typer.Argument(help="Who the token says its bearer is: the claim `sub`.")],
    claim: Annotated[
        list[str] | None, typer.Option(help="One more claim, name=value; a value that is JSON is taken as such.")
    ] = None,
    expires: Annotated[str, typer.Option(help="How long it is good for: 90s, 15m, 1h, 30d.")] = "30d",
) -> None:
    """Print a sign-in token for development.

    It is signed with SCHEMAGEN_AUTH_SECRET, and `schemagen serve` accepts it. In production the tokens come from
    whoever signs your users in.
    """
    from schemagen.serve.auth import mint_token

    claims = dict(_claim(text) for text in claim or ())
    settings = load_settings()
    if settings.auth_secret is None:
        raise CommandError(
            Mistake(
                "token_no_secret",
                "SCHEMAGEN_AUTH_SECRET is not set",
                why="a token is signed with the secret that the server checks it with",
                fix='export SCHEMAGEN_AUTH_SECRET="$(openssl rand -hex 32)" here and where the server runs',
            )
        )
    print(mint_token(settings, subject, claims, valid_seconds=seconds(expires)))


def seconds(text: str) -> int:
    """`90s`, `15m`, `1h`, `30d` in seconds."""
    found = re.fullmatch(r"([0-9]{1,9})([smhd])", text)
    if found is None or int(found[1]) == 0:
        raise CommandError(
            Mistake(
                "token_expires",
                f'--expires "{text}" is no duration',
                why="a token has to end some time",
                fix="a number and a unit: 90s, 15m, 1h or 30d",
            )
        )
    return int(found[1]) * _UNITS[found[2]]


def _claim(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise CommandError(
            Mistake(
                "token_claim",
                f'--claim "{text}" has no name and value',
                why="a claim says something under a name",
                fix="for example --claim role=admin, or --claim teams='[1, 2]'",
            )
        )
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
