"""Settings come from arguments and SCHEMAGEN_… variables; mistakes are all named at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemagen.serve.settings import Settings, SettingsError, variable

SECRET = "0123456789abcdef" * 2


def check_mistakes(environ: dict[str, str], *expected: str, **explicit: object) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.load(environ, None, **explicit)
    assert len(caught.value.mistakes) == len(expected), caught.value
    for mistake, part in zip(caught.value.mistakes, expected, strict=True):
        assert part in mistake


def test_without_anything_there_are_defaults() -> None:
    assert Settings.load({}) == Settings()


def test_every_kind_of_value_is_read_from_its_variable() -> None:
    environ = {
        "SCHEMAGEN_PORT": "9000",
        "SCHEMAGEN_CORS_ORIGINS": "https://a.example, https://b.example",
        "SCHEMAGEN_COMPRESSION": "true",
        "SCHEMAGEN_STALL_SECONDS": "2.5",
        "SCHEMAGEN_AUTH_PUBLIC_KEY_FILE": "key.pem",
        "SCHEMAGEN_LOG_FORMAT": "json",
        "PATH": "/bin",
    }
    assert Settings.load(environ) == Settings(
        port=9000,
        cors_origins=("https://a.example", "https://b.example"),
        compression=True,
        stall_seconds=2.5,
        auth_public_key_file=Path("key.pem"),
        log_format="json",
    )


def test_an_argument_wins_over_the_variable_and_none_is_no_argument() -> None:
    environ = {"SCHEMAGEN_PORT": "9000", "SCHEMAGEN_HOST": "::1"}
    settings = Settings.load(environ, port=9001, host=None)
    assert (settings.port, settings.host) == (9001, "::1")


def test_configuration_comes_before_defaults_and_after_all_else() -> None:
    configured = {"port": 9000, "host": "::1", "cors_origins": ["https://a.example"], "max_queries": 5}
    settings = Settings.load({"SCHEMAGEN_HOST": "0.0.0.0"}, configured, max_queries=6)
    assert (settings.port, settings.host, settings.max_queries) == (9000, "0.0.0.0", 6)
    assert settings.cors_origins == ("https://a.example",)


def test_configuration_holds_settings_only_and_no_secrets() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.load({}, {"prot": 1, "auth_secret": SECRET, "port": "many"})
    assert str(caught.value).splitlines() == [
        "tool.schemagen.serve.prot is no setting; did you mean port?",
        "tool.schemagen.serve.auth_secret is a secret, and this file is committed: set SCHEMAGEN_AUTH_SECRET instead",
        "tool.schemagen.serve.port: input should be a valid integer, unable to parse string as an integer, got 'many'",
    ]


def test_an_empty_variable_is_no_setting() -> None:
    assert Settings.load({"SCHEMAGEN_PORT": ""}).port == 8000


def test_all_mistakes_are_named_at_once_with_what_was_given() -> None:
    environ = {"SCHEMAGEN_PORT": "99999", "SCHEMAGEN_LOG_LEVEL": "loud", "SCHEMAGEN_MAX_QUERIES": "0"}
    check_mistakes(
        environ,
        "SCHEMAGEN_PORT: input should be less than or equal to 65535, got '99999'",
        "SCHEMAGEN_MAX_QUERIES: input should be greater than or equal to 1",
        "SCHEMAGEN_LOG_LEVEL: input should be 'debug', 'info', 'warning' or 'error', got 'loud'",
    )
    check_mistakes({"SCHEMAGEN_PORT": "8000"}, "port: ", port=-1)


def test_a_misspelled_variable_is_not_passed_over() -> None:
    check_mistakes(
        {"SCHEMAGEN_AUTH_SECRT": SECRET}, "SCHEMAGEN_AUTH_SECRT is no setting; did you mean SCHEMAGEN_AUTH_SECRET?"
    )
    assert Settings.load({"SCHEMAGEN_NO_COLOR": "1"}) == Settings()  # another part's


def test_settings_of_tokens_that_cannot_be_meant_are_refused() -> None:
    check_mistakes({"SCHEMAGEN_AUTH_SECRET": "short"}, "has 5 bytes, and HS256 needs 32")
    check_mistakes({"SCHEMAGEN_AUTH_SECRET": SECRET, "SCHEMAGEN_AUTH_PUBLIC_KEY_FILE": "k.pem"}, "are both set")
    check_mistakes({"SCHEMAGEN_AUTH_ISSUER": "https://id.example"}, "set SCHEMAGEN_AUTH_SECRET")


def test_the_secret_is_never_shown() -> None:
    assert SECRET not in repr(Settings(auth_secret=SECRET, metrics_token=SECRET))
    with pytest.raises(SettingsError) as caught:
        Settings.load({}, auth_secret=12345678, metrics_token=12345678)
    assert "12345678" not in str(caught.value)


def test_every_setting_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "serving.md").read_text(encoding="utf-8")
    pages = page + (Path(__file__).parents[2] / "docs" / "auth.md").read_text(encoding="utf-8")
    assert [name for name in Settings.__dataclass_fields__ if f"`{variable(name)}`" not in pages] == []
