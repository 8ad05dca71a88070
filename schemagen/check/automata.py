"""Regular expressions as automata: whether a text can be found that matches one and not another.

Python's `re` with `search`, over the text that the wire carries: code points without NUL and surrogates. States are
made when they are met, over an alphabet of classes: characters that no part of the patterns tells apart.
"""

from __future__ import annotations

import importlib
import itertools
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeAlias

Chars: TypeAlias = tuple[tuple[int, int], ...]
"""A set of characters: ranges of code points, ends included, sorted and apart."""

NODES_MAX: Final = 4_000
"""A pattern of more parts, repetitions written out, is not looked into."""
STEPS_MAX: Final = 60_000
"""So many steps are looked at in a search."""

ALPHABET: Final[Chars] = ((1, 0xD7FF), (0xE000, sys.maxunicode))
NEWLINE: Final[Chars] = ((10, 10),)

_PARSER: Any = importlib.import_module("re._parser")
"""What `re` itself reads patterns with: no dialect of ours."""
_EMPTY_IS_NO_BOUNDARY: Final = re.search(r"\B", "") is not None  # since Python 3.14


class Unsupported(Exception):
    """A pattern with something that is no regular language, or too large."""


class OverBudget(Exception):
    """A search that would take too long."""


# --- sets of characters ---


@cache
def _category(escape: str) -> Chars:
    """What Python takes for `\\d`, `\\w` or `\\s`."""
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    return _meet(tuple((m.start(), m.end() - 1) for m in re.finditer(f"{escape}+", every)), ALPHABET)


def _inverse(chars: Chars) -> Chars:
    out, start = [], 0
    for first, last in chars:
        if first > start:
            out.append((start, first - 1))
        start = last + 1
    if start <= sys.maxunicode:
        out.append((start, sys.maxunicode))
    return _meet(tuple(out), ALPHABET)


def _meet(one: Chars, other: Chars) -> Chars:
    return tuple(
        (max(first, low), min(last, high))
        for first, last in one
        for low, high in other
        if first <= high and low <= last
    )


def _joined(sets: Sequence[Chars]) -> Chars:
    out: list[tuple[int, int]] = []
    for first, last in sorted(each for chars in sets for each in chars):
        if out and first <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(out[-1][1], last))
        else:
            out.append((first, last))
    return tuple(out)


# --- patterns as graphs ---


@dataclass(slots=True)
class Node:
    """One step: a character to read, a condition on the place, a fork; or, without any of these, the end."""

    chars: Chars | None = None
    condition: str = ""
    next: tuple[int, ...] = ()


class Graph:
    """A pattern, its repetitions written out. Node 0 is the end: here it is found."""

    def __init__(self, pattern: str) -> None:
        """Raises `Unsupported`."""
        self.nodes: list[Node] = [Node()]
        try:
            parsed = _PARSER.parse(pattern)
        except (re.error, RecursionError, OverflowError) as error:
            raise Unsupported(f"Python cannot read {pattern!r}: {error}") from None
        if parsed.state.flags & ~re.UNICODE:
            raise Unsupported("flags inside a pattern")
        self.start = self._sequence(parsed, 0)

    def sets(self) -> Iterator[Chars]:
        """All that the pattern tells apart."""
        for node in self.nodes:
            if node.chars is not None:
                yield node.chars
            if node.condition.endswith("BOUNDARY"):
                yield _category(r"\w")

    def _node(self, node: Node) -> int:
        if len(self.nodes) >= NODES_MAX:
            raise Unsupported(f"a pattern of more than {NODES_MAX} parts")
        self.nodes.append(node)
        return len(self.nodes) - 1

    def _sequence(self, items: Any, then: int) -> int:
        for operator, argument in reversed(list(items)):
            then = self._item(str(operator), argument, then)
        return then

    def _item(self, operator: str, argument: Any, then: int) -> int:
        match operator:
            case "LITERAL" | "NOT_LITERAL" | "IN" | "ANY":
                return self._node(Node(chars=_chars(operator, argument), next=(then,)))
            case "AT":
                return self._node(Node(condition=str(argument), next=(then,)))
            case "BRANCH":
                return self._node(Node(next=tuple(self._sequence(each, then) for each in argument[1])))
            case "SUBPATTERN" if not argument[1] and not argument[2]:
                return self._sequence(argument[3], then)
            case "MAX_REPEAT" | "MIN_REPEAT":
                least, most, inside = argument
                return self._repeated(int(least), None if str(most) == "MAXREPEAT" else int(most), inside, then)
            case _:
                raise Unsupported(f"{operator.lower().replace('_', ' ')} in a pattern")

    def _repeated(self, least: int, most: int | None, inside: Any, then: int) -> int:
        if most is None:
            fork = self._node(Node())
            self.nodes[fork].next = (self._sequence(inside, fork), then)
            then = fork
        else:
            after = then
            for _ in range(most - least):
                then = self._node(Node(next=(self._sequence(inside, then), after)))
        for _ in range(least):
            then = self._sequence(inside, then)
        return then


