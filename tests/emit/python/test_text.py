"""Text of a backend stays inside its literal or docstring, and looks as ruff would write it."""

from __future__ import annotations

import ast
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from schemagen.emit.python.text import docstring, string
from tests.emit.python.package import ruff_findings

HOSTILE = [
    "",
    "plain",
    'says "hi"',
    "it's",
    "both ' and \"",
    '"""',
    'x"""); import os; os.system("true")  # """',
    'ends in a quote"',
    "ends in a backslash\\",
    'ends in both \\"',
    '"begins',
    "\\N{DIGIT ONE} \\x41 \\u0041",
    "tab\tand\nnewline\r\n",
    "{braces} {0} %s $x `tick`",
    "\x00\x07\x1b[31m\x7f",
    "\u202e right to left \u2066",
    "\u2028line separator\u2029",
    "\ud800 half a pair",
    "emoji 👩‍🚀, ünï, 漢字",
    "line one\n\n    indented\n  less\nlast",
    " leading and trailing ",
    "*/ --> ]]>",
    "# comment\n# another",
]


@given(st.text() | st.sampled_from(HOSTILE))
def test_a_string_literal_is_the_string(text: str) -> None:
    assert ast.literal_eval(string(text)) == text


@given(st.text() | st.sampled_from(HOSTILE), st.sampled_from([0, 4, 8]))
def test_a_docstring_is_one_expression_and_hides_nothing(text: str, indent: int) -> None:
    lines = docstring(text, indent)
    if not lines:
        return
    source = "\n".join(
        ["class C:", *lines] if indent == 4 else ["def f():", " " * 4 + "if 1:", *lines] if indent else lines
    )
    (statement,) = ast.parse(source).body
    while isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.If):
        (statement,) = statement.body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Constant)
    assert all(char.isprintable() or char == "\n" or ord(char) > 127 for char in "\n".join(lines))


def test_ruff_leaves_hostile_text_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\nline-length = 120\n")
    lines: list[str] = []
    for number, text in enumerate(HOSTILE):
        lines += [f"class C{number}:"]
        doc = docstring(text, 4)
        lines += [*doc, *([""] if doc else []), f"    value = {string(text)}", "", ""]
    (tmp_path / "hostile.py").write_text("\n".join(lines[:-2]) + "\n", "utf-8")
    assert ruff_findings(tmp_path) == ""
