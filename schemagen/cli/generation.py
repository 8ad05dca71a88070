"""From a backend to what the output folders have to hold. Shared by `build` and `dev`."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from schemagen.cli.config import Config
from schemagen.cli.freshness import files_outside
from schemagen.cli.output import Output

if TYPE_CHECKING:
    from schemagen.introspect import Backend
    from schemagen.model.contract import Contract


@dataclass(frozen=True, slots=True)
class Generation:
    """Everything one backend generates."""

    backend: Backend
    outputs: tuple[Output, ...]  # the contract first
    outside: tuple[str, ...]  # files of yours that the backend imported from outside its folder

    @property
    def counts(self) -> dict[str, int]:
        contract = self.backend.contract
        return {
            "functions": len(contract.functions),
            "tables": len(contract.tables),
            "files": sum(len(output.files) for output in self.outputs),
        }


def generate(
    config: Config, progress: Callable[[str], None] = lambda _: None, reload: Iterable[str] = ()
) -> Generation:
    """Import the backend and generate everything, in memory. Raises `InvalidBackend`.

    `reload` is the `outside` of the generation before, in one process: these files are imported anew, too.
    """
    progress(f"reading {config.backend}")
    with uncollected():
        backend, outside = load_backend(config, reload)
        return Generation(backend, emit(config, backend.contract, progress), outside)


def load_backend(config: Config, reload: Iterable[str] = ()) -> tuple[Backend, tuple[str, ...]]:
    """The backend, imported anew, and the files it imported from outside its folder. Raises `InvalidBackend`."""
    from schemagen.introspect import load

    _forget_modules(frozenset(reload))
    before = set(sys.modules)
    backend = load(config.root / config.backend, config.root)
    imported = [module for name, module in list(sys.modules.items()) if name not in before]
    return backend, files_outside(imported, config)


def emit(config: Config, contract: Contract, progress: Callable[[str], None] = lambda _: None) -> tuple[Output, ...]:
    """What every output folder has to hold for a contract."""
    from schemagen.model.canonical import to_json

    outputs = [Output(config.root, config.contract.parent, {PurePosixPath(config.contract.name): to_json(contract)})]
    if config.python is not None:
        from schemagen.emit.python import emit_python

        progress(f"generating {config.python.out}")
        files = emit_python(contract, config.python.package)
        outputs.append(Output(config.root, config.python.out, files))
    if config.typescript is not None:
        from schemagen.emit.typescript import emit_typescript

        progress(f"generating {config.typescript.out}")
        up = "/".join([".."] * len(config.typescript.out.parts))
        files = emit_typescript(contract, config.typescript.package, up)
        outputs.append(Output(config.root, config.typescript.out, files))
    return tuple(outputs)


@contextmanager
def uncollected() -> Iterator[None]:
    """Without looking for cycles: nearly all that is made here stays, and looking takes a third of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _forget_modules(files: frozenset[str]) -> None:
    for name, module in list(sys.modules.items()):
        if getattr(module, "__file__", None) in files:
            del sys.modules[name]
