"""What clients did to some lists: transactions of appends and reads, with when they were asked and answered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from math import inf
from typing import TypeAlias


@dataclass(frozen=True)
class Append:
    """One value, unique in the history, put at the end of a list."""

    key: str
    value: int


@dataclass(frozen=True)
class Read:
    """All of a list, in order."""

    key: str
    values: tuple[int, ...]


Op: TypeAlias = Append | Read


class Status(Enum):
    DONE = auto()
    ABORTED = auto()  # it must have had no effect
    UNKNOWN = auto()  # no answer came: it happened or it did not


@dataclass(frozen=True)
class Transaction:
    number: int
    """Unique in a history."""
    ops: tuple[Op, ...]
    status: Status = Status.DONE
    asked: float = -inf
    """In seconds, on one clock for all clients; -inf if it could be as old as the database."""
    answered: float = inf
    after: tuple[int, ...] = ()
    """Transactions that its client knew to be over, as the protocol promises, when it was told of this one."""

    def __str__(self) -> str:
        return f"T{self.number}"
