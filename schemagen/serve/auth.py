"""Who is calling: JSON Web Tokens, verified with PyJWT; and one minted, for development."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import jwt

from schemagen.declare.context import Identity
from schemagen.serve.settings import Settings, SettingsError

LEEWAY_SECONDS: Final = 10
"""How far the clocks of issuer and server may differ."""

CACHE_SIZE_MAX: Final = 4096
"""Verified tokens that are remembered: a client sends the same one with every request."""

_NOT_CLAIMS: Final = frozenset({"sub", "iss", "iat", "exp", "nbf", "jti"})


@dataclass(frozen=True, slots=True)
class Verified:
    """A caller, and until when the token says so: seconds since the epoch, leeway included; None is for ever."""

    identity: Identity
    valid_until: float | None


class TokenRefused(Exception):
    """A token that proves nothing; the message is for the client."""


@dataclass(slots=True)
class Verifier:
    """Checks tokens against one key."""

    key: Any  # the secret, or a public key as PyJWT reads it; None: no token is accepted
    algorithm: str = "HS256"
    issuer: str | None = None
    audience: str | None = None
    cache: dict[str, Verified] = field(default_factory=dict)
    """Tokens verified before, oldest first."""

    @classmethod
    def of(cls, settings: Settings) -> Verifier:
        """Raises `SettingsError` if the key cannot be used."""
        if settings.auth_public_key_file is not None:
            key, algorithm = _read_public_key(settings.auth_public_key_file)
            return cls(key, algorithm, settings.auth_issuer, settings.auth_audience)
        return cls(settings.auth_secret, "HS256", settings.auth_issuer, settings.auth_audience)

    def verify(self, token: str) -> Verified:
        """The caller a token proves. Raises `TokenRefused`."""
        known = self.cache.get(token)
        if known is None:
            known = self._verify(token)
            if len(self.cache) >= CACHE_SIZE_MAX:
                del self.cache[next(iter(self.cache))]
            self.cache[token] = known
        elif known.valid_until is not None and known.valid_until <= time.time():
            del self.cache[token]
            raise TokenRefused("the token has expired")
        return known

    def _verify(self, token: str) -> Verified:
        if self.key is None:
            raise TokenRefused(
                "this server accepts no tokens: set SCHEMAGEN_AUTH_SECRET or SCHEMAGEN_AUTH_PUBLIC_KEY_FILE for it"
            )
        try:
            payload = jwt.decode(
                token,
                self.key,
                algorithms=[self.algorithm],
                issuer=self.issuer,
                audience=self.audience,
                leeway=LEEWAY_SECONDS,
                options={"require": ["sub"], "verify_aud": self.audience is not None},
            )
        except jwt.PyJWTError as error:
            raise TokenRefused(_why(error, self)) from None
        claims = {name: value for name, value in payload.items() if name not in _NOT_CLAIMS}
        expiry = payload.get("exp")
        identity = Identity(payload["sub"], str(payload.get("iss", "")), claims)
        return Verified(identity, None if expiry is None else float(expiry) + LEEWAY_SECONDS)


def mint_token(
    settings: Settings, subject: str, claims: Mapping[str, Any] | None = None, *, valid_seconds: float = 30 * 86400
) -> str:
    """A token as `settings` accepts it, for development and tests. Raises `SettingsError` without a secret."""
    if settings.auth_secret is None:
        raise SettingsError(
            ("SCHEMAGEN_AUTH_SECRET is not set: a token can only be minted with the secret it is checked with",)
        )
    now = int(time.time())
    payload = {**(claims or {}), "sub": subject, "iat": now, "exp": now + valid_seconds}
    if settings.auth_issuer is not None:
        payload["iss"] = settings.auth_issuer
    if settings.auth_audience is not None:
        payload["aud"] = settings.auth_audience
    return jwt.encode(payload, settings.auth_secret, algorithm="HS256")


def _why(error: jwt.PyJWTError, verifier: Verifier) -> str:
    match error:
        case jwt.ExpiredSignatureError():
            return "the token has expired"
        case jwt.ImmatureSignatureError():
            return "the token is not valid yet"
        case jwt.InvalidAudienceError():
            return f"the token is not meant for audience {verifier.audience!r}"
        case jwt.InvalidIssuerError():
            return f"the token is not from issuer {verifier.issuer!r}"
        case jwt.MissingRequiredClaimError():
            return f"the token has no claim {error.claim!r}"
        case jwt.InvalidAlgorithmError():
            return f"the token is not signed with {verifier.algorithm}"
        case jwt.InvalidSignatureError():
            return "the token's signature does not fit this server's key"
        case jwt.DecodeError():
            return "the token is not a JSON Web Token"
        case _:
            return f"the token is not valid: {error}"


def _read_public_key(file: Path) -> tuple[Any, str]:
    """The key, and the algorithm that keys of its kind verify."""
    name = "SCHEMAGEN_AUTH_PUBLIC_KEY_FILE"
    try:
        pem = file.read_bytes()
    except OSError as error:
        raise SettingsError((f"{name}: cannot read {file}: {error.strerror}",)) from None
    if b"PRIVATE KEY" in pem:
        raise SettingsError(
            (f"{name}: {file} is a private key, which the issuer keeps to itself: give its public key",)
        )
    algorithms = jwt.algorithms.get_default_algorithms()
    for algorithm in ("RS256", "ES256", "EdDSA"):
        with suppress(jwt.PyJWTError, ValueError, TypeError):
            return algorithms[algorithm].prepare_key(pem), algorithm
    raise SettingsError((f"{name}: {file} is no public key (PEM) of RSA (RS256), P-256 (ES256) or Ed25519 (EdDSA)",))
