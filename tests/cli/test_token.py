"""`schemagen token`: what is in it, and when there is none."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

import jwt
import pytest

from schemagen.cli.main import main
from schemagen.cli.mistake import CommandError
from schemagen.cli.token import seconds

Captured: TypeAlias = pytest.CaptureFixture[str]

SECRET = "0123456789abcdef0123456789abcdef"


def test_it_says_who_and_what_and_until_when(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHEMAGEN_AUTH_SECRET", SECRET)
    claims = ["--claim", "role=admin", "--claim", "level=3", "--claim", 'teams=["a", "b"]', "--claim", "email=a=b@c"]
    assert main(["token", "ada", "--expires", "1h", *claims]) == 0
    payload = jwt.decode(capsys.readouterr().out.strip(), SECRET, algorithms=["HS256"])
    assert payload["exp"] - payload["iat"] == 3600
    assert {key: payload[key] for key in payload if key not in ("iat", "exp")} == {
        "sub": "ada",
        "role": "admin",
        "level": 3,
        "teams": ["a", "b"],
        "email": "a=b@c",
    }


def test_without_a_secret_it_says_how_to_set_one(capsys: Captured, tmp_path: Path) -> None:
    assert main(["token", "ada"]) == 2
    assert capsys.readouterr().err == (
        "error[token_no_secret]: SCHEMAGEN_AUTH_SECRET is not set\n"
        "  why: a token is signed with the secret that the server checks it with\n"
        '  fix: export SCHEMAGEN_AUTH_SECRET="$(openssl rand -hex 32)" here and where the server runs\n'
    )


@pytest.mark.parametrize(("text", "expected"), [("90s", 90), ("15m", 900), ("1h", 3600), ("30d", 2_592_000)])
def test_durations(text: str, expected: int) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "1", "h", "0s", "-1h", "1.5h", "1 h", "1w"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(CommandError, match="is no duration"):
        seconds(text)


def test_a_claim_needs_a_name_and_a_value(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHEMAGEN_AUTH_SECRET", SECRET)
    assert main(["token", "ada", "--claim", "admin"]) == 2
    assert 'error[token_claim]: --claim "admin" has no name and value' in capsys.readouterr().err
