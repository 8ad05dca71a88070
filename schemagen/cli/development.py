"""A server that follows its backend: what `schemagen dev` runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from schemagen.cli.build import build_all, edited_message
from schemagen.cli.config import Config, load_config
from schemagen.cli.database import open_runtime
from schemagen.cli.generation import load_backend
from schemagen.cli.serve import serving_mistakes
from schemagen.cli.terminal import Terminal, message
from schemagen.cli.watch import Watcher

if TYPE_CHECKING:
    from schemagen.engine.runtime import Runtime
    from schemagen.introspect import Backend
    from schemagen.serve.server import Server
    from schemagen.serve.settings import Settings


@dataclass
class Development:
    """One `schemagen dev`. `good` is the backend that serves; None until there was one without a mistake."""

    config: Config
    settings: Settings
    build: bool
    terminal: Terminal = field(default_factory=Terminal)
    good: Backend | None = None
    outside: tuple[str, ...] = ()
    """Files that the backend imported from outside its folder."""

    async def run(self) -> None:
        """Serve until SIGTERM or SIGINT. Raises `CommandError` if the first good backend cannot be served at all."""
        watcher = Watcher(self.config)
        try:
            await self._serve(await self._first_good(watcher), watcher)
        finally:
            watcher.close()

    async def _first_good(self, watcher: Watcher) -> Backend:
        while (backend := await self._loaded(watcher)) is None:
            self.terminal.warn(f"waiting for {self.config.backend} to change")
            await watcher.changed()
        return backend

    async def _serve(self, backend: Backend, watcher: Watcher) -> None:
        from schemagen.serve.app import create_app
        from schemagen.serve.server import Server

        runtime = self._opener(backend)()
        self.good = backend
        with serving_mistakes():
            server = Server(create_app(runtime, self.settings))
            reloading = asyncio.create_task(self._reload_for_ever(server, watcher))
            try:
                await server.run()
            finally:
                reloading.cancel()

    async def _reload_for_ever(self, server: Server, watcher: Watcher) -> None:
        while True:
            await watcher.changed()
            try:
                await self._reload(server, watcher)
            except Exception as error:  # whatever goes wrong in a reload, the server goes on
                self._show(error)

    async def _reload(self, server: Server, watcher: Watcher) -> None:
        """Swap to the backend as it is on disk now; if it does not come up, back to the last good one."""
        backend = await self._loaded(watcher)
        if backend is None:
            return
        assert self.good is not None
        try:
            await server.swap(self._opener(backend))
        except Exception:
            await server.swap(self._opener(self.good))
            raise
        self.good = backend
        self.terminal.warn(f"{_clock()} reloaded {self.config.backend}")

    async def _loaded(self, watcher: Watcher) -> Backend | None:
        """The backend as it is on disk, everything written that it generates; None if something is wrong with it."""
        try:
            backend = await asyncio.to_thread(self._load)
        except Exception as error:
            self._show(error)
            return None
        watcher.follow(self.outside)
        return backend

    def _load(self) -> Backend:
        self.config = load_config(self.config.root)
        if not self.build:
            backend, self.outside = load_backend(self.config, self.outside)
            self.terminal.labelled(str(self.config.backend), backend.output)
            return backend
        built = build_all(self.config, self.terminal, reload=self.outside)
        self.outside = built.generation.outside
        if built.edited:
            self.terminal.warn(f"{_clock()} {edited_message(built)}")
        if built.written:
            self.terminal.warn(f"{_clock()} {built}")
        return built.generation.backend

    def _opener(self, backend: Backend) -> Callable[[], Runtime]:
        settings = self.settings
        return lambda: open_runtime(backend, settings.database, limits=settings.limits, memory=settings.memory)

    def _show(self, error: Exception) -> None:
        lines = [f"{_clock()} {message(error)}"]
        lines += ["", "the last good version goes on serving"] if self.good is not None else []
        self.terminal.warn("\n" + "\n".join(lines) + "\n")


def _clock() -> str:
    return datetime.now().strftime("%H:%M:%S")
