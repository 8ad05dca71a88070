"""`GET /`: what this server offers, for a person with a browser. The public functions by module; no script, no data."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby
from typing import assert_never

from schemagen.model.contract import Contract, Field, Function
from schemagen.model.types import (
    AnyType,
    ArrayType,
    BoolType,
    BytesType,
    DateTimeType,
    DateType,
    DecimalType,
    FloatType,
    IdType,
    Int64Type,
    IntType,
    JsonType,
    LiteralType,
    MapType,
    NullType,
    RefType,
    SetType,
    StringType,
    TimedeltaType,
    TimeType,
    TupleType,
    Type,
    UnionType,
    UuidType,
)

_HEAD = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>schemagen</title>
<style>
:root { color-scheme: light dark; --line: #8884; --soft: light-dark(#5b6470, #9aa4b2); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 3rem auto; padding: 0 1.25rem; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2.5rem 0 .5rem; }
code { font: .875rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
p { margin: .15rem 0 0; color: var(--soft); } nav { margin: 1rem 0 0; line-height: 2; } nav a { margin-right: .9rem; }
a { color: light-dark(#0b57d0, #8ab4f8); text-decoration: none; } a:hover { text-decoration: underline; }
li { list-style: none; padding: .6rem 0 .6rem 5.5rem; border-top: 1px solid var(--line); position: relative; }
ul { margin: 0; padding: 0; }
.kind { position: absolute; left: 0; color: var(--soft); font-size: .8rem; }
.gone code { text-decoration: line-through; } footer { margin: 3rem 0; color: var(--soft); font-size: .875rem; }
</style>
"""


def index_page(contract: Contract, fingerprint: str) -> str:
    """The page of a public contract, complete."""
    functions = sorted(contract.functions, key=lambda f: (f.module, f.path))
    modules = [(module, list(members)) for module, members in groupby(functions, key=lambda f: f.module)]
    links = " ".join(f'<a href="#{escape(module)}">{escape(module or "the package")}</a>' for module, _ in modules)
    return (
        f"{_HEAD}<h1>{len(functions)} functions</h1>\n"
        "<p>Call them with a generated SDK, or <code>POST /api/&lt;kind&gt;/&lt;function&gt;</code> with a JSON object "
        "of arguments. Queries are live at <code>/api/sync</code>.</p>\n"
        f"<nav>{links}</nav>\n{''.join(_module(*module) for module in modules)}"
        f'<footer>Contract <a href="/api/contract"><code>{escape(fingerprint)}</code></a></footer>\n</html>\n'
    )


def _module(name: str, functions: list[Function]) -> str:
    items = "".join(map(_function, functions))
    return f'<h2 id="{escape(name)}">{escape(name or "the package")}</h2>\n<ul>\n{items}</ul>\n'


def _function(f: Function) -> str:
    arguments = ", ".join(map(_argument, f.args))
    signature = escape(f"{f.path}({arguments}) → {type_text(f.returns)}")
    gone = "" if f.deprecated is None else ' class="gone"'
    said = "".join(f"<p>{escape(text)}</p>" for text in _texts(f))
    return f'<li{gone}><span class="kind">{f.kind.value}</span><code>{signature}</code>{said}</li>\n'


def _texts(f: Function) -> Iterator[str]:
    if f.doc:
        yield f.doc.strip().split("\n\n")[0]
    if f.deprecated is not None:
        yield f"Deprecated: {f.deprecated}" if f.deprecated else "Deprecated."
    if f.raises:
        yield f"May answer {', '.join(f.raises)}."


def _argument(a: Field) -> str:
    return f"{a.wire_name}{'' if a.required else '?'}: {type_text(a.type)}"


def type_text(t: Type) -> str:
    """A type in few words: `Contact | null`, `"lead" | "won"`, `id of contacts`."""
    match t:
        case NullType():
            return "null"
        case BoolType():
            return "boolean"
        case IntType():
            return "integer"
        case Int64Type():
            return "int64"
        case FloatType():
            return "number"
        case StringType():
            return "string"
        case BytesType():
            return "base64"
        case DecimalType():
            return "decimal"
        case UuidType():
            return "UUID"
        case DateTimeType():
            return "datetime"
        case DateType():
            return "date"
        case TimeType():
            return "time"
        case TimedeltaType():
            return "duration"
        case IdType(table):
            return f"id of {table}"
        case LiteralType(values=values):
            return " | ".join(f'"{v}"' if isinstance(v, str) else str(v).lower() for v in values)
        case ArrayType(item=item) | SetType(item=item):
            return f"list of {type_text(item)}"
        case TupleType(items=items):
            return f"[{', '.join(map(type_text, items))}]"
        case MapType(key=key, value=value):
            return f"map of {type_text(key)} to {type_text(value)}"
        case UnionType(members=members):
            return " | ".join(map(type_text, members))
        case RefType(name):
            return name
        case JsonType() | AnyType():
            return "JSON"
        case _:
            assert_never(t)
