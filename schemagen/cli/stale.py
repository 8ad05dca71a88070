"""What is stale, as a short unified diff."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from schemagen.cli.output import Plan

LINES_MAX = 60
"""How many lines of diff are shown over all files."""
NAMES_MAX = 5
"""How many files are named where their differences are not shown."""
LINES_OF_FILE_MAX = 20
WIDTH_MAX = 160
"""How much of a line is shown: source maps are one long line."""
COMPARED_MAX = 2_000
"""Beyond so many differing lines only their number is said: nobody reads such a diff, and finding it is slow."""


def stale_report(plans: Iterable[Plan]) -> str:
    """A bounded diff from what is on disk to what would be written; "" if nothing would."""
    shown: list[str] = []
    left_out: list[str] = []
    for plan in plans:
        for path, said in sorted((*_words(plan), *_manifest_words(plan))):
            name = str(plan.output.shown / path)
            if len(shown) >= LINES_MAX:
                left_out.append(name)
                continue
            shown.append(f"{name}: {said}")
            if path in plan.changed or path in plan.edited:
                shown += _bounded(_file_diff(plan, path), min(LINES_OF_FILE_MAX, LINES_MAX - len(shown)))
    if left_out:
        shown.append(f"… and {len(left_out)} more: {', '.join(left_out[:3])}{', …' if len(left_out) > 3 else ''}")
    return "\n".join(shown)


def stale_names(plans: Iterable[Plan]) -> str:
    """The same without the differences: a line for each of the first files."""
    lines = [
        f"{plan.output.shown / path}: {said}"
        for plan in plans
        for path, said in sorted((*_words(plan), *_manifest_words(plan)))
    ]
    more = [f"… and {len(lines) - NAMES_MAX} more"] if len(lines) > NAMES_MAX else []
    return "\n".join(lines[:NAMES_MAX] + more)


def _words(plan: Plan) -> Iterator[tuple[PurePosixPath, str]]:
    yield from ((path, "missing") for path in plan.added)
    yield from ((path, "stale") for path in plan.changed)
    yield from ((path, "no longer generated") for path in plan.removed)
    yield from ((path, "edited by hand") for path in plan.edited)
    yield from ((path, "not written by schemagen") for path in plan.foreign)


def _manifest_words(plan: Plan) -> Iterator[tuple[PurePosixPath, str]]:
    """A manifest alone can be stale after a merge, or after a build that was interrupted at its very end."""
    if not (plan.fresh or plan.stale or plan.edited or plan.foreign):
        yield PurePosixPath(".schemagen-manifest.json"), "stale"


def _file_diff(plan: Plan, path: PurePosixPath) -> Iterator[str]:
    wanted = plan.output.files.get(path)
    if wanted is None:
        return
    old = (plan.output.folder / path).read_text("utf-8", errors="replace").splitlines()
    new = wanted.splitlines()
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    differing = max(len(old), len(new)) - start - end
    if differing > COMPARED_MAX:
        yield f"  about {differing} lines differ"
        return
    # A little of what both have in common, for context; line numbers are those of the file.
    above, below = min(start, 2), min(end, 2)
    first = start - above
    body = difflib.unified_diff(
        old[first : len(old) - end + below], new[first : len(new) - end + below], n=2, lineterm=""
    )
    for line in body:
        if line.startswith(("---", "+++")) and line[3:].strip() == "":
            continue
        shown = _shifted(line, first) if line.startswith("@@") else line
        yield f"  {shown}" if len(shown) <= WIDTH_MAX else f"  {shown[:WIDTH_MAX]}…"


def _common(one: list[str], other: list[str]) -> int:
    """How many items both lists begin with."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _shifted(header: str, by: int) -> str:
    """`@@ -1,4 +1,5 @@` moved down by some lines."""
    parts = header.split()
    for at in (1, 2):
        number, comma, count = parts[at][1:].partition(",")
        parts[at] = f"{parts[at][0]}{int(number) + by}{comma}{count}"
    return " ".join(parts)


def _bounded(lines: Iterator[str], most: int) -> list[str]:
    kept = [line for _, line in zip(range(most), lines, strict=False)]
    if len(kept) == most and next(lines, None) is not None:
        kept.append("  …")
    return kept
