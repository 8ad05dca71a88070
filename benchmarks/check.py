"""What comparing two contracts costs, and `schemagen check` as a whole process, at two sizes."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks import check_peers
from benchmarks.later import change_project
from benchmarks.measure import Usage, best, run
from benchmarks.report import Report
from benchmarks.scale import FULL, Scale
from benchmarks.synthetic import LARGE, SMALL, Size, write_project

FUNCTIONS_PER_SECOND: Final = 4000
"""The bar: so many functions are compared in a second of CPU time, reading both contracts included."""
CHECK_UNCHANGED_S: Final = 0.25

COMPARE: Final = """\
import gc, json, sys, time
from pathlib import Path
from schemagen.check.compare import compare
from schemagen.model.canonical import from_json

gc.disable()  # as the commands do: nearly all that is made stays

def clock(work):
    gc.collect()
    started = time.process_time()
    made = work()
    return time.process_time() - started, made

rounds = []
for _ in range(int(sys.argv[3])):
    old, new = (Path(path).read_text("utf-8") for path in sys.argv[1:3])
    parsed, _ = clock(lambda: (json.loads(old), json.loads(new)))
    read, contracts = clock(lambda: (from_json(old), from_json(new)))
    compared, changes = clock(lambda: compare(*contracts))
    rounds.append((read + compared, {"parsed": parsed, "read": read, "compared": compared, "changes": len(changes)}))
print(json.dumps(min(rounds, key=lambda each: each[0])[1]))
"""


def main(report: Report, scale: Scale, *, peers: bool = False) -> None:
    with tempfile.TemporaryDirectory(prefix="schemagen-bench-") as folder:
        for size in (SMALL, LARGE) if scale is FULL else (SMALL,):
            measure_size(report, Path(folder), size, scale)
        if peers:
            check_peers.main(
                report, Path(folder), [size.functions for size in (SMALL, LARGE)[: 2 if scale is FULL else 1]]
            )


def measure_size(report: Report, folder: Path, size: Size, scale: Scale) -> None:
    """Leaves `<functions>/old.json` and `<functions>/new.json` behind."""
    report.section(f"check, {size}")
    project = folder / str(size.functions)
    write_project(project, size)
    old, new = project / "old.json", project / "new.json"
    _build(project, old)
    _check_unchanged(report, project, old)
    change_project(project)
    _check_changed(report, project, old, new)
    _compare(report, size, old, new, scale)


def _compare(report: Report, size: Size, old: Path, new: Path, scale: Scale) -> None:
    usage = best((sys.executable, "-c", COMPARE, str(old), str(new), str(2 * scale.rounds)), times=scale.rounds)
    took = json.loads(usage.output)
    whole = took["read"] + took["compared"]
    same = json.loads(best((sys.executable, "-c", COMPARE, str(old), str(old), "2"), times=1).output)
    report.add("json.loads of both contracts", took["parsed"], "s")
    report.add("reading both contracts", took["read"], "s")
    report.add(f"comparing them: {took['changes']} changes", took["compared"], "s")
    report.add("  the same contract twice", same["compared"], "s")
    report.add("reading and comparing", whole, "s", size.functions / FUNCTIONS_PER_SECOND)
    report.add("  of json.loads", whole / took["parsed"], "×")


def _check_unchanged(report: Report, project: Path, base: Path) -> None:
    bare = best((sys.executable, "-c", "pass"), times=7)
    first = _check(project, base)
    again = best(_command(project, base), times=5, cwd=project)
    report.add("schemagen check, the first one, beyond python -c pass", first.cpu_s - bare.cpu_s, "s")
    report.add(
        "schemagen check, nothing changed, beyond python -c pass", again.cpu_s - bare.cpu_s, "s", CHECK_UNCHANGED_S
    )
    report.add("  its memory", again.rss_mib, "MiB")


def _check_changed(report: Report, project: Path, base: Path, new: Path) -> None:
    bare = best((sys.executable, "-c", "pass"), times=3)
    stale = _check(project, base)
    report.add("schemagen check, changed and not built, beyond python -c pass", stale.cpu_s - bare.cpu_s, "s")
    _build(project, new)
    built = _check(project, base)
    report.add("schemagen check, changed and built, beyond python -c pass", built.cpu_s - bare.cpu_s, "s")


def _build(project: Path, contract: Path) -> None:
    best((sys.executable, "-m", "schemagen", "build"), times=1, cwd=project)
    shutil.copy(project / "generated" / "contract.json", contract)


def _check(project: Path, base: Path) -> Usage:
    """One check; what it finds is no failure of the benchmark, but that it cannot check is."""
    usage = run(_command(project, base), cwd=project)
    if usage.exit_code not in (0, 1):
        raise RuntimeError(f"schemagen check exited {usage.exit_code}:\n{usage.output[-4000:]}")
    return usage


def _command(project: Path, base: Path) -> tuple[str, ...]:
    return (sys.executable, "-m", "schemagen", "check", "--base", str(base), "--project", str(project))
