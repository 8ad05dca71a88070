"""`ref(...)`: a field that names another document, and what becomes of its own when that one is deleted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias, TypeVar, get_args, overload

from pydantic import Field

T = TypeVar("T")

OnDelete: TypeAlias = Literal["restrict", "cascade", "set_null"]
"""What deleting a document does to those that refer to it: be refused, delete them too, or empty the field in them."""


@dataclass(frozen=True, slots=True)
class ReferenceDeclaration:
    """What `ref` leaves in the metadata of a field."""

    on_delete: OnDelete


_NO_DEFAULT: Final[Any] = object()


@overload
def ref(*, on_delete: OnDelete) -> Any: ...
@overload
def ref(*, on_delete: OnDelete, default: T) -> T: ...
def ref(*, on_delete: OnDelete, default: Any = _NO_DEFAULT) -> Any:
    """A field that refers to another document: `company_id: Id[Company] = ref(on_delete="cascade")`.

    When that document is deleted, "restrict" refuses it with `ReferencedDocument`, "cascade" deletes this one too, and
    "set_null" makes the field None: `team_id: Id[Team] | None = ref(on_delete="set_null", default=None)`. Needs an
    index whose first field it is. That the id names a document that is there is not checked when it is written.
    """
    if on_delete not in get_args(OnDelete):
        raise ValueError(f"ref(on_delete={on_delete!r}): write one of {', '.join(map(repr, get_args(OnDelete)))}")
    info: Any = Field() if default is _NO_DEFAULT else Field(default)
    info.metadata.append(ReferenceDeclaration(on_delete))
    return info


def reference_in(metadata: Iterable[object]) -> ReferenceDeclaration | None:
    """What `ref` left in the metadata of a field; None if it is no such field."""
    return next((each for each in metadata if isinstance(each, ReferenceDeclaration)), None)
