"""Tokens: which are accepted, what the caller is told of those that are not, and what a token says of its caller."""

from __future__ import annotations

import hmac
import time
from base64 import urlsafe_b64encode
from importlib import import_module
from pathlib import Path
from typing import Any

import jwt
import pytest

from schemagen.declare.context import Identity
from schemagen.serve import auth
from schemagen.serve.auth import LEEWAY_SECONDS, TokenRefused, Verifier, mint_token
from schemagen.serve.settings import Settings, SettingsError

SECRET = "0123456789abcdef" * 2
SETTINGS = Settings(auth_secret=SECRET)


def signed(secret: str = SECRET, algorithm: str = "HS256", **payload: Any) -> str:
    return jwt.encode(payload, secret, algorithm=algorithm)


def check_refused(token: str, why: str, settings: Settings = SETTINGS) -> None:
    with pytest.raises(TokenRefused) as caught:
        Verifier.of(settings).verify(token)
    assert why in str(caught.value)


def test_a_token_names_its_caller_and_the_rest_are_claims() -> None:
    now = int(time.time())
    token = signed(sub="ada", iss="https://id.example", role="owner", exp=now + 60, iat=now, nbf=now, jti="1")
    verified = Verifier.of(SETTINGS).verify(token)
    assert verified.identity == Identity("ada", "https://id.example", {"role": "owner"})
    assert verified.valid_until == now + 60 + LEEWAY_SECONDS


def test_a_refreshed_token_is_of_the_same_caller() -> None:
    verifier, now = Verifier.of(SETTINGS), int(time.time())
    tokens = [signed(sub="ada", role="owner", exp=now + seconds, iat=now, jti=str(seconds)) for seconds in (60, 90)]
    assert verifier.verify(tokens[0]).identity == verifier.verify(tokens[1]).identity


def test_a_token_without_an_end_is_valid_for_ever() -> None:
    assert Verifier.of(SETTINGS).verify(signed(sub="ada")).valid_until is None


def test_what_is_wrong_with_a_token_is_said() -> None:
    now = int(time.time())
    check_refused("", "not a JSON Web Token")
    check_refused("x.y.z", "not a JSON Web Token")
    check_refused("ünïcödé", "not a JSON Web Token")
    check_refused(signed("f" * 32, sub="ada"), "signature does not fit")
    check_refused(signed(sub="ada", exp=now - LEEWAY_SECONDS - 1), "has expired")
    check_refused(signed(sub="ada", nbf=now + 60), "not valid yet")
    check_refused(signed(role="owner"), "no claim 'sub'")
    check_refused(signed("0123456789abcdef" * 4, "HS512", sub="ada"), "not signed with HS256")


def test_an_unsigned_token_is_refused() -> None:
    check_refused(jwt.encode({"sub": "ada"}, "", algorithm="none"), "not signed with HS256")


def test_issuer_and_audience_narrow_what_is_accepted() -> None:
    settings = Settings(auth_secret=SECRET, auth_issuer="https://id.example", auth_audience="crm")
    check_refused(signed(sub="ada", iss="https://other.example", aud="crm"), "not from issuer", settings)
    check_refused(signed(sub="ada", iss="https://id.example", aud="shop"), "not meant for audience", settings)
    check_refused(signed(sub="ada", aud="crm"), "iss", settings)
    token = signed(sub="ada", iss="https://id.example", aud=["crm", "shop"])
    assert Verifier.of(settings).verify(token).identity.subject == "ada"


def test_without_a_key_every_token_is_refused_and_the_setting_named() -> None:
    check_refused(signed(sub="ada"), "SCHEMAGEN_AUTH_SECRET", Settings())


def test_a_remembered_token_still_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    verifier, now = Verifier.of(SETTINGS), time.time()
    token = signed(sub="ada", exp=int(now) + 60)
    assert verifier.verify(token) is verifier.verify(token)
    monkeypatch.setattr(time, "time", lambda: now + 60 + LEEWAY_SECONDS + 1)
    with pytest.raises(TokenRefused, match="expired"):
        verifier.verify(token)


def test_few_tokens_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "CACHE_SIZE_MAX", 3)
    verifier = Verifier.of(SETTINGS)
    for number in range(10):
        verifier.verify(signed(sub=str(number)))
    assert len(verifier.cache) == 3


def test_a_minted_token_is_accepted() -> None:
    settings = Settings(auth_secret=SECRET, auth_issuer="https://id.example", auth_audience="crm")
    verified = Verifier.of(settings).verify(mint_token(settings, "ada", {"role": "owner"}, valid_seconds=60))
    assert verified.identity.subject == "ada"
    assert verified.identity.claims["role"] == "owner"
    assert verified.valid_until is not None
    with pytest.raises(SettingsError, match="SCHEMAGEN_AUTH_SECRET is not set"):
        mint_token(Settings(), "ada")


# --- public keys ---


def check_key_refused(file: Path, why: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Verifier.of(Settings(auth_public_key_file=file))
    assert why in str(caught.value)


def test_a_key_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    check_key_refused(tmp_path / "absent.pem", "No such file")
    (tmp_path / "private.pem").write_text("-----BEGIN PRIVATE KEY-----\n", encoding="utf-8")
    check_key_refused(tmp_path / "private.pem", "is a private key")
    (tmp_path / "junk.pem").write_text("junk", encoding="utf-8")
    check_key_refused(tmp_path / "junk.pem", "is no public key")


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
def test_tokens_of_a_private_key_are_verified_with_its_public_key(algorithm: str, tmp_path: Path) -> None:
    private, public = key_pair(algorithm)
    file = tmp_path / "key.pem"
    file.write_bytes(public)
    verifier = Verifier.of(Settings(auth_public_key_file=file))
    assert verifier.algorithm == algorithm
    assert verifier.verify(jwt.encode({"sub": "ada"}, private, algorithm=algorithm)).identity.subject == "ada"
    # The public key is public: a token signed with its text as a secret proves nothing.
    head, body, _ = jwt.encode({"sub": "eve"}, "f" * 32, algorithm="HS256").split(".")
    signature = hmac.digest(public, f"{head}.{body}".encode(), "sha256")
    forged = f"{head}.{body}.{urlsafe_b64encode(signature).decode().rstrip('=')}"
    with pytest.raises(TokenRefused, match=f"not signed with {algorithm}"):
        verifier.verify(forged)


def key_pair(algorithm: str) -> tuple[Any, bytes]:
    primitives = "cryptography.hazmat.primitives"
    ec, ed25519, rsa = (import_module(f"{primitives}.asymmetric.{name}") for name in ("ec", "ed25519", "rsa"))
    serialization = import_module(f"{primitives}.serialization")
    private: Any = {
        "RS256": lambda: rsa.generate_private_key(65537, 2048),
        "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
        "EdDSA": ed25519.Ed25519PrivateKey.generate,
    }[algorithm]()
    pem = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return private, private.public_key().public_bytes(*pem)
