"""`api.d.ts`: one interface per module, one per function's arguments; `api.js`, whose size does not depend on them."""

from __future__ import annotations

from schemagen.emit.typescript.declarations import add_field, doc_comment
from schemagen.emit.typescript.layout import Doc, layout
from schemagen.emit.typescript.names import RUNTIME_REFERENCES, RUNTIME_VALUES, Names, module_paths
from schemagen.emit.typescript.source_map import MappedText
from schemagen.emit.typescript.text import HEADER, comment, key
from schemagen.emit.typescript.tombstones import add_former_fields, add_former_function
from schemagen.emit.typescript.type_text import TypeText, generic
from schemagen.emit.typescript.types_file import add_import
from schemagen.emit.typescript.views import View
from schemagen.model.contract import Contract, Function, FunctionKind
from schemagen.model.renames import FormerFunction, former_functions

_REFERENCE = {FunctionKind.QUERY: "Query", FunctionKind.MUTATION: "Mutation", FunctionKind.ACTION: "Action"}


def api_declarations(contract: Contract, names: Names) -> MappedText:
    body = MappedText()
    types = TypeText(names)
    modules = {path: _Module() for path in ["", *module_paths(contract)]}
    for path in modules:
        if path:
            modules[path.rpartition(".")[0]].modules.append(path)
    for f in contract.functions:
        modules[f.path.rpartition(".")[0]].functions.append(f)
    for former in former_functions(contract):
        modules[former.path.rpartition(".")[0]].former.append(former)
    for path, module in sorted(modules.items()):
        if path:
            for f in module.functions:
                _add_args(body, types, f)
            _add_module(body, types, names.modules[path], module)
    for f in modules[""].functions:
        _add_args(body, types, f)
    body.add("", "/** Every function of the backend, by module. */")
    _add_module(body, types, "Api", modules[""], blank=False)
    body.add("")
    body.declare("export declare const api: Api;", "api", None)
    return _with_imports(body, types)


def api_values(has_codecs: bool) -> str:
    codecs = 'import { codecs } from "./codec.js";\n' if has_codecs else ""
    made = f"export const api = /* @__PURE__ */ makeApi({'codecs' if has_codecs else ''});"
    return f'{HEADER}\n\n{codecs}import {{ makeApi }} from "./runtime/reference.js";\n\n{made}\n'


class _Module:
    def __init__(self) -> None:
        self.functions: list[Function] = []
        self.modules: list[str] = []  # paths
        self.former: list[FormerFunction] = []


def _add_args(text: MappedText, types: TypeText, f: Function) -> None:
    if not f.args:
        return
    name = types.names.args[f.path]
    text.add("")
    text.declare(f"export interface {name} {{", name, f.origin)
    for arg in f.args:
        add_field(text, types, arg, View.INPUT)
        add_former_fields(text, types, arg, f"{f.path}: ")
    text.add("}")


def _add_module(text: MappedText, types: TypeText, name: str, module: _Module, blank: bool = True) -> None:
    text.add(*[""][:blank])
    text.declare(f"export interface {name} {{", name, None)
    functions = {_last(f.path): f for f in module.functions}
    nested = {_last(path): types.names.modules[path] for path in module.modules}
    former = {_last(each.path): each for each in module.former}
    for member in sorted(functions.keys() | nested.keys() | former.keys()):
        if member in functions:
            _add_function(text, types, functions[member])
        elif member in former:
            add_former_function(text, types, former[member])
        else:
            text.declare(f"  readonly {key(member)}: {nested[member]};", key(member), None)
    text.add("}")


def _last(path: str) -> str:
    return path.rpartition(".")[2]


def _add_function(text: MappedText, types: TypeText, f: Function) -> None:
    text.add(*comment(_function_comment(f), 2))
    name = key(_last(f.path))
    args = types.names.args[f.path] if f.args else types.runtime("NoArgs")
    written: Doc = generic(types.runtime(_REFERENCE[f.kind]), [args, types.argument(f.returns, View.OUTPUT)])
    line = layout(f"readonly {name}: ", written, ";", 2)
    text.declare(line, name, f.origin, written=f.name)


def _function_comment(f: Function) -> list[str]:
    place = f"{f.kind.value.capitalize()}, `{f.origin}`" if f.origin else f.kind.value.capitalize()
    raises = f"; raises {', '.join(f'`{code}`' for code in f.raises)}" if f.raises else ""
    return doc_comment(f.doc, f.deprecated, place + raises)


def _with_imports(body: MappedText, types: TypeText) -> MappedText:
    text = MappedText([HEADER, ""])
    add_import(text, types.names.imported(types.used_runtime & {*RUNTIME_REFERENCES}), "./runtime/reference.js")
    add_import(text, types.names.imported(types.used_runtime & {*RUNTIME_VALUES}), "./runtime/values.js")
    add_import(text, sorted(types.used_types), "./types.js")
    if len(text.lines) == 2:
        text.lines.pop()
    return text.followed_by(body)
