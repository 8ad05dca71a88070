"""By what a change is known again: tomorrow, on another branch, after the file above it grew."""

from __future__ import annotations

import json
from hashlib import sha256

from schemagen.check.changes import Change


def change_fingerprint(change: Change) -> str:
    """12 hexadecimal digits of the rule, the side, the place in the contract, and both types; no file, no line."""
    known = (change.rule, change.side.value, change.at, change.old, change.new)
    return sha256(json.dumps(known, ensure_ascii=False).encode()).hexdigest()[:12]
