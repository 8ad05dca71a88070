"""What all tests share: `--update-golden`, which rewrites expected output instead of comparing with it."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the expected output of tests/cases")


class Golden:
    """Compares text with a committed file."""

    def __init__(self, *, update: bool) -> None:
        self.update = update

    def check(self, path: Path, text: str) -> None:
        """Fail with a diff if `path` does not hold `text`; with `--update-golden` write it."""
        if self.update:
            if not path.exists() or path.read_text("utf-8") != text:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8", newline="\n")
            return
        expected = path.read_text("utf-8") if path.exists() else ""
        if expected != text:
            name = str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
            lines = unified_diff(expected.splitlines(), text.splitlines(), f"{name} (expected)", "now", lineterm="")
            pytest.fail("\n".join(["golden output differs; pytest --update-golden rewrites it", *lines]), pytrace=False)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    return Golden(update=bool(request.config.getoption("--update-golden")))
