"""The index of reads finds exactly what walking over all of them would."""

from __future__ import annotations

import random

import pytest

from schemagen.engine.invalidation import InvalidationIndex
from schemagen.engine.keys import ABOVE
from schemagen.engine.read_set import Read


def some_read(chance: random.Random) -> Read:
    length = chance.choice([0, 1, 1, 1])
    prefix = bytes([1, chance.randrange(3)]) if length else b""
    if chance.random() < 0.3:
        return Read((chance.randrange(2), length, prefix), prefix, prefix + ABOVE)
    ends = sorted(prefix + bytes([chance.randrange(200), chance.randrange(3)]) for _ in range(2))
    return Read((chance.randrange(2), length, prefix), *ends)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("size", [3, 60, 700])
def test_watchers_are_found_by_what_they_read(seed: int, size: int) -> None:
    chance = random.Random(seed)
    index: InvalidationIndex[int] = InvalidationIndex()
    held: dict[int, list[Read]] = {}
    for step in range(size * 2):
        if held and chance.random() < 0.4:
            watcher = chance.choice(list(held))
            index.remove(watcher, held.pop(watcher))
        else:
            held[step] = [some_read(chance) for _ in range(chance.randint(0, 3))]
            index.add(step, held[step])
        if step % max(1, size // 20) == 0:
            check_found(index, held, chance)
    for watcher, reads in held.items():
        index.remove(watcher, reads)
    assert not index._buckets and not any(index._lengths.values())


def check_found(index: InvalidationIndex[int], held: dict[int, list[Read]], chance: random.Random) -> None:
    number, key = chance.randrange(2), bytes([1, chance.randrange(3), chance.randrange(200)])
    found = {
        watcher for length in index.lengths(number) for watcher in index.met_by(number, length, key[: 2 * length], key)
    }
    expected = {
        watcher
        for watcher, reads in held.items()
        for read in reads
        if read.bucket[0] == number and key.startswith(read.bucket[2]) and read.low <= key < read.high
    }
    assert found == expected
