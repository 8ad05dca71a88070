"""What one client holds of each query it watches, and how it is told a new value: not at all, as a change, or whole."""

from __future__ import annotations

from schemagen.sync.encode import Outcome, encode_outcome
from schemagen.sync.value import Value, Values


class HeldValues:
    """The values that a client has been sent, or came back with. Holds no more than one per query, shared by all."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._held: dict[int, Value | str] = {}
        """By query id; only the digest where the value itself is no longer here."""

    def resume(self, query_id: int, digest: str) -> None:
        """The client says that it holds this."""
        self._held[query_id] = self._values.known(digest) or digest

    def forget(self, query_id: int) -> None:
        """The query is no longer watched."""
        self._held.pop(query_id, None)

    def change(self, query_id: int, outcome: Outcome) -> bytes:
        """What a transition says of a query's new result; from here on the client holds that."""
        held = self._held.pop(query_id, None)
        told = self._values.told
        if not isinstance(outcome, bytes):
            told["error"] += 1
            return encode_outcome(outcome)
        if isinstance(held, Value):
            self._values.used(held)  # before it is the first to make room for what comes after it
        value = self._values.of(outcome)
        self._held[query_id] = value
        digest = held.digest if isinstance(held, Value) else held
        if digest == value.digest:
            told["unchanged"] += 1
            return b'"unchanged":true'
        head = b'"digest":"%b",' % value.digest.encode()
        if isinstance(held, Value):
            self._values.replaced(held)
            if script := value.script_from(held):
                told["diff"] += 1
                return head + b'"base":"%b","diff":%b' % (held.digest.encode(), script)
        told["value"] += 1
        return head + encode_outcome(outcome)
