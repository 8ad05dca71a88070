"""The files that are imported: read, never fetched; and where in them a JSON pointer leads."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from schemagen.cli.mistake import CommandError, Mistake

Pointer = tuple[str, ...]
"""The keys and indexes from the root of a document: `("components", "schemas", "Pet")`."""

BYTES_MAX: Final = 64 * 1024 * 1024
FIX_SYNTAX: Final = "repair the file; an OpenAPI file is YAML or JSON with an object at its root"


@dataclass(frozen=True, slots=True)
class At:
    """A place in a document."""

    document: Document
    pointer: Pointer = ()

    def __truediv__(self, key: str | int) -> At:
        return At(self.document, (*self.pointer, str(key)))

    def __str__(self) -> str:
        return "".join(f"/{key.replace('~', '~0').replace('/', '~1')}" for key in self.pointer) or "the root"

    def mistake(self, rule: str, message: str, *, why: str, fix: str) -> Mistake:
        line, column = self.document.position(self.pointer)
        text = self.document.text.splitlines()[line - 1].rstrip() if line else ""
        source = text if len(text) <= 160 and "\t" not in text else ""
        mark = max(1, len(source.rstrip(",")) - column + 1)
        return Mistake(rule, f"{self}: {message}", why, fix, self.document.shown, line, column, source, mark)


@dataclass(eq=False)
class Document:
    """One file. `shown` is its path as it was given, with forward slashes."""

    path: Path
    shown: str
    text: str
    data: dict[str, Any]
    _nodes: dict[Pointer, tuple[int, int]] = field(default_factory=dict)

    def find(self, pointer: Pointer) -> Any:
        """What is there; raises KeyError if nothing is."""
        found: Any = self.data
        for key in pointer:
            match found:
                case dict() if key in found:
                    found = found[key]
                case list() if key.isdecimal() and int(key) < len(found):
                    found = found[int(key)]
                case _:
                    raise KeyError(key)
        return found

    def position(self, pointer: Pointer) -> tuple[int, int]:
        """Line and column from 1 of what is there; of what is around it if it is not, (0, 1) if nobody can tell."""
        node, mark = self._tree, (0, 1)
        for key in pointer:
            step = _step(node, key)
            if step is None:
                break
            place, node = step
            mark = (place.start_mark.line + 1, place.start_mark.column + 1)
        return mark

    @cached_property
    def ids(self) -> dict[str, Pointer]:
        """Schemas that have an `$id`, an `id` or an anchor, by it: `https://example.com/pet.json`, `#pet`."""
        return dict(_identified(self.data, ()))

    @cached_property
    def _tree(self) -> Any:
        yaml = importlib.import_module("yaml")
        try:
            return yaml.compose(self.text, Loader=_loader())
        except (yaml.YAMLError, RecursionError):  # JSON that is no YAML: it has tabs
            return None


def read(path: Path, shown: str) -> Document:
    """A document. Raises `CommandError` if there is none, or it is neither a JSON nor a YAML object."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        said = (error.strerror or str(error)).lower()
        raise CommandError(
            Mistake(
                "import_source",
                f"{shown} cannot be read: {said}",
                why="models are written from what the file says",
                fix="give the path of an OpenAPI or JSON Schema file, .yaml, .yml or .json",
            )
        ) from None
    if len(raw) > BYTES_MAX:
        raise CommandError(_broken(shown, f"is larger than {BYTES_MAX // 1024 // 1024} MiB", 0, 1))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(_broken(shown, f"is not UTF-8 text: {error.reason} at byte {error.start}", 0, 1)) from None
    data = _json(text, shown) if text.lstrip()[:1] in ("{", "[") and path.suffix == ".json" else _yaml(text, shown)
    if not isinstance(data, dict):
        raise CommandError(_broken(shown, "holds no object", 1, 1))
    return Document(path, shown, text, data)


def _broken(shown: str, what: str, line: int, column: int) -> Mistake:
    return Mistake(
        "import_syntax", f"{shown} {what}", "what cannot be read cannot be imported", FIX_SYNTAX, shown, line, column
    )


def _json(text: str, shown: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise CommandError(_broken(shown, f"is no JSON: {error.msg}", error.lineno, error.colno)) from None
    except RecursionError:
        raise CommandError(_broken(shown, "nests too deeply", 0, 1)) from None


def _yaml(text: str, shown: str) -> Any:
    yaml = importlib.import_module("yaml")
    try:
        return yaml.load(text, Loader=_loader())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 1)
        problem = getattr(error, "problem", None) or "it cannot be parsed"
        raise CommandError(_broken(shown, f"is no YAML: {problem}", line, column)) from None
    except (RecursionError, ValueError) as error:
        raise CommandError(_broken(shown, f"is no YAML: {error}", 0, 1)) from None


def _loader() -> Any:
    """Reads YAML as JSON would be read: `on`, `no`, `2026-01-02` and `12:30:00` are text, keys are text too."""
    yaml = importlib.import_module("yaml")
    base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    kept = ("null", "int", "float", "merge")
    resolvers = {
        first: [(tag, pattern) for tag, pattern in pairs if tag.rpartition(":")[2] in kept]
        for first, pairs in base.yaml_implicit_resolvers.items()
    }
    loader: Any = type("Loader", (base,), {"yaml_implicit_resolvers": resolvers, "construct_mapping": _text_keys})
    loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false|True|False|TRUE|FALSE)$"), "tTfF")
    for tag, pattern, firsts in (
        ("int", r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
        ("float", r"^[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
    ):
        name = f"tag:yaml.org,2002:{tag}"
        for pairs in loader.yaml_implicit_resolvers.values():
            pairs[:] = [pair for pair in pairs if pair[0] != name]
        loader.add_implicit_resolver(name, re.compile(pattern), list(firsts))
    return loader


def _text_keys(self: Any, node: Any, deep: bool = False) -> dict[str, Any]:
    """Keys as they are written: the status 200 of a response is "200"."""
    self.flatten_mapping(node)
    return {
        str(key.value): self.construct_object(value, deep=deep)
        for key, value in node.value
        if isinstance(key.value, str)
    }


def _step(node: Any, key: str) -> tuple[Any, Any] | None:
    """What is pointed at, and the node below a key."""
    if node is None:
        return None
    if node.id == "mapping":
        return next(((at, value) for at, value in node.value if at.value == key), None)
    if node.id == "sequence" and key.isdecimal() and int(key) < len(node.value):
        return node.value[int(key)], node.value[int(key)]
    return None


def _identified(node: Any, at: Pointer) -> Iterator[tuple[str, Pointer]]:
    if isinstance(node, dict):
        for key in ("$id", "id"):
            if isinstance(node.get(key), str):
                yield node[key].removesuffix("#"), at
        for key in ("$anchor", "$dynamicAnchor"):
            if isinstance(node.get(key), str):
                yield f"#{node[key]}", at
    children: Iterable[tuple[Any, Any]] = (
        node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    )
    for key, child in children:
        if key not in ("example", "examples", "default", "enum", "const"):
            yield from _identified(child, (*at, str(key)))
