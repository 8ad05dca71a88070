"""What is translated into JavaScript says there what Python says; what cannot be translated is refused."""

from __future__ import annotations

import json
import subprocess
from itertools import product
from pathlib import Path
from random import Random
from textwrap import dedent, indent
from typing import Any

import pytest

from schemagen.emit.typescript.translation.expressions import Untranslatable
from schemagen.emit.typescript.translation.modules import translated
from tests.emit.typescript.project import TOOLS

PROGRAM = 'import { results } from "./relation.mjs";\nprocess.stdout.write(results());\n'


def check(folder: Path, source: str) -> None:
    """A module whose `found()` yields values: their reprs are the same in both languages."""
    text = dedent(source) + "\n\ndef results():\n    return json.dumps([repr(each) for each in found()])\n"
    text = f"import json\n{text}"
    scope: dict[str, Any] = {"__name__": __name__}
    exec(compile(text, "sample", "exec"), scope)
    (folder / "relation.mjs").write_text(translated({"sample": text}, [("sample", "results")]), "utf-8")
    (folder / "program.mjs").write_text(PROGRAM, "utf-8")
    if not (folder / "python").exists():
        (folder / "python").symlink_to(TOOLS / "dist/check/python")
    command = ["node", "--preserve-symlinks", str(folder / "program.mjs")]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    there, here = json.loads(done.stdout), json.loads(scope["results"]())
    differing = [(i, one, other) for i, (one, other) in enumerate(zip(there, here, strict=True)) if one != other]
    assert differing == []


def check_expressions(folder: Path, *expressions: str, imports: str = "") -> None:
    lines = "\n".join(f"yield ({each})" for each in expressions)
    check(folder, f"{imports}\ndef found():\n{indent(lines, '    ')}\n")


def test_numbers(tmp_path: Path) -> None:
    values = ("0", "1", "-1", "7", "-7", "2.5", "-2.5", "True", "9007199254740993", "1e300", "0.1")
    operators = ("+", "-", "*", "<", "<=", "==")
    found = [f"{one} {op} {other}" for one, other in product(values, repeat=2) for op in operators]
    found += [
        f"{one} {op} {other}" for one, other in product(values, ("3", "-3", "2.5", "0.1")) for op in ("/", "//", "%")
    ]
    found += [
        "2 ** 80",
        "2.0 ** 80",
        "2 ** -1",
        "7 & 3",
        "7 | 8",
        "1 << 70",
        "-5 >> 1",
        "~5",
        "abs(-3)",
        "divmod(-7, 3)",
    ]
    found += ["round(2.5)", "round(3.5)", "int(-2.7)", "float(3)", "float('nan')", "int('12')", "sum([1, 2, True])"]
    found += [
        f"float({text!r})" for text in ("1e16", "1e15", "1e-4", "1e-5", "123456789.125", "-0.0", "5e-324", "1.5e-7")
    ]
    check_expressions(tmp_path, *found)


def test_decimals_and_fractions(tmp_path: Path) -> None:
    texts = ("0", "1", "-1", "0.5", "12.50", "-3.125", "1E+3", "0E-7", "999999999999999999999999999999")
    found = [
        f"Decimal('{one}') {op} Decimal('{two}')"
        for one, two in product(texts, repeat=2)
        for op in ("+", "-", "*", "<")
    ]
    found += [f"Decimal('{one}') // Decimal('{two}')" for one, two in product(texts[:-1], ("1", "0.5", "-3.125"))]
    found += [f'f"{{Decimal({text!r}):f}} {{Decimal({text!r}):E}} {{-Decimal({text!r})}}"' for text in texts]
    found += ["Decimal('-Infinity') < Decimal(0)", "Decimal('1.0') == 1", "Decimal('12.50').as_tuple()[2]"]
    found += [
        "Decimal(1).scaleb(-3)",
        "str(Fraction(0.1) / Fraction(3))",
        "round(Fraction(5, 2))",
        "Fraction(1, 3) < 1",
    ]
    found += [
        "math.nextafter(1.0, math.inf)",
        "math.nextafter(0.0, -math.inf)",
        "math.remainder(7.0, 0.1)",
        "math.floor(-2.5)",
    ]
    check_expressions(
        tmp_path, *found, imports="import math\nfrom decimal import Decimal\nfrom fractions import Fraction"
    )


