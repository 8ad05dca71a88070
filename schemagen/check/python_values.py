"""What an expression of a Python consumer may stand for, as far as the SDK is concerned.

An expression has a set of these. A container stands also for what is in it: a list of clients is, here, a client.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from schemagen.check.python_surface import ModulePath


@dataclass(frozen=True, slots=True)
class SdkModule:
    """`crm` is "", `crm.types` is "types"."""

    name: str


@dataclass(frozen=True, slots=True)
class ClientClass:
    """`Client`, `AsyncClient`."""


@dataclass(frozen=True, slots=True)
class Client:
    """A client, or its live half."""


@dataclass(frozen=True, slots=True)
class ClientMethod:
    """What a client has besides functions: `each`, `with_options`, `close`."""

    name: str


@dataclass(frozen=True, slots=True)
class ApiModule:
    """`client.contacts`. Where it is not sure, only the name of an attribute says so."""

    path: ModulePath
    sure: bool = True


@dataclass(frozen=True, slots=True)
class ModuleClass:
    """`Contacts` of `crm.api.contacts`."""

    path: ModulePath


@dataclass(frozen=True, slots=True)
class ApiFunction:
    """`client.contacts.list`, by its path on the wire."""

    path: str


@dataclass(frozen=True, slots=True)
class TypeName:
    """A class or alias of `crm.types` or `crm.errors`, by its name in the contract."""

    name: str


@dataclass(frozen=True, slots=True)
class Record:
    """A value of a record or an error of the contract."""

    name: str


@dataclass(frozen=True, slots=True)
class SomeRecord:
    """A record, one of so many that it does not help to know which."""


@dataclass(frozen=True, slots=True)
class OwnModule:
    """A module of the consumer, `app.clients`, or a folder that holds some."""

    dotted: str


@dataclass(frozen=True, slots=True)
class OwnFunction:
    """A function or method of the consumer, by its number in the program."""

    number: int


@dataclass(frozen=True, slots=True)
class OwnClass:
    number: int


@dataclass(frozen=True, slots=True)
class OwnObject:
    """An instance of a class of the consumer; its attributes are known by name only."""


@dataclass(frozen=True, slots=True)
class Container:
    """A list, set, dictionary or queue that the consumer made: it may also hold what was put into any of them."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """Certainly nothing of the SDK: a constant, a module of somebody else."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may be anything."""


Value: TypeAlias = (
    SdkModule
    | ClientClass
    | Client
    | ClientMethod
    | ApiModule
    | ModuleClass
    | ApiFunction
    | TypeName
    | Record
    | SomeRecord
    | OwnModule
    | OwnFunction
    | OwnClass
    | OwnObject
    | Container
    | Foreign
    | Unknown
)
Values: TypeAlias = frozenset[Value]

NOTHING: Final[Values] = frozenset()
"""Nothing is known yet; at the end of reading, that the expression is never reached."""
FOREIGN: Final[Values] = frozenset({Foreign()})
CONTAINER: Final[Values] = frozenset({Container()})
UNKNOWN: Final[Values] = frozenset({Unknown()})
RECORDS_MAX: Final = 8
"""Beyond so many records, a name stands for some record."""
SOME_RECORD: Final = SomeRecord()
_TRACKED: Final = frozenset({Client, ClientClass, ApiModule, ApiFunction, Record, SomeRecord, Container})


def tracked(values: Iterable[Value]) -> Values:
    """What is followed through calls of code that cannot be read."""
    return frozenset([value for value in values if type(value) in _TRACKED])


def widened(known: set[Value], values: Values) -> None:
    """Add values to what is known; so many records become `SomeRecord`, so that nothing grows without end."""
    known |= values
    if SOME_RECORD in known or sum(type(value) is Record for value in known) > RECORDS_MAX:
        known -= {value for value in known if type(value) is Record}
        known.add(SOME_RECORD)
