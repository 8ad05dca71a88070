"""One file per module of the backend: its functions, declared once for all ways to call them; and the clients."""

from __future__ import annotations

from collections.abc import Iterable

from schemagen.emit.python.names import RESERVED_MODULES, Names, argument_name, member_names
from schemagen.emit.python.text import HEADER, WIDTH, bracketed, docstring, json_text, mapping, string, whole
from schemagen.emit.python.type_text import TypeText, is_plain, literal
from schemagen.model.contract import MISSING, Contract, Field, Function, ObjectType
from schemagen.model.naming import camel_case
from schemagen.model.renames import FormerFunction, former_functions
from schemagen.model.types import RefType


def api_file(contract: Contract, names: Names, package: str, module: str) -> str:
    """The file of one module, its functions by name."""
    functions = sorted((f for f in contract.functions if f.module == module), key=lambda f: f.path)
    reserved = () if module else RESERVED_MODULES  # the client is the package's own module
    former = [each for each in former_functions(contract) if each.module == module]
    methods = member_names([*(f.name for f in functions), *(each.name for each in former)], reserved)
    below = _below(names, module, {*reserved, *methods.values()})
    text = TypeText(contract, names, lambda name: f"_types.{name}", {*methods.values(), *below})
    body: list[str] = []
    for f in functions:
        body += ["", *_method(contract, names, f, methods[f.name], text)]
    body += [""] if former else []
    body += [line for each in former for line in _tombstone(each, methods[each.name])]
    typing = {"Any"} & text.typing | {"Literal"} & text.typing | {"Literal" for _ in former}
    kinds = sorted({f.kind.value for f in functions})
    lines = [
        HEADER,
        "from __future__ import annotations",
        "",
        *(["import builtins"] if text.builtins else []),
    ]
    checked = [f"    from .{names.module_files[path]} import {names.modules[path]}" for path in below.values()]
    if checked:
        typing |= {"TYPE_CHECKING", "ClassVar"}
    if typing:
        lines.append(f"from typing import {', '.join(sorted(typing, key=_isort))}")
    lines += [""] if typing or text.builtins else []
    uses_omit = any("= OMIT" in line for line in body)
    uses_types = any("_types." in line for line in body)
    lines += ["from .. import types as _types"] if uses_types else []
    imported = [*(["OMIT"] if uses_omit else []), "M", "Module", *(["RenamedTo"] if former else [])]
    lines.append(f"from .._runtime.functions import {', '.join(imported)}")
    lines += [f"from .._runtime.functions import {kind} as _{kind}" for kind in kinds]
    if checked:
        lines += ["", "if TYPE_CHECKING:", *sorted(checked)]
    lines += [
        "",
        "",
        f"class {names.modules[module]}(Module[M]):",
        *docstring(f"`{module}` of the backend." if module else "The backend.", 4),
    ]
    if below:
        lines += ["", *_children(below, names, package)]
    return "\n".join(lines + body) + "\n"


def client_file(names: Names, package: str) -> str:
    root = names.modules.get("")
    below = {} if root else _below(names, "", RESERVED_MODULES)
    checked = [f"    from .api.{names.module_files[path]} import {names.modules[path]}" for path in below.values()]
    lines = [
        HEADER,
        "from __future__ import annotations",
        "",
        *(["from typing import TYPE_CHECKING, ClassVar", ""] if checked else []),
        "from ._contract import CONTRACT",
        "from ._runtime.async_client import AsyncWatcher, BaseAsyncClient",
        "from ._runtime.client import BaseClient, Watcher",
        f"from ._runtime.functions import Async, AsyncWatch, M, {'' if root else 'Module, '}Sync, Watch",
        *([f"from .api.{names.module_files['']} import {root}"] if root else []),
        "",
    ]
    if checked:
        lines += ["if TYPE_CHECKING:", *sorted(checked), ""]
    lines += ["", f"class Api({root or 'Module'}[M]):", '    """Every public function of the backend, by module."""']
    lines += ["", *_children(below, names, package)] if below else []
    for name, base, mode, watcher, watch in (
        ("Client", "BaseClient", "Sync", "Watcher", "Watch"),
        ("AsyncClient", "BaseAsyncClient", "Async", "AsyncWatcher", "AsyncWatch"),
    ):
        waits = "waits for the answer" if name == "Client" else "is awaited"
        lines += [
            "",
            "",
            f"class {name}({base}, Api[{mode}]):",
            f'    """The backend over HTTP and one WebSocket: each call {waits}, `live` watches queries."""',
            "",
            "    _contract = CONTRACT",
            f'    _errors_module = "{package}.errors"',
            "",
            "    @property",
            f"    def live(self) -> Api[{watch}]:",
            '        """The queries, as results that go on changing."""',
            f"        return Api({watcher}(self))",
        ]
    return "\n".join(lines) + "\n"


