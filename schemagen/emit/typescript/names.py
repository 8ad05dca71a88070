"""Every name of the generated package, from one table: no two are the same, whatever was declared first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from schemagen.emit.typescript.text import is_identifier
from schemagen.emit.typescript.views import View, Views
from schemagen.model.contract import Contract
from schemagen.model.naming import pascal_case
from schemagen.model.renames import former_functions

_WORDS: Final = """
any arguments as async await bigint boolean break case catch class const continue debugger declare default
delete do else enum eval export extends false finally for function get if implements import in infer
instanceof interface is keyof let module namespace never new null number object package private protected
public readonly require return set static string super switch symbol this throw true try type typeof undefined
unique unknown using var void while with yield globalThis
"""
"""Words of the language and names of its own types: no type may be called so, or it would be hard to read."""

RESERVED: Final = frozenset({*_WORDS.split(), "Api", "AppError", "Uint8Array", "api"})
"""Names that no type of a backend gets; the last ones have a meaning in the generated files."""

RUNTIME_VALUES: Final = ("DateTime", "Decimal", "Duration", "Id", "JsonValue", "PlainDate", "PlainTime", "Uuid")
RUNTIME_ERRORS: Final = ("SchemagenError",)
RUNTIME_REFERENCES: Final = ("Action", "Mutation", "NoArgs", "Query", "Renamed")


@dataclass(frozen=True, slots=True)
class Names:
    types: dict[tuple[str, View], str]
    errors: dict[str, str]  # by code
    args: dict[str, str]  # by function path
    modules: dict[str, str]  # by module path on the wire
    runtime: dict[str, str] = field(default_factory=dict)  # the runtime's own names, as our files import them

    @property
    def own(self) -> set[str]:
        return {*self.types.values(), *self.errors.values(), *self.args.values(), *self.modules.values()}

    def imported(self, used: Iterable[str]) -> list[str]:
        """What an import statement says for names of the runtime: `Query`, or `Query as Query_` if that is taken."""
        return [name if self.runtime[name] == name else f"{name} as {self.runtime[name]}" for name in sorted(used)]


def names_of(contract: Contract, views: Views) -> Names:
    """The names for a public contract. What a backend calls its types comes first, everything else gives way."""
    taken = set(RESERVED)
    types = {(t.name, views.of(t.name)[0]): claim(t.name, taken) for t in contract.types}
    for t in contract.types:
        if len(views.of(t.name)) > 1:
            types[t.name, View.INPUT] = claim(f"{t.name}Input", taken)
        else:
            (view,) = views.of(t.name)
            types[t.name, View.INPUT] = types[t.name, View.OUTPUT] = types[t.name, view]
    errors = {error.code: claim(error.name, taken, error.name + "Error") for error in contract.errors}
    args = _claim_all({f.path: "Args" for f in contract.functions if f.args}, taken)
    modules = _claim_all(dict.fromkeys(module_paths(contract), "Module"), taken)
    runtime = {name: claim(name, taken) for name in (*RUNTIME_VALUES, *RUNTIME_ERRORS, *RUNTIME_REFERENCES)}
    return Names(types, errors, args, modules, runtime)


def module_paths(contract: Contract) -> list[str]:
    """Every module that holds functions, held some before they were renamed, or holds such modules."""
    found: set[str] = set()
    paths = [f.path for f in contract.functions] + [former.path for former in former_functions(contract)]
    for path in paths:
        parts = path.split(".")[:-1]
        found |= {".".join(parts[: i + 1]) for i in range(len(parts))}
    return sorted(found)


def claim(name: str, taken: set[str], second: str | None = None) -> str:
    """The name itself if it is free, else its second choice, else with as many underscores as it takes."""
    name = name if is_identifier(name) else "_" + "".join(c if c.isidentifier() or c.isdigit() else "_" for c in name)
    if name in taken and second is not None:
        name = second
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def _claim_all(suffixes: dict[str, str], taken: set[str]) -> dict[str, str]:
    """`contacts.list` → `ContactsListArgs`; where two paths meet (`contactsList.all`, `contacts.listAll`) both keep
    their dots as underscores, so that neither depends on which came first."""
    plain = {path: pascal_case(path) for path in suffixes}
    shared = Counter(plain.values())
    exact = {path: name if shared[name] == 1 else _with_dots(path) for path, name in plain.items()}
    return {path: claim(exact[path] + suffix, taken) for path, suffix in sorted(suffixes.items())}


def _with_dots(path: str) -> str:
    return "_".join(pascal_case(part) for part in path.split("."))
