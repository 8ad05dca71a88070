"""The values that a client holds, by digest: new ones may be told as what changed, or not at all (docs/protocol.md)."""

from __future__ import annotations

from typing import Any


class Held:
    """Of one client, kept while its connections come and go."""

    def __init__(self) -> None:
        self._held: dict[int, tuple[str, Any]] = {}

    def known(self, query_id: int) -> dict[str, str]:
        """What it says of a query that it asks for again."""
        return {"digest": self._held[query_id][0]} if query_id in self._held else {}

    def forget(self, query_id: int) -> None:
        self._held.pop(query_id, None)

    def told(self, change: dict[str, Any]) -> Any:
        """The new value of one change of a transition, or the code of an error."""
        query_id = change["queryId"]
        if "error" in change:
            self.forget(query_id)
            return {"error": change["error"]["code"]}
        if "unchanged" in change:
            return self._held[query_id][1]
        value = change["value"] if "value" in change else self._changed(change)
        self._held[query_id] = change["digest"], value
        return value

    def _changed(self, change: dict[str, Any]) -> Any:
        digest, base = self._held[change["queryId"]]
        assert change["base"] == digest, "a change of what the client does not hold"
        script = change["diff"]
        old = base["items"] if "rest" in script else base
        new: list[Any] = []
        for step in script["list"]:
            if isinstance(step, dict):
                new += step["new"]
            else:
                start, count = step
                assert start + count <= len(old)
                new += old[start : start + count]
        return script["rest"] | {"items": new} if "rest" in script else new
