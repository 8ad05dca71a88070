"""What a query or mutation may not do."""

from __future__ import annotations

import logging
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path

import pytest

from schemagen import ForbiddenCall
from schemagen.engine.stepping import run_to_end

FORBIDDEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "sleep": (lambda _: time.sleep(0.01), "sleep"),
    "socket": (lambda _: socket.socket(), "network"),
    "name": (lambda _: socket.getaddrinfo("localhost", 80), "network"),
    "process": (lambda _: subprocess.run(["true"], check=True), "process"),
    "shell": (lambda _: os.system("true"), "process"),
    "thread": (lambda _: threading.Thread(target=print).start(), "thread"),
    "write": (lambda folder: (folder / "a.txt").write_text("a"), r"a\.txt"),
    "append": (lambda folder: (folder / "there.txt").open("a"), r"there\.txt"),
    "descriptor": (lambda folder: os.open(folder / "a.txt", os.O_CREAT | os.O_WRONLY), r"a\.txt"),
    "remove": (lambda folder: (folder / "there.txt").unlink(), "files"),
    "rename": (lambda folder: (folder / "there.txt").rename(folder / "b.txt"), "files"),
    "folder": (lambda folder: (folder / "new").mkdir(), "files"),
    "database": (lambda folder: sqlite3.connect(folder / "other.db"), "database"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "there.txt").write_text("there")
    return tmp_path


@pytest.mark.parametrize("how", FORBIDDEN)
def test_what_acts_on_the_world_is_refused_and_does_not_happen(how: str, folder: Path) -> None:
    act, named = FORBIDDEN[how]

    async def handler() -> None:
        act(folder)

    with pytest.raises(ForbiddenCall, match=rf"{named}[\s\S]*fix: "):
        run_to_end(handler())
    assert [each.name for each in folder.iterdir()] == ["there.txt"]


def test_reading_a_file_is_allowed(folder: Path) -> None:
    async def handler() -> str:
        return (folder / "there.txt").read_text()

    assert run_to_end(handler()) == "there"


def test_a_log_may_be_rotated_meanwhile(folder: Path) -> None:
    log = logging.getLogger("tests.isolation")
    rotating = RotatingFileHandler(folder / "log.txt", maxBytes=10, backupCount=1)
    log.addHandler(rotating)

    async def handler() -> None:
        log.warning("the first line")
        log.warning("the second line")

    try:
        run_to_end(handler())
    finally:
        log.removeHandler(rotating)
        rotating.close()
    assert (folder / "log.txt").read_text() == "the second line\n"
    assert (folder / "log.txt.1").read_text() == "the first line\n"


def test_a_module_may_be_imported_for_the_first_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "imported_late_by_a_handler.py").write_text("VALUE = 3\n")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)

    async def handler() -> object:
        return __import__("imported_late_by_a_handler").VALUE

    assert run_to_end(handler()) == 3


def test_other_threads_and_the_time_afterwards_are_not_concerned(folder: Path) -> None:
    wrote, running = threading.Event(), threading.Event()

    def elsewhere() -> None:
        running.wait(10)
        (folder / "elsewhere.txt").write_text("there")
        wrote.set()

    thread = threading.Thread(target=elsewhere)
    thread.start()

    async def handler() -> bool:
        running.set()
        return wrote.wait(10)

    assert run_to_end(handler())
    thread.join()
    (folder / "afterwards.txt").write_text("there")
