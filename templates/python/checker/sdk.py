"""The SDK around this checker: its name, and the contract it was generated from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path

from schemagen.model.canonical import from_json
from schemagen.model.contract import Contract


@dataclass(frozen=True)
class Sdk:
    package: str
    """As it is imported: `crm`."""
    folder: Path

    @cached_property
    def fingerprint(self) -> str:
        fingerprint: str = import_module(f"{self.package}._contract").CONTRACT
        return fingerprint

    @cached_property
    def contract(self) -> Contract:
        return from_json((self.folder / "contract.json").read_text("utf-8"))


def installed_sdk() -> Sdk:
    folder = Path(__file__).resolve().parent.parent
    return Sdk(__name__.rpartition("._checker")[0], folder)