def _children(below: dict[str, str], names: Names, package: str) -> list[str]:
    places = [
        f'        "{name}": "{package}.api.{names.module_files[path]}:{names.modules[path]}",'
        for name, path in below.items()
    ]
    annotations = [f"    {name}: {names.modules[path]}[M]" for name, path in below.items()]
    return ["    _modules: ClassVar[dict[str, str]] = {", *places, "    }", *annotations]


def _below(names: Names, module: str, taken: Iterable[str]) -> dict[str, str]:
    """Attribute → path of the modules directly below one."""
    depth = module.count(".") + 1 if module else 0
    found = [p for p in names.modules if p and p.count(".") == depth and (not module or p.startswith(module + "."))]
    attributes = member_names((p.rpartition(".")[2] for p in found), taken)
    return {attributes[p.rpartition(".")[2]]: p for p in sorted(found)}


def _method(contract: Contract, names: Names, f: Function, name: str, text: TypeText) -> list[str]:
    page = next((argument_name(a.name) for a in f.args if _is_page_request(contract, a)), None)
    renamed = {argument_name(a.name): a.wire_name for a in f.args if _wire(a) != a.wire_name}
    decorator = f"    @_{f.kind.value}({string(f.path)}"
    decorator += f", page={string(page)}" if page and f.kind.value == "query" else ""
    decorator += f", wire_names={mapping(renamed)}" if renamed else ""
    arguments = ["self", *(["*"] if f.args else [])]
    required_first = sorted(f.args, key=lambda a: not a.required)
    arguments += [_argument(contract, a, text) for a in required_first]
    head = whole(bracketed(f"def {name}(", arguments, f") -> {text.text(f.returns)}:", 4))
    return [decorator + ")", *head, *docstring(_doc(contract, f, names), 8), "        raise NotImplementedError"]


def _argument(contract: Contract, a: Field, text: TypeText) -> str:
    default = "" if a.required else f" = {_shown_default(contract, a) or 'OMIT'}"
    return f"{argument_name(a.name)}: {text.text(a.type)}{default}"


def _shown_default(contract: Contract, a: Field) -> str:
    """A default that can stand in the signature, for the reader: what is not given is not sent. "" for any other."""
    match a.default:
        case None:
            return "None"
        case bool() | int() | float() | str() as value if is_plain(contract, a.type):
            return repr(value) if isinstance(value, float) else literal(value)
        case _:
            return ""


def _wire(a: Field) -> str:
    return camel_case(argument_name(a.name))


def _tombstone(former: FormerFunction, name: str) -> list[str]:
    now = string(former.now.python_path)
    return whole([f"    {name}: RenamedTo[Literal[{now}]] = RenamedTo({now})"])


def _doc(contract: Contract, f: Function, names: Names) -> str:
    where = f", {f.origin}" if f.origin else ""
    parts = [f.doc, _deprecation(f.deprecated), _arguments_doc(contract, f)]
    if f.raises:
        parts.append("Raises: " + ", ".join(names.errors[code] for code in f.raises) + ".")
    said = "\n\n".join(filter(None, parts))
    place = f"{f.kind.value.capitalize()}{where}"
    if "\n" not in said and len(said) + len(place) < WIDTH - 20:
        return f"{said} ({place})" if said else place
    return f"{said}\n\n{place}"


def _deprecation(reason: str | None) -> str:
    return "" if reason is None else f"Deprecated: {reason}" if reason else "Deprecated."


def _arguments_doc(contract: Contract, f: Function) -> str:
    lines = []
    for a in f.args:
        hidden = not a.required and a.default is not MISSING and not _shown_default(contract, a)
        default = f"default {json_text(a.default)}" if hidden and not _is_page_request(contract, a) else ""
        said = "; ".join(filter(None, [" ".join(a.doc.split()), default, _deprecation(a.deprecated)]))
        if said:
            lines.append(f"{argument_name(a.name)}: {said}")
    return "\n".join(lines)


def _is_page_request(contract: Contract, a: Field) -> bool:
    t = a.type
    if not isinstance(t, RefType):
        return False
    named = contract.named(t.name)
    return isinstance(named, ObjectType) and {f.name for f in named.fields} == {"cursor", "size"}


def _isort(name: str) -> tuple[bool, bool, str]:
    return (not name.isupper(), not name[:1].isupper(), name)
