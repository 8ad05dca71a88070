"""Where a document declares schemas that deserve a model: components, definitions, bodies of operations, webhooks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from schemagen.cli.importing.nodes import SAYING
from schemagen.cli.importing.references import References
from schemagen.cli.importing.source import At, Document
from schemagen.cli.mistake import CommandError, Mistake, did_you_mean

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")


@dataclass(frozen=True, slots=True)
class Root:
    """A schema to import. `source` is its name in the document, `hint` what its model would be called."""

    source: str
    at: At
    hint: str


def roots_of(document: Document, references: References, name: str | None, only: tuple[str, ...]) -> list[Root]:
    """In the order of the document, named schemas first; with `only`, just those. Raises `CommandError` for none."""
    data = document.data
    if isinstance(data.get("openapi"), str) and data["openapi"].startswith("3."):
        found = [*_named(At(document), "components", "schemas"), *_operations(At(document), references)]
    elif str(data.get("swagger", "")) in ("2.0", "2"):
        found = [*_named(At(document), "definitions"), *_operations(At(document), references)]
    elif "asyncapi" in data or "openapi" in data or "swagger" in data:
        raise CommandError(_unknown_format(document))
    else:
        found = [*_whole(At(document), name), *_named(At(document), "$defs"), *_named(At(document), "definitions")]
    if not found:
        raise CommandError(_nothing(document))
    return _chosen(document, found, only) if only else found


def words(text: str) -> str:
    """A name for a class: `pet_type` → `PetType`, `v1.list-pets` → `V1ListPets`; humps stay."""
    parts = [part for part in re.split(r"[^0-9A-Za-z]+", text) if part]
    made = "".join(part[:1].upper() + part[1:] for part in parts)
    return made if made and not made[0].isdigit() else f"Model{made}"


def name_of(at: At) -> str:
    """What the model of a schema is called that a reference leads to."""
    if at.pointer:
        return words(at.pointer[-1])
    title = at.document.data.get("title")
    return words(title if isinstance(title, str) else at.document.path.name.split(".")[0])


def _named(at: At, *keys: str) -> Iterator[Root]:
    found: Any = at.document.data
    for key in keys:
        found, at = (found.get(key) if isinstance(found, dict) else None), at / key
    if isinstance(found, dict):
        for name in found:
            yield Root(name, at / name, words(name))


def _whole(at: At, name: str | None) -> Iterator[Root]:
    """The document itself, if it is a schema and no mere collection of them."""
    data = at.document.data
    if SAYING & data.keys():
        given = name or data.get("title")
        source = given if isinstance(given, str) and given else at.document.path.name.split(".")[0]
        yield Root(source, at, words(source))


def _operations(at: At, references: References) -> Iterator[Root]:
    for path, item in _items(at / "paths", references):
        for method, operation in _operations_of(item, references):
            node = _dict(references, operation)
            given = node.get("operationId")
            name = words(given if isinstance(given, str) else f"{method} {path.replace('{', ' by ')}")
            yield from _bodies(operation, references, f"{name}Request")
            yield from _answers(operation, references, name)
            for event, callback in _items(operation / "callbacks", references):
                for _, inner in _items(callback, references):
                    for _, called in _operations_of(inner, references):
                        yield from _bodies(called, references, f"{name}{words(event)}Payload")
    for event, item in _items(at / "webhooks", references):
        for _, operation in _operations_of(item, references):
            yield from _bodies(operation, references, f"{words(event)}Payload")


def _operations_of(item: At, references: References) -> Iterator[tuple[str, At]]:
    return ((method, at) for method, at in _items(item, references) if method in METHODS)


def _bodies(operation: At, references: References, name: str) -> Iterator[Root]:
    for _, parameter in _items(operation / "parameters", references):
        if _dict(references, parameter).get("in") == "body":
            yield from _inline(parameter / "schema", references, name)
    yield from _content(_resolved(operation / "requestBody", references), references, name)


def _answers(operation: At, references: References, name: str) -> Iterator[Root]:
    good = True
    for status, answer in _items(operation / "responses", references):
        first = good and status.startswith(("2", "default"))
        good = good and not first
        hint = f"{name}Response" if first else f"{name}{words(status).removeprefix('Model')}Response"
        yield from _inline(answer / "schema", references, hint)
        yield from _content(answer, references, hint)


def _content(body: At, references: References, name: str) -> Iterator[Root]:
    for kind, media in _items(body / "content", references):
        if re.match(r"application/([\w.-]+\+)?json\b", kind):
            yield from _inline(media / "schema", references, name)
            return


def _inline(at: At, references: References, name: str) -> Iterator[Root]:
    """A schema that has no name yet and deserves one; in an array, that of its items."""
    node = _dict(references, at)
    if "$ref" in node:
        return
    if "items" in node:
        yield from _inline(at / "items", references, f"{name}Item")
    elif any(node.get(key) for key in ("properties", "allOf", "anyOf", "oneOf")):
        yield Root(name, at, name)


def _items(at: At, references: References) -> Iterator[tuple[str, At]]:
    try:
        found = references.node(at)
    except KeyError:
        return
    pairs = found.keys() if isinstance(found, dict) else range(len(found)) if isinstance(found, list) else ()
    for key in pairs:
        yield str(key), _resolved(at / key, references)


def _resolved(at: At, references: References) -> At:
    node = _dict(references, at)
    return references.resolve(at, node["$ref"]) if isinstance(node.get("$ref"), str) else at


def _dict(references: References, at: At) -> Mapping[str, Any]:
    try:
        found = references.node(at)
    except KeyError:
        return {}
    return found if isinstance(found, dict) else {}


def _chosen(document: Document, found: list[Root], only: tuple[str, ...]) -> list[Root]:
    known = {name for root in found for name in (root.source, root.hint)}
    missing = [name for name in only if name not in known]
    listed = ", ".join([*(root.source for root in found[:12]), *(["…"] if len(found) > 12 else [])])
    if missing:
        raise CommandError(
            *(
                Mistake(
                    "import_only",
                    f'{document.shown} declares no "{name}"{did_you_mean(name, known)}',
                    why="--only takes names of schemas, or what their models are called",
                    fix=f"schemas here: {listed}",
                )
                for name in missing
            )
        )
    return [root for root in found if {root.source, root.hint} & set(only)]


def _unknown_format(document: Document) -> Mistake:
    key = next(key for key in ("asyncapi", "openapi", "swagger") if key in document.data)
    return At(document, (key,)).mistake(
        "import_format",
        f"{key} {document.data[key]} is not read",
        why="imported are OpenAPI 3.0 and 3.1, Swagger 2.0 and JSON Schema",
        fix="convert the file, or save the schemas you need as JSON Schema",
    )


def _nothing(document: Document) -> Mistake:
    return At(document).mistake(
        "import_format",
        f"{document.shown} declares no schemas",
        why="models are made from components/schemas, definitions, bodies of operations, or a JSON Schema",
        fix="give an OpenAPI file, or a JSON Schema with a type, properties or $defs",
    )
