"""What an attribute of a value may be, and the function or field that reading it uses."""

from __future__ import annotations

import ast
from typing import assert_never

from schemagen.check.changes import Target
from schemagen.check.python_program import Program, SourceFile
from schemagen.check.python_recorder import Recorder
from schemagen.check.python_surface import ModulePath, PythonSurface
from schemagen.check.python_values import (
    CONTAINER,
    FOREIGN,
    NOTHING,
    UNKNOWN,
    ApiFunction,
    ApiModule,
    Client,
    ClientClass,
    ClientMethod,
    Container,
    Foreign,
    ModuleClass,
    OwnClass,
    OwnFunction,
    OwnModule,
    OwnObject,
    Record,
    SdkModule,
    SomeRecord,
    TypeName,
    Unknown,
    Value,
    Values,
    tracked,
)
from schemagen.check.python_words import (
    METHODS_MAX,
    WHOLE_RECORD,
)
from schemagen.check.usage import ANY_TYPE
from schemagen.model.naming import public_name
from schemagen.model.types import RefType


class Attributes:
    """Looks at one file of a program; knows no expressions."""

    def __init__(self, program: Program, surface: PythonSurface, file: SourceFile, recorder: Recorder) -> None:
        self.program = program
        self.surface = surface
        self.file = file
        self.recorder = recorder
        self.scope = file.scope
        self.function: OwnFunction | None = None

    def _use(self, target: Target, node: ast.AST, why_all: str = "") -> None:
        self.recorder.use(target, self.file, node, why_all)

    def _all_of(self, value: Value, node: ast.AST, why: str) -> None:
        self.recorder.all_of(value, self.file, node, why)

    def _in_sdk(self, dotted: str) -> bool:
        return dotted == self.surface.package or dotted.startswith(f"{self.surface.package}.")

    def _sdk_member(self, module: str, name: str, at: ast.AST) -> Values:
        """What `from crm.<module> import <name>` gives."""
        head, _, rest = module.partition(".")
        if name in ("Client", "AsyncClient"):
            return frozenset({ClientClass()})
        if head == "api" and rest:
            path = next((p for p in self._module_paths() if "_".join(p) == rest or (not p and rest == "root")), None)
            return FOREIGN if path is None else frozenset({ModuleClass(path)})
        found = self.surface.error_name(name) if head == "errors" else self.surface.type_name(name)
        if head in ("types", "errors") and found is not None:
            self._use(Target(type=found), at)
            return frozenset({TypeName(found)})
        if name in ("types", "errors", "client", "api") or head == "api":
            return frozenset({SdkModule(f"{module}.{name}" if module else name)})
        return FOREIGN

    def _module_paths(self) -> list[tuple[str, ...]]:
        paths = {tuple(f.module.split(".")) if f.module else () for f in self.surface.contract.functions}
        return sorted({path[:i] for path in paths for i in range(len(path) + 1)})

    # --- attributes ---

    def _attribute(self, owners: Values, attr: str, node: ast.AST) -> Values:
        """What `owner.attr` may stand for; takes down the function or field it names."""
        found: set[Value] = set()
        for owner in owners:
            found |= self._attribute_of(owner, attr, node)
        self._field_access(owners, attr, node)
        return frozenset(found)

    def _attribute_of(self, owner: Value, attr: str, node: ast.AST) -> Values:
        match owner:
            case SdkModule(name=name):
                return self._sdk_member(name, attr, node)
            case Client() | ClientClass():
                return self._of_client(owner, attr, node)
            case ApiModule(path=path, sure=sure):
                return self._of_module(path, attr, node, sure=sure)
            case ModuleClass(path=path):
                return self._of_module(path, attr, node, sure=True)
            case OwnModule(dotted=dotted):
                return self._of_own_module(dotted, attr)
            case OwnFunction():
                # a property, or a function with a decorator that may make anything of it
                returned = self.program.returned(owner) - {owner}
                return self._attribute(frozenset(v for v in returned if not isinstance(v, OwnFunction)), attr, node)
            case OwnObject() | OwnClass():
                return self._of_own_object(attr, node)
            case Record(name=name):
                return self._of_record(name, attr)
            case SomeRecord():
                return frozenset({owner, Foreign()})
            case Unknown():
                return self._of_unknown(attr, node)
            case Container():
                return CONTAINER
            case ClientMethod() | ApiFunction() | TypeName() | Foreign():
                return FOREIGN
            case _:
                assert_never(owner)

    def _of_client(self, owner: Client | ClientClass, attr: str, node: ast.AST) -> Values:
        if attr == "live":
            return frozenset({owner})
        if attr in ("__dict__", "__getattr__", "__getattribute__", "call", "watch"):
            self._all_of(owner, node, f"client.{attr}")
        found = self._of_module((), attr, node, sure=True)
        return found if tracked(found) else frozenset({ClientMethod(attr)})

    def _of_module(self, path: ModulePath, attr: str, node: ast.AST, *, sure: bool) -> Values:
        function = self.surface.function(path, attr)
        if function is not None:
            self._use(Target(function.path), node)
            return frozenset({ApiFunction(function.path)})
        if self.surface.is_module(path, attr):
            return frozenset({ApiModule((*path, public_name(attr)), sure)})
        if attr in ("__dict__", "__getattr__", "__getattribute__"):
            self._all_of(ApiModule(path), node, attr)
        return FOREIGN if sure else UNKNOWN

    def _of_own_module(self, dotted: str, attr: str) -> Values:
        parts = tuple(dotted.split("."))
        if self._in_sdk(f"{dotted}.{attr}"):
            return frozenset({SdkModule("")})
        found = self.program.member(parts, attr)
        return found or self.recorder.unresolved()

    def _of_record(self, name: str, attr: str) -> Values:
        field = self.surface.field(name, attr)
        if field is None:  # a method, of the record or of a container of such
            return frozenset({Record(name)})
        return frozenset(Record(inner) for inner in self.surface.records_in(field.type)) or FOREIGN

    def _of_own_object(self, attr: str, node: ast.AST) -> Values:
        """What the consumer gave that name, or a method of one of its classes."""
        methods = self.program.methods_called(attr)
        if len(methods) > METHODS_MAX:
            return self._of_unknown(attr, node)
        found = self.program.attribute(attr) | methods
        return found if found and Unknown() not in found else found | self._of_unknown(attr, node)

    def _of_unknown(self, attr: str, node: ast.AST) -> Values:
        """By name: what has an attribute of that name may be the client, or what the consumer gave that name."""
        found = self._carried(self.program.attribute(attr) | self.program.methods_called(attr)) | UNKNOWN
        if public_name(attr) in self.surface.root_modules:
            found |= {ApiModule((public_name(attr),), sure=False)}
        if self.recorder.lost and (function := self.surface.function((), attr)) is not None:
            self._use(Target(function.path), node)
            found |= {ApiFunction(function.path)}
        return found

    def _field_access(self, owners: Values, attr: str, node: ast.AST) -> None:
        """Takes down a field that is read or written, or all of them."""
        for owner in owners:
            match owner:
                case Record(name=name) if (field := self.surface.field(name, attr)) is not None:
                    self._use(Target(type=name, field=field.wire_name), node)
                case Record(name=name) if attr in WHOLE_RECORD:
                    self._use(Target(type=name), node, attr)
                case SomeRecord() | Unknown():
                    self._field_of_any(attr, node)
                case _:
                    pass

    def _field_of_any(self, attr: str, node: ast.AST) -> None:
        for wire_name in self.surface.field_names.get(public_name(attr).lstrip("_"), ()):
            self._use(Target(type=ANY_TYPE, field=wire_name), node)
        if (attr.startswith("model_") and attr in WHOLE_RECORD) or attr == "__dict__":
            self._use(Target(type=ANY_TYPE), node, attr)

    def _out_of(self, values: Values) -> Values:
        """What comes out of `values` where some may be containers."""
        return values | frozenset(self.program.contents) if Container() in values else values

    def _in_sight(self, values: Values) -> Values:
        """Without what has only the name of a module, as long as every client is in sight."""
        if self.recorder.lost or not any(isinstance(value, ApiModule) and not value.sure for value in values):
            return values
        return frozenset(v for v in values if not isinstance(v, ApiModule) or v.sure) | UNKNOWN

    def _carried(self, values: Values) -> Values:
        """Values of the SDK. A function of the consumer is also what it returns, and otherwise unknown from here on."""
        found = set(tracked(values))
        for value in values:
            if isinstance(value, OwnFunction):
                found |= tracked(self.program.returned(value))
        found = set(self._in_sight(frozenset(found)))
        return frozenset(found) if values <= found | FOREIGN else frozenset(found) | UNKNOWN

    def _instances(self, classes: Values) -> Values:
        """Values of the classes and aliases that `classes` are."""
        found: set[Value] = set()
        for cls in classes:
            match cls:
                case ClientClass():
                    found.add(Client())
                case ModuleClass(path=path):
                    found.add(ApiModule(path))
                case TypeName(name=name):
                    inside = {name} if self.surface.has_fields(name) else self.surface.records_in(RefType(name))
                    found |= {Record(record) for record in inside} or {Foreign()}
                case OwnClass(number=number):
                    info = self.program.classes[number]
                    found |= {OwnObject(), *self._instances(frozenset(info.bases) - {cls})}
                    found |= UNKNOWN if info.is_protocol else NOTHING
                case Record() | SomeRecord() | Client() | ApiModule():
                    found.add(cls)
                case Unknown():
                    found.add(Unknown())
                case _:
                    pass
        return frozenset(found)
