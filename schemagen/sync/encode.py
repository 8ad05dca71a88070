"""Messages to the client as JSON text, joined around results that are encoded already.

A result is encoded once, however many clients watch it; what is built here per client is the little around it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from schemagen.sync.messages import AuthError, Connected, ErrorObject, FatalError, Pong

Outcome: TypeAlias = bytes | ErrorObject
"""What a function came to: its value as encoded JSON, or the error."""


class Stand(NamedTuple):
    """Where a client stands: the version of its query set, of its caller, and the timestamp of all its results."""

    query_set: int
    identity: int
    ts: int


def encode_error(error: ErrorObject) -> bytes:
    """The error object; what does not apply is left out."""
    return error.model_dump_json(exclude_none=True).encode()


def encode_outcome(outcome: Outcome) -> bytes:
    """`"value":…` or `"error":…`."""
    return b'"value":' + outcome if isinstance(outcome, bytes) else b'"error":' + encode_error(outcome)


def encode_transition(start: Stand, end: Stand, changes: Mapping[int, bytes], mutations: Sequence[int] = ()) -> str:
    """`changes` says of each query what is new, as `encode_outcome` does."""
    parts = [_VERSIONS % (*start, *end)]
    separator = b'{"queryId":%d,'
    for query_id, change in changes.items():
        parts += (separator % query_id, change, b"}")
        separator = b',{"queryId":%d,'
    parts.append(b"]}" if not mutations else b'],"mutations":%s}' % str(list(mutations)).encode())
    return b"".join(parts).decode()


def encode_mutation_response(request_id: int, ts: int, outcome: Outcome) -> str:
    head = b'{"type":"mutationResponse","requestId":%d,"ts":%d,' % (request_id, ts)
    return (head + encode_outcome(outcome) + b"}").decode()


def encode_action_response(request_id: int, outcome: Outcome) -> str:
    return (b'{"type":"actionResponse","requestId":%d,' % request_id + encode_outcome(outcome) + b"}").decode()


def encode_message(message: Connected | AuthError | FatalError | Pong) -> str:
    """A message that carries no result."""
    return message.model_dump_json(exclude_none=True)


_VERSIONS = (
    b'{"type":"transition","start":{"querySet":%d,"identity":%d,"ts":%d},'
    b'"end":{"querySet":%d,"identity":%d,"ts":%d},"changes":['
)
