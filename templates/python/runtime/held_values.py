"""What a client holds of each watched query, by digest, and what a change makes of it. Values are JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeGuard


class DoesNotFit(Exception):
    """The server built a change on what this client does not hold."""


@dataclass
class HeldValues:
    """The last value of each query as the server sent it, with the digest that the server knows it by."""

    held: dict[int, tuple[str, Any]] = field(default_factory=dict[int, tuple[str, Any]])

    def digest(self, query_id: int) -> str | None:
        """What is said of a query that is watched again."""
        return self.held[query_id][0] if query_id in self.held else None

    def forget(self, query_id: int) -> None:
        self.held.pop(query_id, None)

    def take(self, change: dict[str, Any]) -> tuple[Any, Any]:
        """The value or the error after a change. Raises `DoesNotFit`."""
        query_id = change["queryId"]
        digest, base = self.held.pop(query_id, (None, None))
        match change:
            case {"error": error}:
                return None, error
            case {"unchanged": True}:
                if digest is None:
                    raise DoesNotFit
                value = base
            case {"diff": diff}:
                if digest is None or digest != change["base"]:
                    raise DoesNotFit
                digest, value = change["digest"], _applied(base, diff)
            case _:
                digest, value = change.get("digest"), change["value"]
        if digest is not None:
            self.held[query_id] = (digest, value)
        return value, None


def _applied(base: Any, diff: dict[str, Any]) -> Any:
    """The list or page that the script makes. Raises `DoesNotFit` if there is no such list, or it is too short."""
    rest: dict[str, Any] | None = diff.get("rest")
    old = base if rest is None else base.get("items") if _is_object(base) else None
    if not _is_list(old):
        raise DoesNotFit
    items: list[Any] = []
    steps: list[Any] = diff["list"]
    for step in steps:
        if _is_object(step):
            items += step["new"]
            continue
        start, count = step
        if start + count > len(old):
            raise DoesNotFit
        items += old[start : start + count]
    return items if rest is None else {"items": items, **rest}


def _is_list(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def _is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)