def test_text(tmp_path: Path) -> None:
    texts = ("''", "'a'", "'Ab c'", "'é😀z'", "' a\\t\\n'", '"it\'s"', "'a.b.c'", "'x\\x00\\u2028'")
    methods: tuple[str, ...] = (
        "upper()",
        "lower()",
        "strip()",
        "lstrip('a ')",
        "rstrip()",
        "split('.')",
        "split()",
        "rpartition('.')",
    )
    methods = (
        *methods,
        *("partition('b')", "removeprefix('a')", "removesuffix('c')", "isascii()", "islower()", "isprintable()"),
    )
    methods += (
        "isspace()",
        "isdigit()",
        "replace('a', 'bb')",
        "startswith(('a', 'x'))",
        "rsplit('.', 1)",
        "splitlines()",
    )
    found = [f"{text}.{method}" for text in texts for method in methods]
    found += (
        [f"len({text})" for text in texts] + [f"{text}[1:]" for text in texts] + [f"{text}[::-1]" for text in texts]
    )
    found += [
        "'é😀z'[1]",
        "sorted(['é', 'z', '😀', '\\uffff', 'Z'])",
        "'%' in 'a%'",
        'f\'{5:06d}|{255:x}|{"a":5}|{"b"!r}\'',
    ]
    check_expressions(tmp_path, *found)


def test_json(tmp_path: Path) -> None:
    values = (
        "[1, 1.0, True, None, 'é\"\\n']",
        "{'b': [], 'a': {}, 'é': 1e20}",
        "'\\x7f\\u2028'",
        "-0.5",
        "[[1], {'a': (1, 2)}]",
    )
    settings = ("", ", ensure_ascii=False", ", sort_keys=True", ", indent=2")
    found = [f"json.dumps({value}{setting})" for value, setting in product(values, settings)]
    found += [
        f"json.loads({json.dumps(text)})"
        for text in ('{"a": [1, 1.0, -2e3, "\\u00e9", null]}', " [] ", '"\\ud83d\\ude00"')
    ]
    check_expressions(tmp_path, *found)


def test_collections(tmp_path: Path) -> None:
    source = """
    from dataclasses import dataclass, field, replace
    from enum import StrEnum
    from functools import cache, cached_property, partial
    import itertools


    class Color(StrEnum):
        RED = "red"
        BLUE = "blue"


    @dataclass(frozen=True, order=True)
    class Point:
        x: int
        y: int = 2
        note: str = field(default="", compare=False)

        @property
        def sum(self):
            return self.x + self.y

        @cached_property
        def kept(self):
            return [self.x]


    class Sized:
        def __init__(self, count):
            self.count = count

        def __len__(self):
            return self.count


    def kind(value):
        match value:
            case Point(x=0, y=y):
                return f"zero {y}"
            case Point(x, 2) if x > 1:
                return f"two {x}"
            case Color.RED | "blue":
                return "color"
            case str(text):
                return text
            case int() | float() as number:
                return number
            case [first, second]:
                return (second, first)
            case None:
                return "none"
            case _:
                return "other"


    def numbers(n):
        for i in range(n):
            if i == 2:
                continue
            yield i
        yield from (i * i for i in range(n) if i % 2)


    def tried(call):
        try:
            found = call()
        except (KeyError, IndexError) as error:
            return f"{type(error).__name__} {error}"
        except ValueError:
            return "value"
        else:
            return found


    def unpacked():
        first, *rest = [1, 2, 3]
        (a, b), c = (1, 2), 3
        first += 1
        rest += [4]
        return first, rest, a, b, c


    def found():
        values = (Point(0, 9), Point(3), Color.RED, Color.BLUE, "x", 1, 2.5, (1, 2), [3, 4], None, {})
        yield [kind(each) for each in values]
        yield list(numbers(6)), unpacked()
        yield {1: "a", True: "b", 1.0: "c"}, {Point(1), Point(1, note="other"), Point(2)} == {Point(2), Point(1)}
        yield sorted([Point(2), Point(1, 3), Point(1)]), replace(Point(1), y=5), Point(1).sum, Point(1).kept
        yield Point(1) == Point(1, note="x"), Point(1) == Point(2)
        yield tried(lambda: {}["a"]), tried(lambda: [][0]), tried(lambda: int("x")), tried(lambda: 5)
        yield dict.fromkeys("ab", 1), {"a": 1} | {"b": 2}, {**{"a": 1}, "b": 2}, [*range(3), *"ab"]
        yield frozenset({1, 2}) <= {1, 2, 3}, sorted({1, 2, 3} - {2}), {1: 2}.keys() & {1, 5}
        yield [Color(each).value for each in ("red", "blue")], Color.RED == "red", f"{Color.RED}"
        yield list(Color), {Color.RED: 1}["red"]
        yield list(itertools.islice(itertools.count(3), 2)), list(itertools.product("ab", repeat=2))
        yield list(itertools.pairwise([1, 2, 3])), list(itertools.combinations("abc", 2))
        yield partial(max, 3)(5), max([], default=None), min((2, "b"), (1, "a"))
        yield any([0, ""]), all([]), bool(Sized(0)), bool(Sized(2))
        yield [x for row in [[1, 2], [3]] for x in row if x != 2], {k: v for k, v in zip("ab", [1, 2], strict=True)}
        yield 1 < 2 < 3, 1 < 3 < 2, not [], [] or "x", 0 and 1, (y := 5) + y
        yield next(iter([]), "none"), "abc"[-1], (1, 2)[::-1]
    """
    check(tmp_path, source)


