"""What a consumer uses of an SDK: which functions, arguments and fields, and where.

What a `Use` says, by its target:

| target | without `why_all` | with `why_all` |
|---|---|---|
| function | it is called or passed on | with all its arguments, and all of its result is used |
| function, argument | a call passes it | |
| function, `ANY_ARGUMENT` | | a call may pass any |
| type | its name is imported or written | all its fields are read, and those of the types they hold |
| type, field | the field is read or written | |
| nothing at all | | everything the SDK has |

`ANY_TYPE` in place of a type's name is one that could not be told: any that the used functions return or take.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from schemagen.check.changes import Language, Place, Target

ANY_TYPE: Final = "*"
"""No type of a contract is called so."""
ANY_ARGUMENT: Final = "*"
EVERYTHING: Final = Target()


@dataclass(frozen=True, slots=True)
class Use:
    """One use in a consumer's source."""

    target: Target
    place: Place
    why_all: str = ""
    """Set where the source cannot tell which parts are used (`**kwargs`, `JSON.stringify(contact)`): then all are."""

    @property
    def target_key(self) -> tuple[str, str, str, str]:
        target = self.target
        return (target.function, target.argument, target.type, target.field)


@dataclass(frozen=True, slots=True)
class Usage:
    """All uses in one consumer, sorted by place."""

    consumer: str
    language: Language
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file of a consumer that could not be read, and why."""

    place: Place
    says: str


class UnreadableSource(Exception):
    """Some files of a consumer are no valid source: what it uses cannot be told. Holds at least one."""

    def __init__(self, *files: Unreadable) -> None:
        super().__init__("; ".join(f"{file.place}: {file.says}" for file in files))
        self.files = files


def usage_of(consumer: str, language: Language, uses: set[Use]) -> Usage:
    """The uses in their order: by place, then by what is used."""
    return Usage(consumer, language, tuple(sorted(uses, key=lambda use: (use.place, use.target_key, use.why_all))))
