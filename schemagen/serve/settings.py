"""How a server is set up: arguments, then SCHEMAGEN_… variables, then configuration, then the defaults below."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError

from schemagen.engine.limits import Limits
from schemagen.engine.memory import Memory

PREFIX: Final = "SCHEMAGEN_"

SECRET_BYTES_MIN: Final = 32
"""RFC 7518, 3.2: an HS256 key is at least as long as its hash."""


def _split(given: object) -> object:
    """`"https://a.example, https://b.example"` → both, for values that come as text."""
    return tuple(part for part in given.replace(",", " ").split()) if isinstance(given, str) else given


_SECRETS: Final = ("auth_secret", "metrics_token")
"""Never shown."""

Origins: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_split)]
Positive: TypeAlias = Annotated[int, Field(ge=1)]
Seconds: TypeAlias = Annotated[float, Field(gt=0, allow_inf_nan=False)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting of a server. `SCHEMAGEN_MAX_BODY_BYTES` is the variable of `max_body_bytes`, and so on."""

    database: str = "sqlite:///schemagen.db"
    """`sqlite:///<file>`, or `sqlite://` for one in memory."""
    host: str = "127.0.0.1"
    """The address to listen on; 0.0.0.0 is every one of this machine."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    """The port to listen on; 0 takes a free one, which the first log line names."""
    auth_secret: Annotated[str | None, Field(min_length=1)] = field(default=None, repr=False)
    """Tokens are signed with this secret (HS256), of at least 32 bytes."""
    auth_public_key_file: Path | None = None
    """Tokens are signed with the private key that belongs to this public key, a PEM file: RS256, ES256 or EdDSA."""
    auth_issuer: str | None = None
    """The `iss` a token must have."""
    auth_audience: str | None = None
    """The `aud` a token must name."""
    cors_origins: Origins = ("*",)
    """The web origins that may call, `https://app.example`, parted by commas; `*` is any."""
    max_body_bytes: Positive = 1_048_576
    """The largest body of an HTTP request."""
    max_frame_bytes: Positive = 1_048_576
    """The largest frame a WebSocket client may send."""
    max_queries: Positive = 1000
    """How many queries one connection may watch."""
    max_rows_read: Positive = 32_000
    """How many documents one query or mutation may read."""
    max_bytes_read: Positive = 16 * 2**20
    """How much text, bytes and JSON these documents may hold."""
    max_ranges_read: Positive = 4_096
    """How many gets and selects one query or mutation may make."""
    max_rows_written: Positive = 16_000
    """How many documents one mutation may insert, change and delete."""
    max_bytes_written: Positive = 16 * 2**20
    """How much text, bytes and JSON these documents may hold."""
    max_cpu_seconds: Seconds = 1.0
    """How long one query or mutation may compute."""
    result_cache_bytes: Positive = 67_108_864
    """Results of live queries that are kept for newcomers, beyond it they are made again when asked for; and as much
    of what clients hold, mostly the same bytes, to tell them what changed."""
    database_cache_bytes: Positive = 33_554_432
    """Pages of the database that are kept in memory."""
    stall_seconds: Seconds = 30.0
    """A client that takes no data for so long is cut off."""
    shutdown_seconds: Seconds = 10.0
    """How long a stopping server waits for running HTTP requests."""
    compression: bool = False
    """Whether WebSocket frames are compressed: a quarter of the bytes, for several times the CPU."""
    metrics: bool = True
    """Whether `/metrics` tells Prometheus how the server does. It holds counts, and names of public functions."""
    metrics_token: Annotated[str | None, Field(min_length=1)] = field(default=None, repr=False)
    """What a scrape must send as its bearer token; it is then told the names of internal functions too."""
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def limits(self) -> Limits:
        """Of one query or mutation."""
        return Limits(**{each.name: getattr(self, f"max_{each.name}") for each in fields(Limits)})

    @property
    def memory(self) -> Memory:
        """What the engine's caches may take."""
        return Memory(result_bytes=self.result_cache_bytes, database_bytes=self.database_cache_bytes)

    @classmethod
    def load(
        cls, environ: Mapping[str, str], configured: Mapping[str, object] | None = None, **explicit: Any
    ) -> Settings:
        """From arguments, variables and configuration; an argument that is None was not given.

        Raises `SettingsError`.
        """
        names = [f.name for f in fields(cls)]
        mistakes = [*_misspelled(environ, names), *_misplaced(configured or {}, names)]
        layers: tuple[tuple[Callable[[str], str], Mapping[str, object]], ...] = (
            (_configured, {name: value for name, value in (configured or {}).items() if name in names}),
            (variable, {name: environ[variable(name)] for name in names if environ.get(variable(name))}),
            (str, {name: value for name, value in explicit.items() if value is not None}),
        )
        given: dict[str, object] = {}
        called: dict[str, str] = {}
        for call, layer in layers:
            given |= layer
            called |= {name: call(name) for name in layer}
        try:
            settings = _SETTINGS.validate_python(given)
        except ValidationError as error:
            mistakes += [_mistake(found["loc"], found["msg"], found["input"], called) for found in error.errors()]
            raise SettingsError(tuple(mistakes)) from None
        mistakes += _auth_mistakes(settings)
        if mistakes:
            raise SettingsError(tuple(mistakes))
        return settings