def test_patterns_match_as_in_python(tmp_path: Path) -> None:
    chance = Random(20261125)
    atoms = [
        "a",
        "b",
        ".",
        "\\d",
        "\\w",
        "\\s",
        "[ab]",
        "[^a]",
        "[a-c0-3]",
        "^",
        "$",
        "\\b",
        "\\B",
        "\\A",
        "\\Z",
        "é",
        "\\.",
        "\\n",
    ]
    counts = ["", "", "", "*", "+", "?", "{2}", "{1,2}", "{,2}", "*?", "+?", "??"]

    def pattern(depth: int) -> str:
        parts = []
        for _ in range(chance.randint(1, 3)):
            inner = chance.choice(atoms)
            if depth and chance.random() < 0.4:
                head = chance.choice(["(", "(?:", "(?=", "(?!", "(?<!", "(?>"])
                inner = f"{head}{chance.choice(atoms) if head == '(?<!' else pattern(depth - 1)})"
            is_place = inner in ("^", "$", "\\b", "\\B", "\\A", "\\Z") or inner.startswith(("(?=", "(?!", "(?<"))
            parts.append(inner + ("" if is_place else chance.choice(counts)))
        text = "".join(parts)
        return f"{text}|{chance.choice(atoms)}" if chance.random() < 0.2 else text

    patterns = [pattern(2) for _ in range(150)]
    patterns = [each for each in patterns if not any(place + end in each for place in ("\\A", "\\Z") for end in "\\")]
    patterns += [
        "(?P<x>a)(?P=x)",
        "(a)(?(1)b|c)",
        "(?i)aB",
        "(?i:a)b",
        "a++b",
        "(?s).",
        "(?m)^b$",
        "\\x61\\u0062",
        "[]a]",
        "[a\\]]",
        "a{x",
        "{",
    ]
    texts = ["", "a", "ab", "aab", "abab", "b\n", "\n", "a b", "é1", "c3.", "AB", "ba\nb", "aaa", "x😀a", "٣"]
    source = f"""
    import re

    PATTERNS = {patterns!r}
    TEXTS = {texts!r}


    def spans(pattern, text):
        found = re.search(pattern, text)
        whole = re.fullmatch(pattern, text)
        return None if found is None else (found.start(), found.end(), found[0]), whole is not None


    def found():
        for pattern in PATTERNS:
            yield pattern, [spans(pattern, text) for text in TEXTS]
        yield re.split(r"\\s+", "a b  c"), re.sub("b", "x", "abcb"), re.escape("a.b-c d")
        yield [m[0] for m in re.finditer("a*", "baac")]
    """
    check(tmp_path, source)


@pytest.mark.parametrize(
    "source",
    ["async def f(): ...", "with a as b: pass", "def f(**given): ...", "x = 1j", "class A:\n    for x in y: pass"],
)
def test_what_is_not_known_is_refused_by_its_module(source: str) -> None:
    with pytest.raises(Untranslatable, match=r"^schemagen\.sample: "):
        translated({"sample": source}, [])
