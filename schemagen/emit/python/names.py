"""Every name of the generated package. What Python or the package itself uses, and what would meet, gives way."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from schemagen.model.contract import Contract, EnumType
from schemagen.model.naming import pascal_case, public_name, snake_case
from schemagen.model.renames import former_functions

BUILTINS: Final = frozenset({"bool", "bytes", "dict", "float", "int", "list", "object", "set", "str", "tuple"})
"""Builtins that annotations use: where a class has a member of that name, they are written `builtins.list`."""

_IN_TYPES: Final = """
Any Bytes Date DateTime Decimal Enum Field Float Int64 IntEnum JsonValue Literal Model Set StrEnum Time Timedelta
TypeAlias TypeAliasType Uuid unset TYPE_CHECKING Annotated NewType builtins annotations
"""
RESERVED_TYPES: Final = frozenset({*_IN_TYPES.split(), *keyword.kwlist, *BUILTINS})
RESERVED_FIELDS: Final = frozenset(
    [
        "construct",
        "copy",
        "dict",
        "from_orm",
        "json",
        "parse_file",
        "parse_obj",
        "parse_raw",
        "schema",
        "schema_json",
        "update_forward_refs",
        "validate",
        "sent_always",
        "former_names",
        "builtins",
    ]
)
"""Attributes of pydantic's BaseModel, which a field must not hide; those that begin with `model_` besides."""

RESERVED_ERROR_FIELDS: Final = frozenset(
    ["add_note", "args", "code", "data", "message", "safe_to_retry", "self", "wire_names", "with_traceback"]
)

_STR_METHODS: Final = """
capitalize casefold center count encode endswith expandtabs find format format_map index isalnum isalpha isascii
isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip maketrans
partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith
strip swapcase title translate upper zfill
"""
_INT_METHODS: Final = """
as_integer_ratio bit_count bit_length conjugate denominator from_bytes imag is_integer numerator real to_bytes
"""
RESERVED_MEMBERS: Final = {
    "StrEnum": frozenset({"mro", "name", "value", *_STR_METHODS.split()}),
    "IntEnum": frozenset({"mro", "name", "value", *_INT_METHODS.split()}),
    "Enum": frozenset({"mro", "name", "value"}),
}
"""What a member of an enum must not hide, by the enum's base."""

RESERVED_METHODS: Final = frozenset({"builtins", "Literal", "Any", "self"})
_IN_API: Final = """
Any Api Async AsyncClient AsyncWatch AsyncWatcher BaseAsyncClient BaseClient CONTRACT ClassVar Client Literal M Module
OMIT RenamedTo Sync TYPE_CHECKING Watch Watcher
"""
RESERVED_MODULE_CLASSES: Final = frozenset(_IN_API.split())
"""What the files of the clients and modules import or define besides."""
RESERVED_MODULES: Final = frozenset({"call", "close", "contract_state", "each", "live", "watch", "with_options"})
"""What a client has itself; a module of the backend with that name is reached with an underscore behind it."""


@dataclass(frozen=True, slots=True)
class Names:
    types: dict[str, str]  # named type of the contract → class or alias
    open_enums: dict[str, str]  # open enum → alias that also allows values nobody knows yet
    ids: dict[str, str]  # table → type of its ids
    files: dict[str, str]  # named type → stem of its file
    errors: dict[str, str]  # code → class
    modules: dict[str, str]  # dotted module → class
    module_files: dict[str, str]  # dotted module → stem of its file


def names_of(contract: Contract, groups: Iterable[tuple[str, ...]]) -> Names:
    """The names for a public contract; `groups` are the types that share a file."""
    taken = set(RESERVED_TYPES)
    types = {t.name: claim(t.name, taken) for t in contract.types}
    open_enums = {t.name: claim(f"Open{t.name}", taken) for t in contract.types if isinstance(t, EnumType) and t.open}
    ids = {t.name: claim(_singular(contract, t.name) + "Id", taken) for t in contract.tables}
    errors_taken = {*RESERVED_TYPES, *_SDK_ERRORS}
    errors = {error.code: claim(error.name, errors_taken) for error in contract.errors}
    stems: set[str] = {"ids_", *taken}
    files: dict[str, str] = {}
    for group in groups:
        stem = claim(snake_case(types[group[0]]) + "_", stems)
        files |= dict.fromkeys(group, stem)
    classes = set(RESERVED_MODULE_CLASSES)
    modules = {path: claim(pascal_case(path) or "Root", classes) for path in module_paths(contract)}
    module_stems: set[str] = set()
    module_files = {path: claim((path or "root").replace(".", "_"), module_stems) for path in modules}
    return Names(types, open_enums, ids, files, errors, modules, module_files)


_SDK_ERRORS: Final = [
    "AppError",
    "BY_CODE",
    "ConnectionFailed",
    "ContractMismatch",
    "DecodeError",
    "InternalError",
    "InvalidArguments",
    "Issue",
    "ProtocolError",
    "SchemagenError",
    "TimedOut",
    "Unauthenticated",
    "Unavailable",
    "UnknownFunction",
    "types",
    "ClassVar",
]


def _singular(contract: Contract, table: str) -> str:
    return contract.tables_by_name[table].document


def module_paths(contract: Contract) -> list[str]:
    """Every module that holds functions, held some before they were renamed, or holds such modules: `billing` and
    `billing.invoices`; "" is the package."""
    found: set[str] = set()
    modules = [f.module for f in contract.functions] + [former.module for former in former_functions(contract)]
    for module in modules:
        parts = module.split(".") if module else []
        found |= {".".join(parts[: i + 1]) for i in range(len(parts))} or {""}
    return sorted(found)


def claim(name: str, taken: set[str]) -> str:
    """The name if it is free, else with as many underscores as it takes; characters no identifier has become one."""
    name = re.sub(r"\W", "_", public_name(name))
    name = name if name.isidentifier() else f"_{name}"
    while name in taken or keyword.iskeyword(name):
        name += "_"
    taken.add(name)
    return name


def field_names(fields: Iterable[str], types: Names) -> dict[str, str]:
    """The fields of one model: `from_` stays, `copy` becomes `copy_`."""
    taken = {*RESERVED_FIELDS, *types.types.values()}
    found = {}
    for name in fields:
        bare = public_name(name).lstrip("_") or name
        found[name] = claim(f"{bare}_" if bare.startswith("model_") else bare, taken)
    return found


def error_field_names(fields: Iterable[str]) -> dict[str, str]:
    """The fields of one error, apart from what every exception has."""
    taken = set(RESERVED_ERROR_FIELDS)
    return {name: claim(name, taken) for name in fields}


def argument_name(name: str) -> str:
    return claim(name, {"self"})


def member_names(names: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """Functions or modules of one class, by their own names."""
    claimed = {*RESERVED_METHODS, *taken}
    return {name: claim(name, claimed) for name in sorted(names)}
