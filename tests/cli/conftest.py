"""Fixtures of the command tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "shop")


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands read SCHEMAGEN_… variables: those of whoever runs the tests are not meant."""
    import os

    for name in list(os.environ):
        if name.startswith("SCHEMAGEN_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SCHEMAGEN_DEBUG", "")  # and is undone if a test sets it
