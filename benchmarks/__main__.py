"""`make bench`: everything, or parts: `python -m benchmarks generate serve`; `--small` leaves 5,000 functions out."""

from __future__ import annotations

import platform
import sys
import tempfile
from pathlib import Path

from benchmarks import generate, serve
from benchmarks.report import Report
from benchmarks.synthetic import LARGE, SMALL


def main(arguments: list[str]) -> None:
    names = [name for name in arguments if not name.startswith("-")] or ["generate", "serve"]
    sizes = (SMALL,) if "--small" in arguments else (SMALL, LARGE)
    report = Report()
    print(
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}; CPU time, least of several runs"
    )
    with tempfile.TemporaryDirectory(prefix="schemagen-bench-") as folder:
        if "generate" in names:
            generate.main(report, Path(folder), sizes)
    if "serve" in names:
        serve.main(report)
    over = report.over_budget()
    print(f"\n{len(report.rows)} measurements, {len(over)} over budget")


if __name__ == "__main__":
    main(sys.argv[1:])
