"""What can go wrong in a call.

SchemagenError
├── AppError             the backend refused, with a code and fields; one subclass per error of the backend
├── InvalidArguments     the arguments do not fit; `issues` says where
├── UnknownFunction      the server has no such function (any more)
├── ContractMismatch     the function has changed since this SDK was generated: update this program
├── Unauthenticated      the token is missing, wrong or expired
├── InternalError        the function failed; `error_id` finds it in the server's log
├── Unavailable          the server could not take the call now
├── ConnectionFailed     no answer came
├── TimedOut             no answer came in time
├── DecodeError          the answer is not what this SDK was generated for
└── ProtocolError        the server broke the protocol, or refused ours
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, cast


class Issue(NamedTuple):
    """One mistake: where, in the names of the wire, and what."""

    path: tuple[str | int, ...]
    message: str

    def __str__(self) -> str:
        where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path).lstrip(".")
        return f"{where}: {self.message}" if where else self.message


class SchemagenError(Exception):
    """Any failure of a call."""

    safe_to_retry: bool = False
    """Whether the same call may be made again: it may succeed, and cannot run twice."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.args, self.__dict__)


class AppError(SchemagenError):
    """An error the backend raised on purpose. `data` holds its fields by wire name."""

    code: str = "app_error"
    wire_names: ClassVar[dict[str, str]] = {}
    """Fields whose name on the wire does not follow from the name here."""

    def __init__(self, message: str, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.data: Mapping[str, Any] = data or {}


class InvalidArguments(SchemagenError):
    """The server, or this SDK before sending, refused the arguments."""

    def __init__(self, message: str, issues: Sequence[Issue] = ()) -> None:
        super().__init__("\n".join([message, *(f"  {issue}" for issue in issues)]))
        self.issues = tuple(issues)


class UnknownFunction(SchemagenError):
    """The server has no such function: it is older or newer than this SDK."""


class ContractMismatch(SchemagenError):
    """The function has changed since this SDK was generated, and no longer fits: this program must be updated."""

    function: str = ""
    """Its path on the wire."""
    reason: str = ""
    """What changed."""
    witness: Any = None
    """A value, as JSON, that one side has and the other does not take; None if there is none."""


class Unauthenticated(SchemagenError):
    """The server refused the token."""


class InternalError(SchemagenError):
    """The function failed on the server."""

    def __init__(self, message: str, error_id: str | None) -> None:
        super().__init__(message)
        self.error_id = error_id


class Unavailable(SchemagenError):
    """The server took no call now; `retry_after_s` is its advice, if it gave any."""

    safe_to_retry = True

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class ConnectionFailed(SchemagenError):
    """The server could not be reached, or the connection broke before its answer came."""


class TimedOut(SchemagenError):
    """No answer came before the deadline. A mutation may have run; calling again is a new mutation."""


class DecodeError(SchemagenError):
    """The answer does not have the shape this SDK was generated for."""

    def __init__(self, message: str, issues: Sequence[Issue] = ()) -> None:
        super().__init__("\n".join([message, *(f"  {issue}" for issue in issues)]))
        self.issues = tuple(issues)


class ProtocolError(SchemagenError):
    """The other side does not speak our protocol."""


def _restored(kind: type[SchemagenError], args: tuple[Any, ...], state: dict[str, Any]) -> SchemagenError:
    """An unpickled error: what `__init__` took is in its attributes."""
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


def error_from_wire(error: Any, app_errors: Mapping[str, type[AppError]]) -> SchemagenError:
    """The exception for an error object of the server; fields of an `AppError` are set by whoever knows their types."""
    if not isinstance(error, dict):
        return ProtocolError(f"the server sent an error that is none: {error!r}")
    found = cast(dict[str, Any], error)
    message = str(found.get("message", "no message"))
    match found.get("kind"):
        case "app":
            code = str(found.get("code"))
            failure = app_errors.get(code, AppError)(message, found.get("data"))
            failure.code = code
            return failure
        case "invalidArguments":
            issues: list[dict[str, Any]] = found.get("issues") or []
            return InvalidArguments(message, [Issue(tuple(i["path"]), str(i["message"])) for i in issues])
        case "unknownFunction":
            return UnknownFunction(message)
        case "contractMismatch":
            mismatch = ContractMismatch(message)
            data: dict[str, Any] = found.get("data") or {}
            mismatch.function, mismatch.reason = str(data.get("function", "")), str(data.get("reason", ""))
            mismatch.witness = data.get("witness")
            return mismatch
        case "unauthenticated":
            return Unauthenticated(message)
        case "unavailable":
            return Unavailable(message)
        case "internal":
            return InternalError(message, found.get("errorId"))
        case _:
            return ProtocolError(message)
