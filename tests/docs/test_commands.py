"""Every `schemagen …` command line that a document shows is one that the command line understands."""

from __future__ import annotations

import re
import shlex

import pytest
import typer
from typer.core import TyperGroup

from schemagen.cli.main import app
from tests.conftest import ROOT
from tests.docs.pages import ALL, Page

TEMPLATE = Page(ROOT / "templates/init/README.md.j2")


@pytest.mark.parametrize("page", [*ALL, TEMPLATE], ids=str)
def test_every_command_line_is_understood(page: Page) -> None:
    for line in command_lines(page):
        check_understood(line)


def test_command_lines_are_found_in_blocks_and_in_sentences() -> None:
    lines = [line for page in ALL for line in command_lines(page)]
    assert len(lines) > 30
    assert {line.split()[1] for line in lines} >= {"init", "build", "dev", "serve", "run", "token"}


@pytest.mark.parametrize(
    "line",
    [
        "schemagen biuld",
        "schemagen build --chek",
        "schemagen run --url x",
        "schemagen init a b",
        "schemagen data exprot",
    ],
)
def test_what_is_no_command_line_is_refused(line: str) -> None:
    with pytest.raises(Exception, match=r"(?i)no such|missing|unexpected"):
        check_understood(line)


def command_lines(page: Page) -> list[str]:
    shown = [
        line
        for block in page.all_blocks()
        if block.language in ("sh", "console", "text")
        for line in block.text.splitlines()
    ]
    # a span is a command line if what follows the name could be a command or an option; `schemagen …` is none
    spans = [span for span in page.spans() if re.match(r"schemagen (-|[a-z]+\b)", span)]
    return [found[1] for text in (*shown, *spans) if (found := re.match(_COMMAND_LINE, text))]


_COMMAND_LINE = r"(?:\$ )?(?:[^|'\"]+ \| |echo '[^']*' \| |[A-Z_]+=\S+ )*(schemagen [-a-z].*)"


def check_understood(line: str) -> None:
    """Parse the line as a shell and the command line would; nothing is run. Raises what the command line raises."""
    for words in _commands(line):
        if words[0] == "schemagen" and words[1:]:
            _check_words(words[1:])


def _check_words(words: list[str]) -> None:
    """A command named without a word more is only named; then whether it exists is all there is to check."""
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    context = group.make_context("schemagen", list(words))
    name = next((word for word in words if not word.startswith("-")), None)
    if name is not None:
        _, command, arguments = group.resolve_command(context, words[words.index(name) :])
        assert command is not None
        if isinstance(command, TyperGroup) and arguments:  # `data export`
            name, command, arguments = command.resolve_command(command.make_context(name, arguments[:]), arguments)
            assert command is not None
        if arguments:
            command.make_context(name, [word for word in arguments if word != "--debug"])


def _commands(line: str) -> list[list[str]]:
    """The commands of a shell line: parted at `&&`, `|` and `;`, without redirections."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    found: list[list[str]] = [[]]
    for word in lexer:
        if set(word) <= set("&|;"):
            found.append([])
        else:
            found[-1].append(word)
    return [words for words in found if words]