def _chars(operator: str, argument: Any) -> Chars:
    match operator:
        case "LITERAL":
            return _meet(((int(argument), int(argument)),), ALPHABET)
        case "NOT_LITERAL":
            return _inverse(((int(argument), int(argument)),))
        case "ANY":
            return _inverse(NEWLINE)
        case "RANGE":
            return _meet(((int(argument[0]), int(argument[1])),), ALPHABET)
        case "CATEGORY":
            name = str(argument).removeprefix("CATEGORY_")
            found = _category({"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}[name.removeprefix("NOT_")])
            return _inverse(found) if name.startswith("NOT_") else found
        case _:
            parts = [(str(part), value) for part, value in argument]
            found = _joined([_chars(part, value) for part, value in parts if part != "NEGATE"])
            return _inverse(found) if parts[0][0] == "NEGATE" else found


# --- the alphabet ---


@dataclass(frozen=True, slots=True, eq=False)
class CharClass:
    """Characters that no pattern tells apart."""

    members: frozenset[Chars]
    """The sets they are in."""
    shown: str
    """A few of them, the most readable first."""
    is_newline: bool
    is_word: bool


def alphabet(sets: Sequence[Chars]) -> tuple[CharClass, ...]:
    """All characters, by the sets they are in; readable ones first."""
    distinct = list(dict.fromkeys((*sets, NEWLINE)))
    edges = sorted({edge for chars in (*distinct, ALPHABET) for first, last in chars for edge in (first, last + 1)})
    ranges: dict[frozenset[Chars], list[tuple[int, int]]] = {}
    at = [0] * len(distinct)
    for first, after in itertools.pairwise(edges):
        if not _meet(((first, first),), ALPHABET):
            continue
        inside = []
        for n, chars in enumerate(distinct):
            while at[n] < len(chars) and chars[at[n]][1] < first:
                at[n] += 1
            if at[n] < len(chars) and chars[at[n]][0] <= first:
                inside.append(chars)
        ranges.setdefault(frozenset(inside), []).append((first, after - 1))
    found = [_char_class(members, each) for members, each in ranges.items()]
    return tuple(sorted(found, key=lambda each: _plainness(each.shown[0])))


def _char_class(members: frozenset[Chars], ranges: list[tuple[int, int]]) -> CharClass:
    some = [chr(code) for first, last in ranges for code in range(first, min(last, first + 96) + 1)][:400]
    shown = "".join(sorted(some, key=_plainness)[:12])
    return CharClass(members, shown, NEWLINE in members, re.match(r"\w", shown) is not None)


def _plainness(char: str) -> tuple[int, str]:
    plain = [char.isascii() and char.islower(), char.isascii() and char.isdigit(), char.isascii() and char.isupper()]
    order = plain.index(True) if any(plain) else 3 if char.isascii() and char.isprintable() else 4 + char.isspace()
    return order, char


# --- automata ---

_START, _WORD, _OTHER, _END, _NEWLINE = range(5)
"""What stands before or after a place."""
_FREE, _BEFORE_LAST, _AT_END = range(3)
"""What may still follow: anything; exactly one newline, the last; nothing. `$` also holds before a last newline."""

Item: TypeAlias = tuple[int, int]  # a node, and what may still follow
State: TypeAlias = tuple[frozenset[Item], int] | None
"""Where a search stands, and what character is behind it; None once the pattern is found, whatever follows."""


class Machine:
    """The texts in which a pattern is found, as a deterministic automaton whose states are made on demand."""

    def __init__(self, graph: Graph, classes: Sequence[CharClass]) -> None:
        self.graph = graph
        self._readers = _readers(graph, classes)
        self.start: State = (frozenset({(graph.start, _FREE)}), _START)
        self._tells_words = any(node.condition.endswith("BOUNDARY") for node in graph.nodes)
        self._steps: dict[tuple[State, CharClass], State] = {}
        self._final: dict[State, bool] = {}

    def step(self, state: State, char: CharClass) -> State:
        if state is None:
            return None
        key = (state, char)
        if key not in self._steps:
            self._steps[key] = self._stepped(*state, char)
        return self._steps[key]

    def is_final(self, state: State) -> bool:
        """Whether a text that ends here matches."""
        if state is None:
            return True
        if state not in self._final:
            items, before = state
            self._final[state] = any(
                node == 0 and mode != _BEFORE_LAST for node, mode in self._closed(items, before, _END)
            )
        return self._final[state]

    def _stepped(self, items: frozenset[Item], before: int, char: CharClass) -> State:
        after = _NEWLINE if char.is_newline else _WORD if char.is_word else _OTHER
        moved = {(self.graph.start, _FREE)}  # a search may begin at every place
        for number, mode in self._closed(items, before, after):
            node = self.graph.nodes[number]
            if mode == _AT_END or (mode == _BEFORE_LAST and not char.is_newline):
                continue
            then = _FREE if mode == _FREE else _AT_END
            if number == 0:
                if then == _FREE:
                    return None
                moved.add((0, then))
            elif number in self._readers[char]:
                moved.add((node.next[0], then))
        return frozenset(moved), _WORD if self._tells_words and char.is_word else _OTHER

    def _closed(self, items: frozenset[Item], before: int, after: int) -> set[Item]:
        """Everywhere one gets without reading a character."""
        found = set(items)
        todo = list(items)
        while todo:
            number, mode = todo.pop()
            node = self.graph.nodes[number]
            if node.chars is not None:
                continue
            passed = mode if not node.condition else _passed(node.condition, before, after, mode)
            for each in node.next if passed is not None else ():
                item = (each, passed if passed is not None else mode)
                if item not in found:
                    found.add(item)
                    todo.append(item)
        return found


def _readers(graph: Graph, classes: Sequence[CharClass]) -> dict[CharClass, frozenset[int]]:
    """By class, the nodes that read its characters."""
    nodes: dict[Chars, list[int]] = {}
    for number, node in enumerate(graph.nodes):
        if node.chars is not None:
            nodes.setdefault(node.chars, []).append(number)
    return {char: frozenset(n for chars in char.members for n in nodes.get(chars, ())) for char in classes}


def _passed(condition: str, before: int, after: int, mode: int) -> int | None:
    """What may still follow once the condition holds; None if it does not."""
    match condition:
        case "AT_BEGINNING" | "AT_BEGINNING_STRING":
            holds = before == _START
        case "AT_END_STRING":
            holds = after == _END
        case "AT_END" if after == _NEWLINE:
            return _BEFORE_LAST if mode == _FREE else mode
        case "AT_END":
            holds = after == _END
        case "AT_BOUNDARY":
            holds = (before == _WORD) != (after == _WORD)
        case "AT_NON_BOUNDARY":
            is_empty = before == _START and after == _END
            holds = (before == _WORD) == (after == _WORD) and (not is_empty or _EMPTY_IS_NO_BOUNDARY)
        case _:
            raise Unsupported(f"{condition.lower().replace('_', ' ')} in a pattern")
    return mode if holds else None


# --- searches ---

Pair: TypeAlias = tuple[State, State]
Layer: TypeAlias = "dict[Pair, tuple[Pair, CharClass] | None]"
"""Where texts of one length lead, and from where."""


def shortest(inside: Graph, outside: Graph | None, least: int, most: int | None) -> str | None:
    """The shortest text of `least` to `most` characters in which `inside` is found and `outside` is not; None if none.

    Raises `OverBudget`, `Unsupported`.
    """
    classes = alphabet([*inside.sets(), *(() if outside is None else outside.sets())])
    yes, no = Machine(inside, classes), None if outside is None else Machine(outside, classes)
    layers: list[Layer] = [{(yes.start, None if no is None else no.start): None}]
    seen: set[Pair] = set()
    steps = 0
    while layers[-1]:
        length = len(layers) - 1
        if length >= least:
            for pair in layers[-1]:
                if yes.is_final(pair[0]) and (no is None or not no.is_final(pair[1])):
                    return _text(layers, pair)
            seen.update(layers[-1])
        if length == most:
            return None
        layers.append(_next_layer(yes, no, classes, layers[-1], seen))
        steps += len(layers[-2]) * len(classes)
        if steps > STEPS_MAX:
            raise OverBudget(f"no answer within {STEPS_MAX} steps")
    return None


def _next_layer(yes: Machine, no: Machine | None, classes: Sequence[CharClass], layer: Layer, seen: set[Pair]) -> Layer:
    after: Layer = {}
    for pair in layer:
        for char in classes:
            then = (yes.step(pair[0], char), None if no is None else no.step(pair[1], char))
            is_lost = no is not None and then[1] is None  # found there, whatever follows
            if not is_lost and then not in seen and then not in after:
                after[then] = (pair, char)
    return after


def _text(layers: Sequence[Layer], pair: Pair) -> str:
    chars = []
    for layer in reversed(layers[1:]):
        origin = layer[pair]
        assert origin is not None
        pair, char = origin
        chars.append(char.shown[0])
    return "".join(reversed(chars))


def texts(graph: Graph, least: int, most: int | None) -> Iterator[str]:
    """Many texts in which a pattern is found, the shortest first; none if they are out of reach."""
    classes = alphabet(list(graph.sets()))
    machine = Machine(graph, classes)
    states = _states(machine, classes)
    alive: list[set[State]] = [{state for state in states if machine.is_final(state)}]
    steps = 0
    while most is None or len(alive) - 1 <= most:
        if len(alive) - 1 >= least and machine.start in alive[-1]:
            yield from _texts_of_length(machine, classes, alive)
        steps += len(states) * len(classes)
        if steps > STEPS_MAX:
            return
        last = alive[-1]
        alive.append({state for state in states if any(machine.step(state, char) in last for char in classes)})


def _states(machine: Machine, classes: Sequence[CharClass]) -> list[State]:
    found: dict[State, None] = {machine.start: None}
    todo = [machine.start]
    while todo:
        state = todo.pop()
        for char in classes:
            then = machine.step(state, char)
            if then not in found:
                found[then] = None
                todo.append(then)
        if len(found) * len(classes) > STEPS_MAX:
            raise OverBudget(f"more than {STEPS_MAX} steps")
    return list(found)


def _texts_of_length(machine: Machine, classes: Sequence[CharClass], alive: Sequence[set[State]]) -> Iterator[str]:
    """All texts of length `len(alive) - 1`, of a few characters of each class; `alive[n]` match after n more."""
    todo: list[tuple[State, str]] = [(machine.start, "")]
    while todo:
        state, text = todo.pop()
        rest = len(alive) - 1 - len(text)
        if rest == 0:
            yield text
            continue
        nexts = [(machine.step(state, each), each) for each in classes]
        usable = [(then, each) for then, each in nexts if then in alive[rest - 1]]
        todo += reversed([(then, text + char) for then, each in usable for char in each.shown[:6]])
