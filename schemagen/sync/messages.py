"""Every message of the sync protocol, as pydantic models: camelCase on the wire, told apart by `type`.

The meaning of each field stands in docs/protocol.md. Both sides ignore keys they do not know.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from schemagen.model.naming import camel_case

PROTOCOL: Final = 1
"""The protocol number spoken here."""

Count: TypeAlias = Annotated[int, Field(ge=0, le=2**53 - 1)]
"""An id, a version or a timestamp: an integer every language can count."""

Digest: TypeAlias = Annotated[str, Field(max_length=64)]
"""Names a value: equal digests, equal values. Made by the server; 16 hex digits, which clients need not know."""

ErrorKind: TypeAlias = Literal[
    "app",
    "invalidArguments",
    "unknownFunction",
    "contractMismatch",
    "unauthenticated",
    "internal",
    "unavailable",
    "protocol",
]

ClientWord: TypeAlias = Annotated[str, Field(max_length=100)]
"""What a client says of itself."""


class Message(BaseModel):
    model_config = ConfigDict(
        alias_generator=camel_case, validate_by_name=True, serialize_by_alias=True, strict=True, frozen=True
    )


class ErrorIssue(Message):
    """One mistake in the arguments; `path` leads to it by wire names and list positions."""

    path: list[str | int]
    message: str


class ErrorObject(Message):
    """What went wrong, the same over HTTP and WebSocket.

    For kind `app`, `code` is the code of the error class and `data` its fields by wire name; for all others `code` is
    the kind in snake_case. `data` of a `contractMismatch` is `{function, reason}`, and a `witness` if there is one.
    `data`, `issues` and `error_id` are absent where they do not apply.
    """

    kind: ErrorKind
    code: str
    message: str
    data: dict[str, JsonValue] | None = None
    issues: list[ErrorIssue] | None = None
    error_id: str | None = None


class Version(Message):
    """Where a client stands: its query set, its caller, and the commit timestamp of all its results."""

    query_set: Count
    identity: Count
    ts: Count


# --- client to server ---


class ClientInfo(Message):
    """Who connects, as the operator is shown it; "" for what is not said."""

    language: ClientWord = ""
    name: ClientWord = ""
    version: ClientWord = ""


class Connect(Message):
    """The first frame of a connection. `session` is drawn once per client, and kept across reconnects."""

    type: Literal["connect"] = "connect"
    protocol: int
    session: Annotated[UUID, Field(strict=False)]
    last_ts: Count
    contract: str
    token: str | None
    digests: bool = False
    """Whether values are to come with digests, and may come as `unchanged` or as a `diff`."""
    client: ClientInfo | None = None


class QueryToWatch(Message):
    """One query of the query set. `digest` is that of the value the client holds from an earlier connection."""

    query_id: Count
    path: str
    args: dict[str, JsonValue]
    digest: Digest | None = None


class ModifyQuerySet(Message):
    """Watch some queries and stop watching others; `new_version` is `base_version` + 1."""

    type: Literal["modifyQuerySet"] = "modifyQuerySet"
    base_version: Count
    new_version: Count
    add: list[QueryToWatch]
    remove: list[Count]


class Authenticate(Message):
    """From here on the caller is whom `token` says, or anonymous with null."""

    type: Literal["authenticate"] = "authenticate"
    base_version: Count
    new_version: Count
    token: str | None


class Mutation(Message):
    """Run a mutation, exactly once per session and `request_id`."""

    type: Literal["mutation"] = "mutation"
    request_id: Count
    path: str
    args: dict[str, JsonValue]


class Action(Message):
    """Run an action, at most once."""

    type: Literal["action"] = "action"
    request_id: Count
    path: str
    args: dict[str, JsonValue]


class Ping(Message):
    type: Literal["ping"] = "ping"


ClientMessage: TypeAlias = Annotated[
    Connect | ModifyQuerySet | Authenticate | Mutation | Action | Ping, Field(discriminator="type")
]


# --- server to client ---


class Connected(Message):
    """The client now stands at query set 0, identity 0, `ts`.

    `outdated` has the paths of the functions that no longer fit the contract the client was built from, sorted. It is
    there if the server knows that contract, and it is another one than the server's.
    """

    type: Literal["connected"] = "connected"
    protocol: int
    contract: str
    ts: Count
    outdated: list[str] | None = None


class NewItems(Message):
    """Items that the base does not have."""

    new: list[dict[str, JsonValue]]


class Diff(Message):
    """What makes a list of the base: stretches of its items, as `[from, count]`, and new ones between them.

    `rest` has the other fields of a page, whose `items` the list is; it is absent for a bare list.
    """

    list_: list[tuple[Count, Count] | NewItems]
    rest: dict[str, JsonValue] | None = None


class QueryChange(Message):
    """A query's new result: exactly one of `value`, `error`, `unchanged` and `diff` is there.

    `unchanged` and `diff` build on what the client holds, `diff` on the value of digest `base`. `digest` is that of the
    new value; only clients that asked for digests get it, and these two.
    """

    query_id: Count
    value: JsonValue = None
    error: ErrorObject | None = None
    digest: Digest | None = None
    unchanged: Literal[True] | None = None
    base: Digest | None = None
    diff: Diff | None = None


class Transition(Message):
    """One step from `start`, where the client stands, to `end`; queries that are not listed keep their results.

    `mutations` are the client's own that this step makes visible; their responses follow before the next transition.
    """

    type: Literal["transition"] = "transition"
    start: Version
    end: Version
    changes: list[QueryChange]
    mutations: list[Count] | None = None


class MutationResponse(Message):
    """A mutation ended; the client already stands at `ts` or later. Either `error` is there, or `value`."""

    type: Literal["mutationResponse"] = "mutationResponse"
    request_id: Count
    ts: Count
    value: JsonValue = None
    error: ErrorObject | None = None


class ActionResponse(Message):
    """An action ended. Either `error` is there, or `value`."""

    type: Literal["actionResponse"] = "actionResponse"
    request_id: Count
    value: JsonValue = None
    error: ErrorObject | None = None


class AuthError(Message):
    """The token of `identity_version` was refused or has expired: the caller is anonymous."""

    type: Literal["authError"] = "authError"
    identity_version: Count
    error: ErrorObject


class FatalError(Message):
    """The connection cannot go on; the server closes it next."""

    type: Literal["fatalError"] = "fatalError"
    error: ErrorObject


class Pong(Message):
    type: Literal["pong"] = "pong"


ServerMessage: TypeAlias = Annotated[
    Connected | Transition | MutationResponse | ActionResponse | AuthError | FatalError | Pong,
    Field(discriminator="type"),
]
