"""Whether this client still fits the server: what each side was built from, and what came of it."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class ContractState:
    """How the contract this SDK was generated from stands to the one that is served."""

    status: Literal["unknown", "current", "compatible", "outdated"] = "unknown"
    """`current`: it is the same. `compatible`: another one, and every function still fits. `outdated`: this program
    must be updated, because some functions no longer fit. `unknown`: before the first answer, and where the server
    cannot tell."""
    functions: tuple[str, ...] = ()
    """Paths of the functions that are known to no longer fit: calling them raises `ContractMismatch`."""


_SAID = {
    "current": ContractState("current"),
    "compatible": ContractState("compatible"),
    "outdated": ContractState("outdated"),
}
"""What the server says with an answer."""


class Fit:
    """What one client, and all that are made from it, know of it. Threads may share it."""

    def __init__(self, own: str) -> None:
        self.state = ContractState()
        self._own = own
        self._served = ""
        self._lock = threading.Lock()

    def met(self, served: str, outdated: Iterable[str] | None) -> None:
        """A connection stands. What calls were refused for counts until another contract is served."""
        with self._lock:
            known = self.state.functions if served == self._served else ()
            functions = tuple(dict.fromkeys([*known, *(outdated or ())]))
            self._served = served
            if functions:
                self.state = ContractState("outdated", functions)
            elif served == self._own:
                self.state = ContractState("current")
            else:
                self.state = ContractState("unknown" if outdated is None else "compatible")

    def heard(self, status: str | None) -> None:
        """What the server says with an answer; which functions no longer fit it does not say there."""
        said = _SAID.get(status or "")
        if said is None or said.status == self.state.status:
            return
        with self._lock:
            if said.status == "current" or not self.state.functions:  # a call that was refused says more
                self.state = said

    def refused(self, path: str) -> None:
        """A call of this function was refused."""
        with self._lock:
            if path not in self.state.functions:
                self.state = ContractState("outdated", (*self.state.functions, path))
