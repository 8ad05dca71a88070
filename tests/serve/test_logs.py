"""What an operator reads."""

from __future__ import annotations

import json
import logging
import re
import sys
from typing import Any

from schemagen.serve.logs import JsonFormatter, TextFormatter


def record(level: int, message: str, *args: object, **options: Any) -> logging.LogRecord:
    return logging.getLogger("schemagen").makeRecord("schemagen", level, __file__, 1, message, args, **options)


def failure() -> Any:
    try:
        raise ValueError("rust")
    except ValueError:
        return sys.exc_info()


def test_text_has_the_time_and_names_only_levels_that_matter() -> None:
    assert re.fullmatch(
        r"\d\d:\d\d:\d\d stopping", TextFormatter().format(record(logging.INFO, "stopping", exc_info=None))
    )
    shown = TextFormatter().format(record(logging.ERROR, "error %s", "0c9d", exc_info=failure()))
    assert re.match(r"\d\d:\d\d:\d\d error: error 0c9d\nTraceback", shown)
    assert shown.endswith("ValueError: rust")


def test_json_is_one_object_on_one_line_with_whatever_was_added() -> None:
    made = record(logging.ERROR, "error %s", "0c9d", exc_info=failure(), extra={"path": "notes.list", "tags": {1: {2}}})
    text = JsonFormatter().format(made)
    assert "\n" not in text
    line = json.loads(text)
    assert (line["level"], line["logger"], line["message"]) == ("error", "schemagen", "error 0c9d")
    assert line["path"] == "notes.list"
    assert "ValueError: rust" in line["traceback"]
    assert line["time"].endswith("+00:00")
