"""Logs on standard error: for people, or one JSON object a line."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from typing import Final

import orjson

from schemagen.serve.settings import Settings

_OWN_KEYS: Final = frozenset(vars(logging.makeLogRecord({})))


def configure_logs(settings: Settings) -> None:
    """Send our log, and the warnings of the web server, to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if settings.log_format == "json" else TextFormatter())
    for name, level in (("schemagen", settings.log_level.upper()), ("uvicorn", "WARNING")):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level)
        logger.propagate = False


class TextFormatter(logging.Formatter):
    """`12:00:00 warning  message`, then the traceback if there is one."""

    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created).strftime("%H:%M:%S")
        level = "" if record.levelno == logging.INFO else f"{record.levelname.lower()}: "
        traceback = "\n" + self.formatException(record.exc_info) if record.exc_info else ""
        return f"{when} {level}{record.getMessage()}{traceback}"


class JsonFormatter(logging.Formatter):
    """`time`, `level`, `logger`, `message`, `traceback`, and whatever was given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        line |= {key: value for key, value in vars(record).items() if key not in _OWN_KEYS}
        return orjson.dumps(line, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
