"""One build of a project at a time: `schemagen dev` and a build by hand would otherwise mix their files."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from schemagen.cli.config import Config
from schemagen.cli.freshness import cache_folder
from schemagen.cli.terminal import Terminal


@contextmanager
def build_lock(config: Config, terminal: Terminal) -> Iterator[None]:
    """Waits for another build of the same project to end. The system drops the lock of a process that dies."""
    if sys.platform == "win32":  # no flock; two builds at once are rare, and every file is whole all the same
        yield
        return
    import fcntl

    folder = cache_folder(config)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*\n")
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            terminal.progress("waiting for another build of this project")
            fcntl.flock(file, fcntl.LOCK_EX)
        except OSError:  # a file system without locks
            pass
        yield
