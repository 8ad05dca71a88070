"""What an expression of a Python consumer may stand for, as far as the SDK is concerned.

An expression has a set of these. A container stands also for what is in it: a list of clients is, here, a client.
"""

from __future__ import annotations

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
TRACKED: Final = (Client, ClientClass, ApiModule, ApiFunction, Record, Container)
"""What is followed through calls of code that cannot be read."""


def tracked(values: Values) -> Values:
    return frozenset(value for value in values if isinstance(value, TRACKED))
