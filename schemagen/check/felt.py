"""What a consumer feels of a contract that changed below it: it has a slice of the one it was last checked against."""

from __future__ import annotations

from dataclasses import replace

from schemagen.check.call_sites import call_sites
from schemagen.check.changes import Change
from schemagen.check.compare import compare
from schemagen.check.usage import Usage
from schemagen.model.contract import Contract


def felt(used: Contract, now: Contract, usage: Usage) -> tuple[Change, ...]:
    """The changes from `used`, a slice, to `now` that matter to whoever uses `usage`, with its call sites."""
    public = replace(now.public, tables=())
    changes = (
        replace(change, levels={usage.language: change.levels[usage.language]}) for change in compare(used, public)
    )
    return tuple(replace(change, call_sites=call_sites(change, [usage])) for change in changes if change.breaking)
