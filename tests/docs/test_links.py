"""Links lead somewhere, and names of files and make targets are real."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.conftest import ROOT
from tests.docs.pages import ALL, ARCHITECTURE, DOCS, README, Page


@pytest.mark.parametrize("page", ALL, ids=str)
def test_every_link_leads_to_a_file_and_its_heading(page: Page) -> None:
    for link in page.links():
        path, _, anchor = link.partition("#")
        target = (page.path.parent / path).resolve() if path else page.path
        assert target.exists(), f"{page} links to {link}, which does not exist"
        if anchor:
            assert anchor in Page(target).anchors(), f"{page} links to {link}; headings: {Page(target).anchors()}"


def test_every_page_of_the_docs_is_linked_from_the_readme() -> None:
    assert {str(page) for page in DOCS} <= set(README.links())


def test_every_path_named_in_the_architecture_exists() -> None:
    named = [span.rstrip("/") for span in ARCHITECTURE.spans() if re.fullmatch(r"\.?[\w\-]+(/[\w.\-]+)*/?", span)]
    paths = [span for span in named if "/" in span or "." in span]
    assert len(paths) > 15
    roots = (ROOT, ROOT / "schemagen", ROOT / "templates")
    missing = [path for path in paths if not any((root / path).exists() for root in roots)]
    assert not missing


def test_every_room_has_its_paragraph_in_the_architecture() -> None:
    rooms = {path.parent.relative_to(ROOT).as_posix() for path in (ROOT / "schemagen").glob("*/__init__.py")}
    described = set(re.findall(r"^### (schemagen/\w+)$", ARCHITECTURE.text, re.MULTILINE))
    assert rooms == described


def test_the_rooms_are_drawn_as_they_are_checked() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    [rule] = settings["tool"]["importlinter"]["contracts"]
    layers = [re.sub(r"\(\w+\)( \| )?", "", layer) for layer in rule["layers"] if layer != "__main__"]
    [drawn] = re.findall(
        r"go one way, checked by import-linter: (.*?)\. Rooms in one row", ARCHITECTURE.text, re.DOTALL
    )
    assert " ".join(drawn.split()) == " › ".join(f"`{layer}`" for layer in layers)


@pytest.mark.parametrize("page", ALL, ids=str)
def test_every_make_target_is_real(page: Page) -> None:
    makefiles = (ROOT / "Makefile", ROOT / "templates/init/Makefile")
    targets = {name for file in makefiles for name in re.findall(r"^([a-z-]+):", file.read_text("utf-8"), re.MULTILINE)}
    lines = [line for block in page.blocks("sh") for line in block.splitlines()]
    named = {found[1] for text in (*page.spans(), *lines) if (found := re.match(r"(?:\$ )?make ([a-z-]+)", text))}
    assert named <= targets
