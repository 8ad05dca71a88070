"""A strict reader of the Prometheus text format, version 0.0.4: whatever it does not allow fails the test."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TypeAlias

Labels: TypeAlias = frozenset[tuple[str, str]]

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"'
_HELP = re.compile(rf"# HELP ({_NAME}) (\S.*)")
_TYPE = re.compile(rf"# TYPE ({_NAME}) (counter|gauge|histogram)")
_SAMPLE = re.compile(rf"({_NAME})(?:\{{({_LABEL}(?:,{_LABEL})*)\}})? ([0-9+.eInf-]+|NaN)")


@dataclass
class Family:
    name: str
    help: str
    type: str = ""
    samples: dict[tuple[str, Labels], float] = field(default_factory=dict)


def read_exposition(text: str) -> dict[str, Family]:
    """Families by name, each with its HELP, its TYPE and its samples, which stand together."""
    assert text.endswith("\n")
    families: dict[str, Family] = {}
    current: Family | None = None
    for line in text[:-1].split("\n"):
        if found := _HELP.fullmatch(line):
            assert found[1] not in families, f"{found[1]} comes twice"
            current = families[found[1]] = Family(found[1], found[2])
        elif found := _TYPE.fullmatch(line):
            assert current is not None and found[1] == current.name and not current.type and not current.samples, line
            current.type = found[2]
        else:
            assert current is not None and current.type, line
            _read_sample(line, current)
    for family in families.values():
        _check(family)
    return families


def _read_sample(line: str, family: Family) -> None:
    found = _SAMPLE.fullmatch(line)
    assert found is not None, line
    pairs = re.findall(_LABEL, found[2] or "")
    labels = frozenset((name, _unescaped(value)) for name, value in pairs)
    assert len({name for name, _ in labels}) == len(pairs), line
    suffixes = ("_bucket", "_sum", "_count") if family.type == "histogram" else ("",)
    assert found[1] in [family.name + suffix for suffix in suffixes], line
    assert (found[1], labels) not in family.samples, f"{line} comes twice"
    family.samples[found[1], labels] = float(found.groups()[-1])


def _unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: {"n": "\n"}.get(found[1], found[1]), value)


def _check(family: Family) -> None:
    assert family.type, f"{family.name} has no type"
    if family.type == "counter":
        assert family.name.endswith("_total")
    if family.type != "gauge":
        assert all(value >= 0 for value in family.samples.values()), family
    if family.type == "histogram":
        _check_histogram(family)


def _check_histogram(family: Family) -> None:
    """Of each set of labels: classes that grow, `+Inf` last and equal to the count, and a sum."""
    classes: dict[Labels, dict[float, float]] = {}
    for (name, labels), value in family.samples.items():
        if name.endswith("_bucket"):
            [bound] = [float(held) for label, held in labels if label == "le"]
            rest = frozenset((label, held) for label, held in labels if label != "le")
            classes.setdefault(rest, {})[bound] = value
    for labels, counts in classes.items():
        bounds = list(counts)
        assert bounds == sorted(bounds) and bounds[-1] == math.inf
        assert list(counts.values()) == sorted(counts.values())
        assert family.samples[family.name + "_count", labels] == counts[math.inf]
        assert (family.name + "_sum", labels) in family.samples
    assert len(family.samples) == sum(len(counts) + 2 for counts in classes.values())
