"""The documents, and what stands in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT


@dataclass(frozen=True)
class Block:
    """A fenced block of code."""

    language: str
    text: str


@dataclass(frozen=True)
class Page:
    path: Path

    def __str__(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @property
    def prose(self) -> str:
        """The text without its blocks of code."""
        return _BLOCK.sub("", self.text)

    def blocks(self, language: str) -> list[str]:
        return [block.text for block in self.all_blocks() if block.language == language]

    def all_blocks(self) -> list[Block]:
        return [Block(match["language"], match["text"]) for match in _BLOCK.finditer(self.text)]

    def spans(self) -> list[str]:
        """`code` inside sentences, on one line however it is wrapped."""
        return [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", self.prose)]

    def links(self) -> list[str]:
        """Targets of links and images that are no addresses."""
        found = re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", self.prose))
        return [target for target in found if not re.match(r"[a-z]+:", target)]

    def anchors(self) -> set[str]:
        """Of its headings, as they are written in a link."""
        headings = re.findall(r"^#+ (.+)$", self.prose, re.MULTILINE)
        return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


_BLOCK = re.compile(r"^(?P<fence>`{3,})(?P<language>\w*)[^\n]*\n(?P<text>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL)

README = Page(ROOT / "README.md")
ARCHITECTURE = Page(ROOT / "ARCHITECTURE.md")
DOCS = [Page(path) for path in sorted((ROOT / "docs").glob("*.md"))]
EXAMPLES = [
    Page(path)
    for folder in ("examples", "backend", "tests/cases/sync")
    for path in sorted((ROOT / folder).rglob("*.md"))
    if "node_modules" not in path.parts
]
ALL = [README, ARCHITECTURE, Page(ROOT / "CHANGELOG.md"), *DOCS, *EXAMPLES]
