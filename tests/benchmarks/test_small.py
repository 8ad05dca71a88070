"""The benchmarks run, and measure what they say they do. How long anything takes is nobody's test."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False)


@pytest.mark.slow
def test_the_quick_look_at_serving_prints_every_figure_beside_the_hand_written_one() -> None:
    done = bench("serve", "--small")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^query over WebSocket +[\d.,]+ +µs +budget", done.stdout, re.MULTILINE)
    assert re.search(r"^mutation over WebSocket, of hand-written +[\d.]+ ×", done.stdout, re.MULTILINE)
    assert re.search(r"^frames sent to sockets that watch other data +0 +budget +0 .* ok", done.stdout, re.MULTILINE)
    assert re.search(r"^memory per watched query, all different +[\d.]+ KiB", done.stdout, re.MULTILINE)


@pytest.mark.slow
def test_the_quick_look_at_live_queries_measures_invalidation_and_reruns() -> None:
    done = bench("live", "--small")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^write, 10,000 subscriptions +[\d.]+ µs", done.stdout, re.MULTILINE)
    assert re.search(r"^re-run, of hand-written +[\d.]+ ×", done.stdout, re.MULTILINE)


@pytest.mark.slow
def test_the_quick_look_at_search_finds_the_same_beside_a_full_text_table() -> None:
    done = bench("search", "--small")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^searches per second +[\d.,]+$", done.stdout, re.MULTILINE)
    found = re.findall(r"^documents a search finds.* ([\d.]+)$", done.stdout, re.MULTILINE)
    assert len(found) == 2 and found[0] == found[1]


@pytest.mark.slow
def test_the_quick_look_at_checking_compares_two_contracts_and_runs_the_command() -> None:
    done = bench("check", "--small")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^reading and comparing +[\d.]+ s +budget", done.stdout, re.MULTILINE)
    assert re.search(r"^comparing them: ([1-9]\d*) changes +[\d.]+ s$", done.stdout, re.MULTILINE)
    assert re.search(r"^schemagen check, nothing changed, beyond python -c pass +[\d.]+ s +budget", done.stdout, re.M)
    assert re.search(r"^schemagen check, changed and built, beyond python -c pass +[\d.]+ s$", done.stdout, re.M)


def test_a_part_that_is_none_is_named() -> None:
    done = bench("srve")
    assert done.returncode == 2
    assert "no such part: srve; there are generate, check, serve, live, search" in done.stderr
