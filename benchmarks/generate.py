"""What `schemagen build`, importing the SDK, and type-checking its consumers cost, at two sizes."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from benchmarks.completion import measure_completion
from benchmarks.measure import Usage, best
from benchmarks.report import Report
from benchmarks.synthetic import LARGE, SMALL, Size, write_project, write_python_consumer, write_typescript_consumer

ROOT = Path(__file__).parents[1]
NODE = ROOT / "templates" / "typescript" / "node_modules"
TSC_7 = ("node", str(NODE / "typescript" / "bin" / "tsc"))
TSC_5 = ("node", str(NODE / "typescript-5.9" / "bin" / "tsc"))
IMPORT = """\
import importlib, pathlib, pydantic
for path in pathlib.Path("backend").glob("[a-z]*.py"):
    importlib.import_module("backend." + path.stem)
"""

TSCONFIG = """\
{
  "compilerOptions": {
    "strict": true, "exactOptionalPropertyTypes": true, "skipLibCheck": false, "noEmit": true, "types": [],
    "target": "ES2022", "lib": ["ES2022", "DOM"], "module": "NodeNext", "moduleResolution": "NodeNext"
  },
  "files": ["app.ts"]
}
"""


def measure_size(report: Report, folder: Path, size: Size) -> float:
    """Every cost at one size; returns the CPU seconds of the whole build, for the growth row."""
    report.section(str(size))
    write_project(folder, size)
    build_s = _build(report, folder, size)
    _import(report, folder)
    _python_consumer(report, folder, size)
    _typescript_consumer(report, folder, size)
    return build_s


def main(report: Report, folder: Path, sizes: tuple[Size, ...] = (SMALL, LARGE)) -> None:
    builds = [measure_size(report, folder / str(size.functions), size) for size in sizes]
    if len(sizes) == 2:
        report.section("growth")
        ratio = sizes[1].functions / sizes[0].functions
        report.add(f"build: {ratio:.3g} × the functions", builds[1] / builds[0], "×", ratio)


def _python(folder: Path, *arguments: str, times: int = 3) -> Usage:
    return best((sys.executable, *arguments), times=times, cwd=folder, env={"PYTHONPATH": str(folder)})


def _build(report: Report, folder: Path, size: Size) -> float:
    bare = _python(folder, "-c", "pass", times=5)
    imported = _python(folder, "-c", IMPORT)
    first = _python(folder, "-m", "schemagen", "build", times=1)
    again = _python(folder, "-m", "schemagen", "build", "--no-cache")
    fresh = _python(folder, "-m", "schemagen", "build", "--check")
    report.add("python -c 'import pydantic; import the backend'", imported.cpu_s, "s")
    report.add("schemagen build, whole process, nothing written yet", first.cpu_s, "s", 1.5 * imported.cpu_s)
    report.add("schemagen build --no-cache, nothing changed", again.cpu_s, "s", 1.5 * imported.cpu_s)
    report.add("  of it, beyond importing", again.cpu_s - imported.cpu_s, "s", 0.8 if size.functions <= 400 else 5.0)
    report.add("schemagen build, peak memory", first.rss_mib, "MiB", 150 + imported.rss_mib)
    report.add("schemagen build --check, nothing changed, beyond python -c pass", fresh.cpu_s - bare.cpu_s, "s", 0.25)
    lines = sum(
        path.read_bytes().count(b"\n")
        for path in (folder / "generated").rglob("*")
        if path.is_file()
        and path.suffix in {".py", ".ts", ".js"}
        and not {"runtime", "_runtime", "_checker"} & set(path.parts)
    )
    report.add("generated lines per function, both languages", lines / size.functions, "lines", 25)
    return first.cpu_s


def _import(report: Report, folder: Path) -> None:
    sdk = folder / "generated" / "python"
    bare, package = (_python(sdk, "-c", code, times=7) for code in ("pass", "import sdk; sdk.Client"))
    report.add("import sdk; sdk.Client", 1000 * (package.cpu_s - bare.cpu_s), "ms", 30)
    report.add("  its memory", package.rss_mib - bare.rss_mib, "MiB", 14)


def _python_consumer(report: Report, folder: Path, size: Size) -> None:
    app = folder / "app.py"
    write_python_consumer(app, size)
    scale = size.functions / 4000
    env = {"MYPYPATH": str(folder / "generated" / "python"), "MYPY_CACHE_DIR": os.devnull}
    mypy = best((sys.executable, "-m", "mypy", "--strict", str(app)), times=1, cwd=folder, env=env)
    report.add("mypy --strict, one call of every function", mypy.cpu_s, "s", max(9 * scale, 4))
    (folder / "pyrightconfig.json").write_text(
        '{"typeCheckingMode": "strict", "include": ["app.py"], "extraPaths": ["generated/python"],'
        ' "pythonVersion": "3.11"}\n'
    )
    pyright = ("node", str(NODE / "pyright" / "index.js"), "--pythonpath", sys.executable)
    report.add("pyright strict, the same", best(pyright, times=1, cwd=folder).cpu_s, "s", max(40 * scale, 8))


def _typescript_consumer(report: Report, folder: Path, size: Size) -> None:
    modules = folder / "node_modules" / "@bench"
    modules.mkdir(parents=True)
    (modules / "backend").symlink_to(folder / "generated" / "typescript", target_is_directory=True)
    (folder / "node_modules" / "react").symlink_to(NODE / "react", target_is_directory=True)
    (folder / "package.json").write_text('{"type": "module"}\n')
    write_typescript_consumer(folder / "app.ts", size)
    (folder / "empty.ts").write_text("export {};\n")
    for name in ("app", "empty"):
        (folder / f"tsconfig.{name}.json").write_text(TSCONFIG.replace("app.ts", f"{name}.ts"))
    (folder / "tsconfig.json").write_text(TSCONFIG)
    scale = size.functions / 4000
    for name, tsc, budget_s in (("7", TSC_7, max(2.5 * scale, 1.3)), ("5.9", TSC_5, max(10 * scale, 4))):
        app, empty = (
            best((*tsc, "-p", f"tsconfig.{file}.json", "--extendedDiagnostics"), times=1, cwd=folder)
            for file in ("app", "empty")
        )
        report.add(f"tsc {name} --strict, one call of every function", app.cpu_s, "s", budget_s)
        made = (_instantiations(app.output) - _instantiations(empty.output)) / size.functions
        report.add(f"  instantiations per function and call, beyond an empty file, tsc {name}", made, "", 12)
    for name, cost_ms in measure_completion(folder, NODE).items():
        report.add(
            f"completion of `api.module0.` after an edit, {name}", cost_ms, "ms", 50 if size.functions <= 400 else 600
        )


def _instantiations(diagnostics: str) -> int:
    found = re.search(r"Instantiations:\s+(\d+)", diagnostics)
    assert found is not None, diagnostics
    return int(found[1])
