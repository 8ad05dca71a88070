"""What a `$ref` means: a place in this file or in one beside it, never one on the network."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from schemagen.cli.importing.source import At, Document, Pointer
from schemagen.cli.mistake import CommandError, Mistake

REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//")
FILE_FIX = "correct the path; it is looked for beside the file that names it"


class References:
    """Resolves references of a document; `read` is the door through which further files are read."""

    def __init__(self, document: Document, read: Callable[[Path, str], Document]) -> None:
        self._read = read
        self._documents = {document.path.resolve(): document}

    def resolve(self, at: At, ref: object) -> At:
        """Where a reference leads, through all references on the way. Raises `CommandError` if nowhere."""
        seen: list[At] = []
        while True:
            at = self._step(at, ref)
            if at in seen:
                raise CommandError(
                    at.mistake(
                        "import_reference",
                        "this reference leads back to itself",
                        why="it says nothing about the value",
                        fix="let one of them say what the value is",
                    )
                )
            seen.append(at)
            node = self.node(at)
            if not (isinstance(node, dict) and isinstance(node.get("$ref"), str) and len(node) == 1):
                return at
            ref = node["$ref"]

    def node(self, at: At) -> Any:
        return at.document.find(at.pointer)

    def _step(self, at: At, ref: object) -> At:
        if not isinstance(ref, str):
            raise CommandError(_lost(at, ref, "a reference is text", 'write "#/components/schemas/Pet"'))
        address, _, fragment = ref.partition("#")
        document, base = self._document(at, address, ref)
        found = At(document, (*base, *self._fragment(at, document, fragment, ref)))
        try:
            self.node(found)
        except KeyError:
            fix = f"declare it in {document.shown}, or correct the reference"
            raise CommandError(_lost(at, ref, "nothing is there", fix)) from None
        return found

    def _document(self, at: At, address: str, ref: str) -> tuple[Document, Pointer]:
        if not address:
            return at.document, ()
        for known, pointer in at.document.ids.items():
            if known == address or (not REMOTE.match(address) and known.rpartition("/")[2] == address):
                return at.document, pointer
        if REMOTE.match(address):
            raise CommandError(
                (at / "$ref").mistake(
                    "import_remote",
                    f'"{ref}" is somewhere else on the network',
                    why="nothing is fetched: what is imported has to be reviewed, and to be the same tomorrow",
                    fix="save that file beside this one, commit it, and refer to it by its relative path",
                )
            )
        return self._file(at, unquote(address), ref), ()

    def _file(self, at: At, address: str, ref: str) -> Document:
        path = (at.document.path.parent / address).resolve()
        if path not in self._documents:
            shown = _normal(PurePosixPath(at.document.shown).parent / address)
            if not path.is_file():
                raise CommandError(_lost(at, ref, f"there is no file {shown}", FILE_FIX))
            self._documents[path] = self._read(path, shown)
        return self._documents[path]

    def _fragment(self, at: At, document: Document, fragment: str, ref: str) -> Pointer:
        if not fragment:
            return ()
        if fragment.startswith("/"):
            parts = unquote(fragment).split("/")[1:]
            return tuple(part.replace("~1", "/").replace("~0", "~") for part in parts)
        if f"#{fragment}" not in document.ids:
            raise CommandError(_lost(at, ref, "no schema has this anchor", f'add "$anchor": "{fragment}" to it'))
        return document.ids[f"#{fragment}"]


def _lost(at: At, ref: object, what: str, fix: str) -> Mistake:
    shown = at / "$ref" if isinstance(ref, str) else at
    return shown.mistake(
        "import_reference", f'"{ref}" leads nowhere: {what}', why="a model needs every part of it", fix=fix
    )


def _normal(path: PurePosixPath) -> str:
    """Without `..` where a folder before it can go: `api/../common.yaml` is `common.yaml`."""
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
