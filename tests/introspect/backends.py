"""Small backends from text, and what they become."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent

import pytest

from schemagen.introspect import Backend, InvalidBackend, load
from schemagen.model.contract import Contract, Function, NamedType
from schemagen.model.types import Type

HEAD = """
from __future__ import annotations
import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from typing import Annotated, Any, Generic, Literal, NewType, Optional, TypeVar, Union
from uuid import UUID
from pydantic import BaseModel, Field, RootModel
from typing_extensions import NotRequired, Required, TypeAliasType, TypedDict, deprecated
from schemagen import *
T = TypeVar("T")
"""
SHORT_HEAD = "from schemagen import *\n"


def backend_of(text: str = "", *, head: str = HEAD, **files: str) -> Backend:
    """The backend of one file, or of a package with these files (`people="..."` is `backend/people.py`)."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        if files:
            package = root / "backend"
            for name, content in {"__init__": text, **files}.items():
                path = package / f"{name.replace('__SLASH__', '/')}.py"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text((head if content.strip() else "") + dedent(content), "utf-8")
            return load(package, root)
        (root / "backend.py").write_text(head + dedent(text), "utf-8")
        return load(root / "backend.py", root)


def contract_of(text: str = "", *, head: str = HEAD, **files: str) -> Contract:
    return backend_of(text, head=head, **files).contract


def rules_broken(text: str = "", *, head: str = HEAD, **files: str) -> list[str]:
    """The rules that a backend breaks, in the order of the source."""
    with pytest.raises(InvalidBackend) as caught:
        backend_of(text, head=head, **files)
    return [d.rule for d in caught.value.diagnostics]


def function_of(arguments: str = "", returns: str = "None", *, before: str = "", head: str = HEAD) -> Function:
    """The function with these arguments and this result."""
    contract = contract_of(_one_function(arguments, returns, before), head=head)
    return contract.functions_by_path["f"]


def type_of(annotation: str, before: str = "", *, head: str = HEAD) -> Type:
    """The type of an argument annotated so."""
    return function_of(f"x: {annotation}", before=before, head=head).args[0].type


def named_of(before: str, annotation: str) -> dict[str, NamedType]:
    """The named types that an argument annotated so brings along."""
    return contract_of(_one_function(f"x: {annotation}", "None", before)).types_by_name


def _one_function(arguments: str, returns: str, before: str) -> str:
    star = f", *, {arguments}" if arguments else ""
    return f"{dedent(before)}\n@query\nasync def f(ctx: QueryCtx{star}) -> {returns}: ...\n"
