"""Random contracts whose things were called otherwise before."""

from __future__ import annotations

from dataclasses import replace

from schemagen.model.contract import Contract, Field, ObjectType
from schemagen.model.naming import camel_case

FUNCTIONS = (
    "contacts.find_all",
    "query.query",
    "class_.delete",
    "old.billing.from_",
    "api",
    "contacts.größe",
    "types.list",
)
FIELDS = (
    "class",
    "list_",
    "größe",
    "from_",
    "copy",
    "model_dump",
    "_private",
    "then",
    "名前",
    "self",
    "type",
    "str",
    "dict",
)


def with_former_names(contract: Contract) -> Contract:
    """Its first public function, and the last field of each record, with names that mean trouble."""
    paths = {f.path for f in contract.functions}
    taken = {path.rpartition(".")[0] for path in paths} | paths
    left = [name for name in FUNCTIONS if not any(part in taken for part in (name, name.rpartition(".")[0]))]
    first = next((f for f in contract.functions if not f.internal), None)
    return replace(
        contract,
        types=tuple(replace(t, fields=_renamed(t.fields)) if isinstance(t, ObjectType) else t for t in contract.types),
        functions=tuple(
            replace(f, renamed_from=tuple(left), args=_renamed(f.args)) if f is first else f for f in contract.functions
        ),
        errors=tuple(replace(error, fields=_renamed(error.fields)) for error in contract.errors),
    )


def _renamed(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    used = {field.wire_name for field in fields} | {camel_case(field.name) for field in fields}
    left = [name for name in FIELDS if camel_case(name) not in used]
    start = len(fields) * 3  # others in records of other lengths
    return (*fields[:-1], replace(fields[-1], renamed_from=tuple(left[start : start + 3]))) if fields else fields
