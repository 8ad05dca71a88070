"""`make bench`: everything, or parts: `python -m benchmarks serve live search`; `--small` is a quick look at them."""

from __future__ import annotations

import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchmarks import generate, live, search, serve
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
    "serve": serve.main,
    "live": live.main,
    "search": search.main,
}
"""By the name they have on the command line; another part is a line here."""


def main(arguments: list[str]) -> int:
    scale = SMALL if "--small" in arguments else FULL
    names = [name for name in arguments if name != "--small"] or list(PARTS)
    if unknown := [name for name in names if name not in PARTS]:
        print(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}, and --small", file=sys.stderr)
        return 2
    report = Report()
    print(
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}; CPU time, least of several runs"
    )
    for name in names:
        PARTS[name](report, scale)
    over = report.over_budget()
    print(f"\n{len(report.rows)} measurements, {len(over)} over budget")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
