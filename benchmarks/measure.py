"""CPU time and memory of whole processes. CPU seconds, not wall time: other work on the machine must not show."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Usage:
    """User and system seconds of a process and its children, its peak memory in MiB, and what it printed."""

    cpu_s: float
    rss_mib: float
    output: str
    exit_code: int


def run(command: Sequence[str], *, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Usage:
    """Run once. The peak memory is that of the largest single process."""
    process = subprocess.Popen(
        command, cwd=cwd, env={**os.environ, **(env or {})}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    with process.stdout:
        output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    scale = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Usage(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / scale, output, process.returncode)


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
