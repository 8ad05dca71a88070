"""From what the engine says went wrong to what clients are told."""

from __future__ import annotations

from typing import Final

from schemagen.engine.answer import Answer, Failure
from schemagen.sync.encode import Outcome
from schemagen.sync.messages import ErrorIssue, ErrorKind, ErrorObject

STATUS: Final[dict[ErrorKind, int]] = {
    "app": 400,
    "invalidArguments": 422,
    "unknownFunction": 404,
    "contractMismatch": 409,
    "unauthenticated": 401,
    "internal": 500,
    "unavailable": 503,
    "protocol": 400,
}
"""The HTTP status of each kind of error."""


def error_object(failure: Failure) -> ErrorObject:
    return ErrorObject(
        kind=failure.kind.value,
        code=failure.code,
        message=failure.message,
        data=failure.data,
        issues=[ErrorIssue(path=list(issue.path), message=issue.message) for issue in failure.issues] or None,
        error_id=failure.error_id,
    )


def outcome(answer: Answer) -> Outcome:
    """What a call came to."""
    if answer.failure is not None:
        return error_object(answer.failure)
    assert answer.value is not None, "an answer has a value or a failure"
    return answer.value


def protocol_error(message: str) -> ErrorObject:
    """The request is not as the protocol has it."""
    return ErrorObject(kind="protocol", code="protocol", message=message)


def unauthenticated(message: str) -> ErrorObject:
    return ErrorObject(kind="unauthenticated", code="unauthenticated", message=message)


def malformed_arguments(message: str) -> ErrorObject:
    """The body of a call is no JSON object."""
    issue = ErrorIssue(path=[], message=message)
    return ErrorObject(kind="invalidArguments", code="invalid_arguments", message=message, issues=[issue])
