"""What clients may call, and the hint they get when they call something else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from difflib import get_close_matches

from schemagen.model.contract import Contract, FunctionKind
from schemagen.model.renames import former_functions
from schemagen.sync.messages import ErrorObject


class PublicFunctions:
    """The public functions of a contract. An internal one is, to clients, not there: no hint gives it away."""

    def __init__(self, contract: Contract) -> None:
        self.kinds: dict[str, FunctionKind] = {f.path: f.kind for f in contract.functions if not f.internal}
        self._former = {each.path: each.now.kind for each in former_functions(contract) if not each.now.internal}
        self._by_module: dict[str, list[str]] = defaultdict(list)
        for path in self.kinds:
            self._by_module[_module(path)].append(path)

    def refusal(self, kind: FunctionKind, path: str) -> ErrorObject | None:
        """Why `path` cannot be called as a function of this kind; None if it can."""
        found = self.kinds.get(path) or self._former.get(path)
        if found is kind:
            return None
        message = f'there is no {kind} "{path[:100]}"'
        if found is not None:
            message += f"; it is {'an' if found is FunctionKind.ACTION else 'a'} {found}"
        elif near := self._near(kind, path):
            message += f'; did you mean "{near}"?'
        return ErrorObject(kind="unknownFunction", code="unknown_function", message=message)

    def _near(self, kind: FunctionKind, path: str) -> str | None:
        """The function that was likely meant: first its module, then itself, so that a large API costs no more."""
        if len(path) > 200:
            return None
        for module in _closest(_module(path), self._by_module):
            names = {_name(p): p for p in self._by_module[module] if self.kinds[p] is kind}
            if near := _closest(_name(path), names):
                return names[near[0]]
        return None


def _module(path: str) -> str:
    return path.rpartition(".")[0]


def _name(path: str) -> str:
    return path.rpartition(".")[2]


def _closest(wanted: str, known: Iterable[str]) -> list[str]:
    return get_close_matches(wanted, list(known), n=2, cutoff=0.7)
