"""Whatever a list becomes, its script makes just that; what looks like a list and is none has no script."""

from __future__ import annotations

from random import Random
from typing import Any

import orjson
import pytest

from schemagen.sync.diff import cut, script
from schemagen.sync.value import Value
from tests.sync.holding import made


def script_of(old: Any, new: Any) -> Any:
    """The script from one result to another; None if there is none."""
    text = Value(orjson.dumps(new)).script_from(Value(orjson.dumps(old)))
    return None if text is None else orjson.loads(text)


def rows(count: int, start: int = 0) -> list[Any]:
    return [{"id": f"c{number}", "name": f"Contact {number}"} for number in range(start, start + count)]


def page(items: list[Any], **rest: Any) -> dict[str, Any]:
    return {"items": items, **rest}


def test_a_script_names_what_stayed_and_brings_what_is_new() -> None:
    old = rows(30)
    renamed = {"id": "c7", "name": "Ada"}
    assert script_of(old, [*old[:7], renamed, *old[8:]]) == {"list": [[0, 7], {"new": [renamed]}, [8, 22]]}
    assert script_of(old, [renamed, *old]) == {"list": [{"new": [renamed]}, [0, 30]]}
    assert script_of(old, old[5:]) == {"list": [[5, 25]]}
    assert script_of(old, [*old[20:], *old[:20]]) == {"list": [[20, 10], [0, 20]]}


@pytest.mark.parametrize("rest", [{"nextCursor": None}, {"nextCursor": "abc", "total": 7}, {}])
def test_the_other_fields_of_a_page_come_along(rest: dict[str, Any]) -> None:
    assert script_of(page(rows(30), nextCursor="old"), page(rows(31), **rest)) == {
        "list": [[0, 30], {"new": rows(1, 30)}],
        "rest": rest,
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (rows(19), rows(19, 1)),
        (rows(30), rows(19)),
        (rows(30), rows(30, 30)),
        (rows(30), rows(16) + rows(14, 50)),
        (rows(30), page(rows(30))),
        (page(rows(30)), rows(30)),
        (rows(30), None),
        (rows(30), []),
        (rows(30), [{"name": row["name"], "id": row["id"]} for row in rows(30)]),
        ({"at": rows(30)}, {"at": rows(29)}),
        ([[row] for row in rows(30)], [[row] for row in rows(29)]),
        ([f"{n}" for n in range(30)], [f"{n}" for n in range(29)]),
        ([*rows(29), 7], rows(29)),
        ({"items": rows(30), "others": rows(30)}, {"items": rows(30), "others": rows(29)}),
        ("[{" * 30, "[{" * 29),
    ],
    ids=str,
)
def test_what_is_short_or_mostly_new_or_no_list_of_objects_has_no_script(old: Any, new: Any) -> None:
    assert script_of(old, new) is None


def test_equal_things_of_other_types_are_other_things() -> None:
    old, new = ([{"id": str(n), "x": x} for n in range(30)] for x in (1, True))
    new[1:] = old[1:]
    found = script_of(old, new)
    assert found == {"list": [{"new": [{"id": "0", "x": True}]}, [1, 29]]}
    assert found["list"][0]["new"][0]["x"] is True


@pytest.mark.parametrize("seed", range(300))
def test_a_script_makes_the_new_list_of_the_old_whatever_is_in_them(seed: int) -> None:
    """Items hold lists of items, and text that looks like the joint between two; some are there twice."""
    random = Random(seed)
    versions: list[Any] = [[item(random) for _ in range(random.randrange(18, 40))]]
    for _ in range(6):
        versions.append(edited(random, versions[-1]))
    shortest = min(map(len, versions))
    if seed % 2:
        versions = [page(items, nextCursor=random.choice([None, '}],"x":[{"id":'])) for items in versions]
    found = 0
    values = [Value(orjson.dumps(version)) for version in versions]
    for old, new, value, base in zip(versions, versions[1:], values[1:], values, strict=False):
        text = value.script_from(base)
        if text is not None:
            found += 1
            assert len(text) < len(orjson.dumps(new)) / 2
            assert orjson.dumps(made(old, orjson.loads(text))) == orjson.dumps(new)
    assert found or shortest < 20, "small edits of a long list are worth a script"


def item(random: Random) -> dict[str, Any]:
    """Short and long ones; some begin otherwise, some hold their like."""
    joint = '"},{"id":"'
    parts: list[Any] = [joint, "}],", 1.5, None, {"id": {"id": "x"}}, "ü" * 9]
    if random.random() < 0.03:
        parts = [[{"id": "inner"}, {"id": joint}]]
    begin = {} if random.random() < 0.01 else {"id": random.choice([f"c{random.randrange(50)}", joint])}
    return begin | {f"f{n}": random.choice(parts) for n in range(random.randrange(1, 5))}


def edited(random: Random, items: list[Any]) -> list[Any]:
    items = list(items)
    for _ in range(random.randrange(4)):
        at = random.randrange(len(items)) if items else 0
        match random.choice(["change", "insert", "remove", "move", "double", "reverse"]):
            case "change" if items:
                items[at] = item(random)
            case "remove" if items:
                del items[at]
            case "move" if items:
                items.insert(random.randrange(len(items)), items.pop(at))
            case "double" if items:
                items.append(items[at])
            case "reverse" if random.random() < 0.1:
                items.reverse()
            case _:
                items.insert(at, item(random))
    return items


def test_items_that_hold_their_like_are_found_all_the_same() -> None:
    """Cut at the joints between inner ones too, they are seen not to be items, and the result is parsed."""
    nested = [{"id": str(n), "parts": rows(2)} for n in range(30)]
    items = cut(orjson.dumps(nested))
    assert items is not None and not items.are_right(items.pieces)
    assert script_of(nested, nested[1:]) == {"list": [[1, 29]]}
    assert script_of(rows(30), [*rows(30), nested[0]]) == {"list": [[0, 30], {"new": [nested[0]]}]}
    assert script_of([*rows(30), nested[0]], rows(30)) == {"list": [[0, 30]]}


def test_items_may_begin_otherwise_and_stand_anywhere_in_a_page() -> None:
    mixed = [{}, {"kind": "note"}, *rows(30)]
    assert script_of(mixed, mixed[1:]) == {"list": [[1, 31]]}
    old, new = {"total": 1, "items": mixed}, {"total": 2, "items": mixed}
    assert script_of(old, new) == {"list": [[0, 32]], "rest": {"total": 2}}


def test_only_what_is_new_is_looked_at_closely() -> None:
    old, new = (cut(orjson.dumps(rows(count))) for count in (30, 31))
    assert old is not None and new is not None
    assert script(old, new)[1] == new.pieces[30:]
