"""`types.d.ts`: documents, models, enums and errors; `types.js`: the values of enums."""

from __future__ import annotations

from schemagen.emit.typescript.declarations import add_field, doc_comment
from schemagen.emit.typescript.layout import INDENT, layout
from schemagen.emit.typescript.names import RUNTIME_VALUES, Names
from schemagen.emit.typescript.source_map import MappedText
from schemagen.emit.typescript.text import HEADER, comment, key, literal, string
from schemagen.emit.typescript.tombstones import add_former_fields
from schemagen.emit.typescript.type_text import TypeText, open_members, union
from schemagen.emit.typescript.views import View, Views, fields
from schemagen.model.contract import AliasType, Contract, EnumType, ErrorType, NamedType, ObjectType
from schemagen.model.types import LiteralType, Scalar


def types_declarations(contract: Contract, names: Names, views: Views) -> MappedText:
    body = MappedText()
    types = TypeText(names)
    for t in contract.types:
        for view in views.of(t.name):
            _add_type(body, types, t, view)
    for error in contract.errors:
        _add_error(body, types, error)
    _add_app_error(body, names)
    return _with_imports(body, types)


def types_values(contract: Contract, names: Names, views: Views) -> str:
    """The values of enums and named literals, by name."""
    lines = [HEADER]
    for t in contract.types:
        members = enum_values(t)
        if members:
            name = names.types[t.name, views.of(t.name)[0]]
            lines += ["", f"export const {name} = /* @__PURE__ */ Object.freeze({{"]
            lines += [layout(f"{key(member)}: ", literal(value), ",", INDENT) for member, value in members]
            lines.append("});")
    return "\n".join(lines if len(lines) > 1 else [*lines, "", "export {};"]) + "\n"


def enum_values(t: NamedType) -> list[tuple[str, Scalar]]:
    """Name and value of each member, for a type that exists at run time too; else nothing."""
    match t:
        case EnumType(members=members):
            return [(member.name, member.value) for member in members]
        case AliasType(type=LiteralType(values=values)):
            return [(value, value) for value in values if isinstance(value, str)] if _all_text(values) else []
        case _:
            return []


def _all_text(values: tuple[Scalar, ...]) -> bool:
    return all(isinstance(value, str) or value is None for value in values)


def _add_type(text: MappedText, types: TypeText, t: NamedType, view: View) -> None:
    name = types.names.types[t.name, view]
    text.add("", *comment(doc_comment(t.doc, t.deprecated)))
    origin = t.origin if name == t.name else None  # the name of a view is not written in Python
    match t:
        case ObjectType():
            members = fields(t, view)
            text.declare(f"export interface {name} {{{'' if members else '}'}", name, origin, written=t.name)
            for field in members:
                add_field(text, types, field, view)
                add_former_fields(text, types, field, f"{name}.")
            text.add(*["}"][: len(members)])
        case EnumType(members=values, open=is_open):
            written = list(dict.fromkeys(literal(member.value) for member in values))
            tail = open_members(tuple(member.value for member in values)) if is_open else []
            text.declare(_alias(name, [*written, *tail]), name, origin, written=t.name)
            _add_values(text, name, t)
        case AliasType(type=inner):
            text.declare(layout(f"export type {name} = ", types.of(inner, view), ";"), name, origin, written=t.name)
            _add_values(text, name, t)


def _alias(name: str, members: list[str]) -> str:
    return layout(f"export type {name} = ", union(list(members)) if len(members) > 1 else members[0], ";")


def _add_values(text: MappedText, name: str, t: NamedType) -> None:
    values = enum_values(t)
    if not values:
        return
    text.declare(f"export declare const {name}: {{", name, t.origin if name == t.name else None, written=t.name)
    docs = {member.name: member.doc for member in t.members} if isinstance(t, EnumType) else {}
    for member, value in values:
        text.add(*comment([docs.get(member, "")], INDENT))
        text.add(layout(f"readonly {key(member)}: ", literal(value), ";", INDENT))
    text.add("};")


def _add_error(text: MappedText, types: TypeText, error: ErrorType) -> None:
    name = types.names.errors[error.code]
    base = types.runtime("SchemagenError")
    text.add("", *comment(doc_comment(error.doc, None)))
    text.declare(f"export interface {name} extends {base} {{", name, error.origin, written=error.name)
    text.add('  readonly kind: "app";', f"  readonly code: {string(error.code)};")
    text.add("  readonly data: {" if error.fields else "  readonly data: {};")
    for field in error.fields:
        add_field(text, types, field, View.OUTPUT, indent=4, readonly="readonly ")
        add_former_fields(text, types, field, f"{name}.", indent=4, readonly="readonly ")
    text.add(*["  };"][: len(error.fields)], "}")


def _add_app_error(text: MappedText, names: Names) -> None:
    text.add("", "/** Every error of the backend's own; narrow it on `code`. */")
    text.declare(_alias("AppError", sorted(names.errors.values()) or ["never"]), "AppError", None)


def _with_imports(body: MappedText, types: TypeText) -> MappedText:
    """The file: header, imports of what was used, and the runtime's types that no type of the backend hides."""
    text = MappedText([HEADER, ""])
    for file, used in (("errors", {"SchemagenError"}), ("reference", {"Renamed"}), ("values", set(RUNTIME_VALUES))):
        add_import(text, types.names.imported(types.used_runtime & used), f"./runtime/{file}.js")
    text.add("export type {", *(f"  {name}," for name in _free(types.names)), '} from "./runtime/values.js";')
    return text.followed_by(body)


def _free(names: Names) -> list[str]:
    return [name for name in RUNTIME_VALUES if names.runtime[name] == name]


def add_import(text: MappedText, names: list[str], module: str) -> None:
    if not names:
        return
    line = f'import type {{ {", ".join(names)} }} from "{module}";'
    if len(line) <= 80:
        text.add(line)
    else:
        text.add("import type {", *(f"  {name}," for name in names), f'}} from "{module}";')
