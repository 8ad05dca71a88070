"""A client that holds values by digest, in the fewest words: what docs/protocol.md asks of one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Holding:
    held: dict[int, tuple[str, Any]] = field(default_factory=dict)
    """Digest and value, by query id."""
    kinds: list[str] = field(default_factory=list)
    """How results came: `value`, `error`, `unchanged` or `diff`."""

    def digest(self, query_id: int) -> dict[str, str]:
        return {"digest": self.held[query_id][0]} if query_id in self.held else {}

    def take(self, change: dict[str, Any]) -> Any:
        """The value or error object after a change that must fit."""
        query_id = change["queryId"]
        (kind,) = {"value", "error", "unchanged", "diff"} & change.keys()
        self.kinds.append(kind)
        digest, base = self.held.pop(query_id, (None, None))
        match kind:
            case "error":
                return change["error"]
            case "unchanged":
                assert digest is not None, "nothing is held"
                value = base
            case "diff":
                assert digest == change["base"], "it builds on something else"
                digest, value = change["digest"], made(base, change["diff"])
            case _:
                digest, value = change.get("digest"), change["value"]
        if digest is not None:
            self.held[query_id] = (digest, value)
        return value


def made(base: Any, diff: dict[str, Any]) -> Any:
    """What a script makes of a value."""
    old = base["items"] if "rest" in diff else base
    items: list[Any] = []
    for step in diff["list"]:
        if isinstance(step, dict):
            items += step["new"]
        else:
            start, count = step
            assert count > 0 and start + count <= len(old)
            items += old[start : start + count]
    return {"items": items, **diff["rest"]} if "rest" in diff else items
