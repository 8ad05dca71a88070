"""The one rule between Python names and wire names: snake_case here, camelCase there, trailing underscores dropped."""

from __future__ import annotations

import re
from functools import cache

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def public_name(name: str) -> str:
    """`list_` → `list`: the trailing underscore that keeps a name apart from a keyword or builtin is no part of it."""
    return name.rstrip("_") or name


@cache
def camel_case(name: str) -> str:
    """`next_task_due_at` → `nextTaskDueAt`, `list_` → `list`; leading underscores stay, `HTTPStatus` stays."""
    stripped = public_name(name)
    bare = stripped.lstrip("_")
    head, *rest = bare.split("_")
    return stripped[: len(stripped) - len(bare)] + head + "".join(part[:1].upper() + part[1:] for part in rest)


def pascal_case(name: str) -> str:
    """`next_task` → `NextTask`, `contacts.list` → `ContactsList`."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[._]", public_name(name)) if part)


def snake_case(name: str) -> str:
    """`QuotaExceeded` → `quota_exceeded`, `HTTPError` → `http_error`."""
    return _HUMP.sub("_", name).lower()


def function_path(module: str, name: str) -> str:
    """The wire path of a function: `billing.open_invoices`, `list_` → `billing.openInvoices.list`."""
    parts = [*module.split("."), name] if module else [name]
    return ".".join(camel_case(part) for part in parts)