class SettingsError(Exception):
    """Settings that cannot be served with; one line per mistake, each naming the setting."""

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        super().__init__(mistakes)
        self.mistakes = mistakes

    def __str__(self) -> str:
        return "\n".join(self.mistakes)


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + name.upper()


def _configured(name: str) -> str:
    """A setting where it stands in pyproject.toml."""
    return f"tool.schemagen.serve.{name}"


def _mistake(loc: tuple[int | str, ...], message: str, given: object, called: Mapping[str, str]) -> str:
    name = str(loc[0])
    shown = "" if name in _SECRETS else f", got {given!r}"
    return f"{called.get(name, name)}: {message[:1].lower()}{message[1:]}{shown}"


def _misplaced(configured: Mapping[str, object], names: list[str]) -> list[str]:
    """What configuration may not say: no settings, and secrets, which a file that is committed gives away."""
    mistakes = []
    for name in configured:
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            mistakes.append(f"{_configured(name)} is no setting" + (f"; did you mean {near[0]}?" if near else ""))
        elif name in _SECRETS:
            said = f"{_configured(name)} is a secret, and this file is committed"
            mistakes.append(f"{said}: set {variable(name)} instead")
    return mistakes


def _misspelled(environ: Mapping[str, str], names: list[str]) -> list[str]:
    """Variables that were surely meant to be one of ours: a secret with a slip in its name must not go unseen."""
    known = [variable(name) for name in names]
    unknown = sorted(name for name in environ if name.startswith(PREFIX) and name not in known)
    near = ((name, difflib.get_close_matches(name, known, n=1, cutoff=0.88)) for name in unknown)
    return [f"{name} is no setting; did you mean {match[0]}?" for name, match in near if match]


def _auth_mistakes(settings: Settings) -> list[str]:
    mistakes = []
    secret, file = settings.auth_secret, settings.auth_public_key_file
    if secret is not None and file is not None:
        mistakes.append(
            "SCHEMAGEN_AUTH_SECRET and SCHEMAGEN_AUTH_PUBLIC_KEY_FILE are both set; tokens are signed "
            "with one of them: unset the other"
        )
    if secret is not None and len(secret.encode()) < SECRET_BYTES_MIN:
        mistakes.append(
            f"SCHEMAGEN_AUTH_SECRET has {len(secret.encode())} bytes, and HS256 needs {SECRET_BYTES_MIN} or more: "
            'python -c "import secrets; print(secrets.token_hex(32))" prints a good one'
        )
    if secret is None and file is None and (settings.auth_issuer or settings.auth_audience):
        mistakes.append(
            "SCHEMAGEN_AUTH_ISSUER and SCHEMAGEN_AUTH_AUDIENCE narrow which tokens are accepted, but none is: "
            "set SCHEMAGEN_AUTH_SECRET or SCHEMAGEN_AUTH_PUBLIC_KEY_FILE too"
        )
    return mistakes


_SETTINGS: TypeAdapter[Settings] = TypeAdapter(Settings)
