"""`.schemagen-manifest.json`: which files of an output folder we wrote, by hash. Committed with them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

MANIFEST = ".schemagen-manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """Files we wrote, with the hashes by which we know them again: two while a build is changing one."""

    files: Mapping[PurePosixPath, tuple[str, ...]]

    def hashes(self, path: PurePosixPath) -> tuple[str, ...]:
        return self.files.get(path, ())


def digest(content: bytes) -> str:
    """The first 32 hex digits of the SHA-256 of a file as git keeps it: with LF line ends."""
    if b"\r\n" in content:
        content = content.replace(b"\r\n", b"\n")
    return hashlib.sha256(content).hexdigest()[:32]


def manifest_text(manifest: Manifest) -> str:
    """One line a file, sorted: two branches that change different files merge by themselves."""
    lines = [
        f"    {json.dumps(str(path), ensure_ascii=False)}: {json.dumps(' '.join(manifest.files[path]))}"
        for path in sorted(manifest.files)
    ]
    return '{\n  "written by": "schemagen build",\n  "files": {\n' + ",\n".join(lines) + "\n  }\n}\n"


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder; an empty one if there is none, or none that can be read (a merge gone wrong)."""
    try:
        files = json.loads((folder / MANIFEST).read_text("utf-8"))["files"]
        return Manifest({_path(path): tuple(hashes.split()) for path, hashes in files.items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Manifest({})


def _path(text: str) -> PurePosixPath:
    path = PurePosixPath(text)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise ValueError(f"a manifest names {text!r}, which is not below its folder")
    return path
