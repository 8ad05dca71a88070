"""`make bench`: everything, or parts: `python -m benchmarks serve live search`; `--small` is a quick look at them.

`--peers` measures other checkers beside ours: they are installed for it, from PyPI and npm, into a folder that goes.
"""

from __future__ import annotations

import platform
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks import check, generate, live, search, serve
from benchmarks.report import Report
from benchmarks.scale import FULL, SMALL, Scale
from benchmarks.synthetic import LARGE
from benchmarks.synthetic import SMALL as SMALL_API


def measure_generation(report: Report, scale: Scale) -> None:
    sizes = (SMALL_API, LARGE) if scale is FULL else (SMALL_API,)
    with tempfile.TemporaryDirectory(prefix="schemagen-bench-") as folder:
        generate.main(report, Path(folder), sizes)


PARTS: Final[dict[str, Callable[[Report, Scale], None]]] = {
    "generate": measure_generation,
    "check": check.main,
    "serve": serve.main,
    "live": live.main,
    "search": search.main,
}
"""By the name they have on the command line; another part is a line here."""


def main(arguments: list[str]) -> int:
    scale = SMALL if "--small" in arguments else FULL
    parts: dict[str, Callable[[Report, Scale], None]] = {
        **PARTS,
        "check": partial(check.main, peers="--peers" in arguments),
    }
    names = [name for name in arguments if name not in ("--small", "--peers")] or list(parts)
    if unknown := [name for name in names if name not in parts]:
        there = f"{', '.join(parts)}, and --small and --peers"
        print(f"no such part: {', '.join(unknown)}; there are {there}", file=sys.stderr)
        return 2
    report = Report()
    print(
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}; CPU time, least of several runs"
    )
    for name in names:
        parts[name](report, scale)
    over = report.over_budget()
    print(f"\n{len(report.rows)} measurements, {len(over)} over budget")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
