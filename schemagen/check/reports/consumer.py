"""What a check in a consumer's own build found: for people, for programs, and for pull requests on GitHub."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from schemagen.check.call_sites import words
from schemagen.check.changes import Change, Place
from schemagen.check.consumer import Checked, Comparison, Mistake, fails
from schemagen.check.fingerprints import change_fingerprint
from schemagen.check.report import Judged, Standing
from schemagen.check.reports.json import change_json
from schemagen.check.reports.wording import felt_elsewhere, headline, level_text, some, was_and_is, witness_text
from schemagen.check.usage import Use

FUNCTIONS_MAX = 8
"""How many functions are named below one heading."""


def text_of(checked: Checked, update: str) -> str:
    """With a newline at its end; "" if there is nothing to say. `update` is the command that writes the lock anew."""
    blocks = [_change(change) for each in checked.comparisons for change in each.changes]
    blocks += [_unlocked(use, update) for use in checked.unlocked]
    if not blocks:
        return ""
    blocks += [_counts(each) for each in checked.comparisons if each.changes]
    if checked.breaking:
        blocks.append(f"When the code copes with this, write the lock anew: {update}")
    return "\n\n".join(blocks) + "\n"


def json_of(checked: Checked) -> str:
    """One object, with a newline at its end."""
    whole = {
        "verdict": "breaking" if checked.breaking else "safe",
        "ok": checked.ok,
        "comparisons": [
            {"old": each.old, "new": each.new, "changes": [_change_json(change) for change in each.changes]}
            for each in checked.comparisons
        ],
        "unlocked": [_use_json(use) for use in checked.unlocked],
        "mistakes": [],
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def github_of(checked: Checked, update: str) -> str:
    """Workflow commands, a line each: one where each change is felt, or without a place if that is nowhere."""
    lines: list[str] = []
    for change in (change for each in checked.comparisons for change in each.changes):
        kind = "error" if fails(change) else "warning"
        places: list[Place | None] = [site.place for site in change.call_sites]
        lines += [_command(kind, place, change.rule, _said(change)) for place in places or [None]]
    lines += [_command("error", use.place, "lock_behind", f"{_behind(use)}; fix: {update}") for use in checked.unlocked]
    return "".join(f"{line}\n" for line in lines)


def mistakes_text(mistakes: tuple[Mistake, ...]) -> str:
    """With a newline at its end."""
    return "\n\n".join(map(str, mistakes)) + "\n"


def mistakes_json(mistakes: tuple[Mistake, ...]) -> str:
    """In the form of `json_of`."""
    shown = [{"rule": m.rule, "place": m.place, "says": m.says, "why": m.why, "fix": m.fix} for m in mistakes]
    whole = {"verdict": "mistake", "ok": False, "comparisons": [], "unlocked": [], "mistakes": shown}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def mistakes_github(mistakes: tuple[Mistake, ...]) -> str:
    """A command each."""
    return "".join(f"{_command('error', None, m.rule, str(m))}\n" for m in mistakes)


def _change(change: Change) -> str:
    label = "error" if fails(change) else "warning"
    facts = [f"  {name:9}{text}" for name, text in _facts(change)]
    return "\n".join([f"{label}[{change.rule}]: {headline(change)}", *facts])


def _facts(change: Change) -> Iterator[tuple[str, str]]:
    yield "level:", level_text(change) + (", cannot be proved" if change.unsure else "")
    was, now = was_and_is(change)
    if was:
        yield "was:", was
        yield "is:", now
    if witness := witness_text(change.witness):
        yield "witness:", witness
    if felt_elsewhere(change):
        yield "felt by:", some(change.functions, FUNCTIONS_MAX)
    for number, site in enumerate(change.call_sites):
        yield ("" if number else "callers:"), f"{site.place}  {site.uses}"
    if change.fix:
        yield "fix:", f"in the backend, {change.fix}; or change the lines above"


def _unlocked(use: Use, update: str) -> str:
    return f"{use.place}: error[lock_behind]: {_behind(use)}\n  fix:     {update}"


def _behind(use: Use) -> str:
    return f"{words(use)} is used here, and the lock does not hold it: nobody would notice if it changed"


def _counts(comparison: Comparison) -> str:
    broken = sum(map(fails, comparison.changes))
    rest = len(comparison.changes) - broken
    parts = [f"{broken} breaking"] * bool(broken) + [f"{rest} for the compiler to see"] * bool(rest)
    return f"{comparison.old} → {comparison.new}: {', '.join(parts)}"


def _said(change: Change) -> str:
    witness = witness_text(change.witness)
    parts = [headline(change), *([f"witness: {witness}"] if witness else []), f"fix: {change.fix}"]
    return "\n".join(parts)


def _change_json(change: Change) -> dict[str, Any]:
    standing = Standing.FAILS if fails(change) else Standing.INFORMS
    return {**change_json(Judged(change, standing, change_fingerprint(change))), "fails": fails(change)}


def _use_json(use: Use) -> dict[str, Any]:
    return {"uses": words(use), "file": use.place.file, "line": use.place.line, "column": use.place.column}


def _command(kind: str, place: Place | None, title: str, said: str) -> str:
    at = "" if place is None else f"file={_escaped(place.file)},line={place.line},col={place.column},"
    return f"::{kind} {at}title={title}::{_data(said)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
