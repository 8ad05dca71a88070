"""Finds in a history what no serial order of its transactions explains.

As K. Kingsbury and P. Alvaro, "Elle: Inferring Isolation Anomalies from Experimental Observations" (VLDB 2020), for
lists: a list that was read tells in which order its values were appended, so every dependency is known:

    ww   one transaction's value stands right before the other's
    wr   one appended the last value that the other read
    rw   one read a list without the value that the other appended next
    rt   one was answered before the other was asked, or the client knew so otherwise

A cycle of them is an anomaly, named by Adya by what it is made of.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import TypeAlias

from tests.engine.elle.history import Append, Read, Status, Transaction

Edge: TypeAlias = tuple[int, int]


class Kind(StrEnum):
    GARBAGE = "a value was read that nobody appended"
    DUPLICATE = "a value was read twice in one list"
    ORDER = "two reads of a list disagree about its order"
    INTERNAL = "a transaction does not read what it appended itself"
    LOST = "a value that was appended is gone"
    G1A = "G1a: an aborted append was read"
    G1B = "G1b: a list was read in the middle of a transaction"
    G0 = "G0: a cycle of writes"
    G1C = "G1c: a cycle of writes and reads"
    G_SINGLE = "G-single: a cycle with one read of what was overwritten"
    G2 = "G2: a cycle with several reads of what was overwritten"
    REAL_TIME = "a cycle with the order of real time"


@dataclass(frozen=True)
class Anomaly:
    kind: Kind
    says: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.says}"


def anomalies(history: Iterable[Transaction]) -> list[Anomaly]:
    """All that is wrong with a history; empty if it is strictly serializable as far as can be seen."""
    checked = _History(list(history))
    return [*checked.wrong_reads(), *checked.lost(), *checked.cycles()]


@dataclass
class _Graph:
    ww: set[Edge] = field(default_factory=set)
    wr: set[Edge] = field(default_factory=set)
    rw: set[Edge] = field(default_factory=set)
    rt: set[Edge] = field(default_factory=set)


class _History:
    def __init__(self, transactions: list[Transaction]) -> None:
        self.transactions = {each.number: each for each in transactions}
        self.writer: dict[int, Transaction] = {}
        """By value."""
        self.last: dict[tuple[int, str], int] = {}
        """The last value that a transaction appended to a list."""
        for each in transactions:
            for op in each.ops:
                if isinstance(op, Append):
                    assert op.value not in self.writer, f"{op.value} is appended twice: the history is of no use"
                    self.writer[op.value] = each
                    self.last[each.number, op.key] = op.value
        self.order: dict[str, tuple[int, ...]] = {}
        """The longest read of each list: the order of its values."""
        for _, read in self.reads():
            if len(read.values) > len(self.order.get(read.key, ())):
                self.order[read.key] = read.values

    def reads(self) -> Iterator[tuple[Transaction, Read]]:
        """What is known to have been read."""
        for each in self.transactions.values():
            if each.status is Status.DONE:
                yield from ((each, op) for op in each.ops if isinstance(op, Read))

    # --- reads that are wrong by themselves ---

    def wrong_reads(self) -> Iterator[Anomaly]:
        for reader, read in self.reads():
            seen = f"{reader} read {read.key} as {list(read.values)}"
            if len(set(read.values)) < len(read.values):
                yield Anomaly(Kind.DUPLICATE, seen)
            if read.values != self.order.get(read.key, ())[: len(read.values)]:
                yield Anomaly(Kind.ORDER, f"{seen}, somebody {list(self.order[read.key])}")
            yield from self._wrong_values(reader, read, seen)
        for each in self.transactions.values():
            yield from self._wrong_inside(each)

    def _wrong_values(self, reader: Transaction, read: Read, seen: str) -> Iterator[Anomaly]:
        for value in read.values:
            writer = self.writer.get(value)
            if writer is None:
                yield Anomaly(Kind.GARBAGE, f"{seen}, nobody appended {value}")
            elif writer.status is Status.ABORTED:
                yield Anomaly(Kind.G1A, f"{seen}, but {writer} was aborted")
        if read.values and (writer := self.writer.get(read.values[-1])) not in (None, reader):
            assert writer is not None
            if self.last[writer.number, read.key] not in read.values:
                yield Anomaly(Kind.G1B, f"{seen}, but {writer} went on to append")

    def _wrong_inside(self, each: Transaction) -> Iterator[Anomaly]:
        if each.status is not Status.DONE:
            return
        mine: dict[str, list[int]] = defaultdict(list)
        for op in each.ops:
            if isinstance(op, Append):
                mine[op.key].append(op.value)
            elif mine[op.key] != list(op.values[len(op.values) - len(mine[op.key]) :]):
                yield Anomaly(Kind.INTERNAL, f"{each} appended {mine[op.key]} to {op.key} and read {list(op.values)}")

    def lost(self) -> Iterator[Anomaly]:
        """What was answered before a read was asked is in that read."""
        latest: dict[str, tuple[Transaction, Read]] = {}
        for reader, read in self.reads():
            if read.key not in latest or reader.asked > latest[read.key][0].asked:
                latest[read.key] = reader, read
        for value, writer in self.writer.items():
            key = next(op.key for op in writer.ops if isinstance(op, Append) and op.value == value)
            if writer.status is Status.DONE and key in latest:
                reader, read = latest[key]
                if writer.answered < reader.asked and value not in read.values:
                    yield Anomaly(Kind.LOST, f"{writer} appended {value} to {key}, then {reader} read {read.values}")

    # --- cycles ---

    def cycles(self) -> Iterator[Anomaly]:
        """The worst kind of each knot of transactions: a graph without the edges of the kinds below it."""
        graph = self._graph()
        writes, reads = graph.ww, graph.ww | graph.wr
        found = False
        for kind, edges, wanted in (
            (Kind.G0, writes, graph.ww),
            (Kind.G1C, reads, graph.wr),
            (Kind.G_SINGLE, reads, graph.rw),
            (Kind.G2, reads | graph.rw, graph.rw),
            (Kind.REAL_TIME, reads | graph.rw | graph.rt, graph.rt),
        ):
            if found and kind in (Kind.G2, Kind.REAL_TIME):
                return  # it would only be the same cycle once more
            for cycle in _cycles(edges, wanted):
                found = True
                yield Anomaly(kind, self._shown(cycle, graph))

    def _graph(self) -> _Graph:
        graph = _Graph()
        for values in self.order.values():
            writers = [self.writer[value].number for value in values if value in self.writer]
            graph.ww |= {(a, b) for a, b in pairwise(writers) if a != b}
        for reader, read in self.reads():
            self._add_read(graph, reader, read)
        graph.rt = set(self._real_time())
        return graph

    def _add_read(self, graph: _Graph, reader: Transaction, read: Read) -> None:
        others = [value for value in read.values if self.writer.get(value) is not reader]
        if others and (writer := self.writer.get(others[-1])) is not None:
            graph.wr.add((writer.number, reader.number))
        for value in self.order.get(read.key, ())[len(read.values) :]:
            following = self.writer.get(value)
            if following is not None and following is not reader:
                graph.rw.add((reader.number, following.number))
                return

    def _real_time(self) -> Iterator[Edge]:
        """Enough of them: from each transaction to those asked after it was answered, until one of those is over."""
        known = [each for each in self.transactions.values() if each.status is Status.DONE]
        by_asking = sorted(known, key=lambda each: each.asked)
        for before in known:
            over = min((each.answered for each in by_asking if each.asked > before.answered), default=0.0)
            for after in by_asking:
                if before.answered < after.asked <= over:
                    yield before.number, after.number
            yield from ((number, before.number) for number in before.after)

    def _shown(self, cycle: list[int], graph: _Graph) -> str:
        names = {"ww": graph.ww, "wr": graph.wr, "rw": graph.rw, "rt": graph.rt}
        steps = []
        for edge in zip(cycle, [*cycle[1:], cycle[0]], strict=True):
            kind = next(name for name, edges in names.items() if edge in edges)
            steps.append(f"{self.transactions[edge[0]]} -{kind}-> ")
        return "".join(steps) + str(self.transactions[cycle[0]])


def _cycles(edges: set[Edge], wanted: set[Edge]) -> Iterator[list[int]]:
    """For some edges of `wanted` a shortest way back over `edges`; each transaction is in one cycle at most."""
    nexts: dict[int, list[int]] = defaultdict(list)
    for start, end in sorted(edges):
        nexts[start].append(end)
    used: set[int] = set()
    for start, end in sorted(wanted):
        if start in used or end in used:
            continue
        way = _way(nexts, end, start)
        if way is not None:
            used |= set(way)
            yield [start, *way[:-1]]


def _way(nexts: dict[int, list[int]], start: int, goal: int) -> list[int] | None:
    """From `start` to `goal`, both included."""
    came: dict[int, int] = {start: start}
    queue = deque([start])
    while queue:
        at = queue.popleft()
        if at == goal:
            way = [at]
            while way[-1] != start:
                way.append(came[way[-1]])
            return way[::-1]
        for following in nexts.get(at, ()):
            if following not in came:
                came[following] = at
                queue.append(following)
    return None
