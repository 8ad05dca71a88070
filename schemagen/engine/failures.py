"""What went wrong, as a client may know it; the operator's log knows the rest."""

from __future__ import annotations

import dataclasses
import logging
import sqlite3
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from schemagen.declare import AppError, BackendError
from schemagen.engine.answer import Failure, FailureKind
from schemagen.model.contract import Contract, Json
from schemagen.model.naming import camel_case
from schemagen.model.types import JsonType
from schemagen.store.errors import StoreUnavailable
from schemagen.wire.codec import Codec
from schemagen.wire.issue import WireError

_log = logging.getLogger("schemagen")
_OWN_FOLDER = str(Path(__file__).resolve().parent.parent)
_SHOWN_MAX = 2000


class Failures:
    """Turns exceptions into failures."""

    def __init__(self, contract: Contract, codec: Codec) -> None:
        self._encoders = {
            error.code: [(field.name, field.wire_name, codec.encoder(field.type)) for field in error.fields]
            for error in contract.errors
        }
        self._encode_any = codec.encoder(JsonType())

    def of(self, error: BaseException, path: str, args: object) -> Failure:
        """The failure of a call that raised `error`. Logs what the client must not see."""
        if isinstance(error, AppError):
            try:
                return Failure(FailureKind.APP, error.code, error.message, self._data(error))
            except (WireError, AttributeError) as wrong:
                wrong.add_note(f"while {type(error).__name__} was sent to the client")
                return internal(wrong, path, args)
        if isinstance(error, StoreUnavailable | sqlite3.Error):
            _log.error("%s could not run: %s", path, error, exc_info=error)
            return unavailable("the database cannot be reached at the moment; nothing was changed")
        return internal(error, path, args)

    def _data(self, error: AppError) -> dict[str, Json]:
        encoders = self._encoders.get(error.code)
        if encoders is not None:
            return {wire_name: encode(getattr(error, name)) for name, wire_name, encode in encoders}
        held: Mapping[str, Any] = {field.name: getattr(error, field.name) for field in dataclasses.fields(error)}  # type: ignore[arg-type]
        return {camel_case(name): self._encode_any(value) for name, value in held.items()}


def invalid_arguments(error: WireError) -> Failure:
    return Failure(
        FailureKind.INVALID_ARGUMENTS, "invalid_arguments", "the arguments do not fit the function", None, error.issues
    )


def unknown_function(message: str) -> Failure:
    return Failure(FailureKind.UNKNOWN_FUNCTION, "unknown_function", message)


def unavailable(message: str) -> Failure:
    return Failure(FailureKind.UNAVAILABLE, "unavailable", message)


def internal(error: BaseException, path: str, args: object) -> Failure:
    """A mistake of the backend or of the engine: the client gets an id, the log everything."""
    error_id = uuid.uuid4().hex[:12]
    shown = repr(args)
    shown = shown if len(shown) <= _SHOWN_MAX else f"{shown[:_SHOWN_MAX]}…"
    trace = _of_the_backend(error)
    _log.error(
        "error %s in %s, called with %s",
        *(error_id, path, shown),
        exc_info=(type(error), error, trace),
        extra={"error_id": error_id, "function": path},
    )
    message = f"the function failed; the server's log has the reason under {error_id}"
    return Failure(FailureKind.INTERNAL, "internal", message, error_id=error_id)


def _of_the_backend(error: BaseException) -> TracebackType | None:
    """The traceback from the backend's first frame on, or all of it if there is none.

    Where we tell the backend's author what is wrong in their code, it also ends at their last frame.
    """
    frames = [trace for trace in _frames(error.__traceback__) if not _is_own(trace)]
    if not frames:
        return error.__traceback__
    if isinstance(error, BackendError):
        frames[-1].tb_next = None
    return frames[0]


def _frames(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        yield trace
        trace = trace.tb_next


def _is_own(trace: TracebackType) -> bool:
    return trace.tb_frame.f_code.co_filename.startswith(_OWN_FOLDER)
