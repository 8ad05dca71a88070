"""Waiting until a source file is saved."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from watchfiles import Change, awatch

from schemagen.cli.config import Config

DEBOUNCE_MS: Final = 200
"""How long saving may go on before it counts as one change: an editor saves several files at once."""


class Watcher:
    """Watches the backend, pyproject.toml and whatever else it is told to `follow`. Needs a running event loop."""

    def __init__(self, config: Config) -> None:
        self._saved = asyncio.Event()
        self._files = {config.root / "pyproject.toml"}
        self._folders: set[Path] = set()
        backend = config.root / config.backend
        self._tasks = [asyncio.create_task(self._watch({backend}, recursive=True))]
        self._flat: asyncio.Task[None] | None = None
        self.follow(())

    def follow(self, files: Iterable[str]) -> None:
        """Watch these files, too: sources that the backend imports from outside its folder."""
        self._files |= {Path(file) for file in files}
        folders = {file.parent for file in self._files}
        if folders != self._folders:
            if self._flat is not None:
                self._flat.cancel()
            self._folders = folders
            self._flat = asyncio.create_task(self._watch(folders, recursive=False))

    async def changed(self) -> None:
        """Returns when something was saved since the last time it returned."""
        await self._saved.wait()
        self._saved.clear()

    def close(self) -> None:
        for task in (*self._tasks, self._flat):
            if task is not None:
                task.cancel()

    async def _watch(self, folders: set[Path], *, recursive: bool) -> None:
        def wanted(_: Change, path: str) -> bool:
            return path.endswith(".py") if recursive else Path(path) in self._files

        async for _ in awatch(*folders, watch_filter=wanted, debounce=DEBOUNCE_MS, recursive=recursive):
            self._saved.set()
