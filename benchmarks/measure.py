"""CPU time and memory of whole processes. CPU seconds, not wall time: other work on the machine must not show."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LAUNCHER: Final = """\
import json, os, resource, sys
exit_code = os.spawnvp(os.P_WAIT, sys.argv[2], sys.argv[2:])
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
os.write(int(sys.argv[1]), json.dumps([usage.ru_utime + usage.ru_stime, usage.ru_maxrss, exit_code]).encode())
"""
"""A small process between us and the one that is measured: on Linux a child's peak memory begins at its parent's."""


@dataclass(frozen=True, slots=True)
class Usage:
    """User and system seconds of a process and its children, its peak memory in MiB, and what it printed."""

    cpu_s: float
    rss_mib: float
    output: str
    exit_code: int


def run(command: Sequence[str], *, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Usage:
    """Run once. The peak memory is that of the largest single process, and at least a bare Python's."""
    read, write = os.pipe()
    launch = [sys.executable, "-I", "-S", "-c", LAUNCHER, str(write), *command]
    with os.fdopen(read, encoding="utf-8") as answer:
        process = subprocess.Popen(
            launch,
            cwd=cwd,
            env={**_environment(), **(env or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            pass_fds=[write],
        )
        os.close(write)
        output, _ = process.communicate()
        cpu_s, peak, exit_code = json.loads(answer.read())
    return Usage(cpu_s, peak / (1024 * 1024 if sys.platform == "darwin" else 1024), output, exit_code)


def best(command: Sequence[str], *, times: int, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Usage:
    """The run with the least CPU time of `times`; raises RuntimeError with the output if one fails."""
    usages = [run(command, cwd=cwd, env=env) for _ in range(times)]
    for usage in usages:
        if usage.exit_code != 0:
            raise RuntimeError(f"{' '.join(command)} exited {usage.exit_code}:\n{usage.output[-4000:]}")
    return min(usages, key=lambda usage: usage.cpu_s)


def cpu_of(pid: int) -> float:
    """CPU seconds a running process has used so far, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _environment() -> dict[str, str]:
    """Ours, but Python keeps its bytecode as it does for everybody: compiling is not what is measured."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
