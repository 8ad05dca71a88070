"""Writes the relation in JavaScript beside the compiled runtime: `make runtime` runs this last."""

from __future__ import annotations

from pathlib import Path

from schemagen.emit.typescript.relation_file import translated_relation

FILE = Path(__file__).parent / "dist" / "check" / "relation.mjs"

if __name__ == "__main__":
    FILE.write_text(translated_relation(), "utf-8", newline="\n")
