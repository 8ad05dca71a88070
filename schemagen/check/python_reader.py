"""Reads one file of a Python consumer: what its names stand for, and, once that is known, what it uses."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable
from typing import Final, TypeAlias, assert_never

from schemagen.check.changes import Place, Target
from schemagen.check.python_program import FunctionNode, Program, SourceFile
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
from schemagen.check.usage import ANY_ARGUMENT, ANY_TYPE, EVERYTHING, Use
from schemagen.model.contract import Function
from schemagen.model.naming import public_name
from schemagen.model.types import RefType

_PASS_THROUGH: Final = """
list tuple set frozenset sorted reversed iter next enumerate zip filter max min islice chain cycle from_iterable
cast copy deepcopy gather wait_for run run_until_complete shield create_task ensure_future closing enter_context
enter_async_context aclosing batched pairwise takewhile dropwhile as_completed
"""
PASS_THROUGH: Final = frozenset(_PASS_THROUGH.split())
"""Calls that give back what they were given, or what was in it."""
_INTO_CONTAINERS: Final = "add append appendleft extend insert push put put_nowait send setdefault update"
INTO_CONTAINERS: Final = frozenset(_INTO_CONTAINERS.split())
"""Methods that keep what they are given in the object whose methods they are."""
_CONTAINERS: Final = "list set dict deque defaultdict OrderedDict Queue LifoQueue SimpleQueue"
CONTAINERS: Final = frozenset(_CONTAINERS.split())
"""Calls that make a container of what they are given."""
HARMLESS: Final = frozenset({"isinstance", "issubclass", "len", "id", "type", "bool", "callable", "hasattr"})
"""Calls that keep nothing of what they are given, and read no field that matters."""
_DECORATORS: Final = """
property cached_property staticmethod classmethod contextmanager asynccontextmanager cache lru_cache override wraps
abstractmethod final overload
"""
DECORATORS: Final = frozenset(_DECORATORS.split())
"""Decorators that hand a function's result to nobody but its callers."""
_WHOLE_RECORD: Final = "model_dump model_dump_json model_copy dict json copy __dict__ __iter__ model_fields_set"
WHOLE_RECORD: Final = frozenset(_WHOLE_RECORD.split())
"""Attributes of a record that use all of its fields."""
WHOLE_OBJECT: Final = frozenset({"vars", "dir", "asdict", "jsonable_encoder", "getmembers"})
"""Calls that use all attributes of what they are given."""
ACCESS_BY_TEXT: Final = frozenset({"getattr", "hasattr", "setattr", "delattr"})
TEXT_ACCESSORS: Final = frozenset({"attrgetter", "methodcaller"})
BUILTINS: Final = frozenset(dir(builtins))


METHODS_MAX: Final = 8
"""Beyond so many methods of one name an object of the consumer may as well be any."""
TEXT_MAX: Final = 60
"""How much of an expression is shown."""


Keywords: TypeAlias = dict[ast.keyword, Values]


class Recorder:
    """Takes down uses, once nothing more is to be learned."""

    def __init__(self, surface: PythonSurface) -> None:
        self.surface = surface
        self.uses: set[Use] = set()
        self.lost = False
        """A client was given to code that is not read, so any object may be it."""
        self.settled = False
        """A name that nothing was assigned to so far never will be: it may be anything."""
        self.met_unresolved = False
        self.learned = False

    def unresolved(self) -> Values:
        """What a name stands for that nothing was assigned to, so far."""
        self.met_unresolved = True
        return UNKNOWN if self.settled else NOTHING

    def use(self, target: Target, file: SourceFile, node: ast.AST, why_all: str = "") -> None:
        if self.learned:
            self.uses.add(Use(target, _place(file, node), why_all))

    def all_of(self, value: Value, file: SourceFile, node: ast.AST, why: str) -> None:
        """Everything that can be reached through a value."""
        if not self.learned:
            return
        match value:
            case Client() | ClientClass():
                self.use(EVERYTHING, file, node, why)
            case ApiModule(path=path, sure=True) | ModuleClass(path=path):
                for function in self.surface.below(path):
                    self.use(Target(function.path), file, node, why)
            case ApiFunction(path=path):
                self.use(Target(path), file, node, why)
            case Record(name=name):
                self.use(Target(type=name), file, node, why)
            case SomeRecord():
                self.use(Target(type=ANY_TYPE), file, node, why)
            case _:
                pass


def _place(file: SourceFile, node: ast.AST) -> Place:
    """Where a name stands; of a chain `a.b.c`, where its last part does."""
    match node:
        case ast.Attribute(attr=attr, end_lineno=int(line), end_col_offset=int(end)):
            return file.place(line, end - len(attr.encode()))
        case ast.expr() | ast.alias() | ast.keyword() | ast.stmt() | ast.pattern() | ast.excepthandler():
            return file.place(node.lineno, node.col_offset)
        case _:
            return file.place(1, 0)


class FileReader:
    """Evaluates every expression of a file once a round, in the order of the text."""

    def __init__(self, program: Program, surface: PythonSurface, file: SourceFile, recorder: Recorder) -> None:
        self.program = program
        self.surface = surface
        self.file = file
        self.recorder = recorder
        self.scope = file.scope
        self.function: OwnFunction | None = None

    def read(self) -> None:
        self._block(self.file.tree.body)

    def _use(self, target: Target, node: ast.AST, why_all: str = "") -> None:
        self.recorder.use(target, self.file, node, why_all)

    def _all_of(self, value: Value, node: ast.AST, why: str) -> None:
        self.recorder.all_of(value, self.file, node, why)

    # --- statements ---

    def _block(self, statements: Iterable[ast.stmt]) -> None:
        for statement in statements:
            self._statement(statement)

    def _statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Import():
                for alias in node.names:
                    self._import(alias)
            case ast.ImportFrom():
                self._import_from(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._function(node)
            case ast.ClassDef():
                self._class(node)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                self._elsewhere(names, is_global=isinstance(node, ast.Global))
            case ast.Return(value=value):
                self._give_back(NOTHING if value is None else self._eval(value))
            case ast.Assign(targets=targets, value=value):
                values = self._eval(value)
                for target in targets:
                    self._assign(target, values, value)
            case ast.AnnAssign(target=target, annotation=annotation, value=value):
                values = self._annotated(annotation) | (NOTHING if value is None else self._eval(value))
                self._assign(target, values, value)
            case ast.AugAssign(target=target, value=value):
                self._assign(target, self._eval(value), None)
            case ast.For(target=target, iter=iterated) | ast.AsyncFor(target=target, iter=iterated):
                self._assign(target, self._out_of(self._eval(iterated)), None)
                self._block(node.body)
                self._block(node.orelse)
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                self._with(items)
                self._block(body)
            case ast.Try() | ast.TryStar():
                self._block(node.body)
                for handler in node.handlers:
                    self._handler(handler)
                self._block(node.orelse)
                self._block(node.finalbody)
            case ast.Match(subject=subject, cases=cases):
                values = self._eval(subject)
                for case in cases:
                    self._pattern(case.pattern, values)
                    self._children(case.guard)
                    self._block(case.body)
            case _:
                self._children(node)

    def _children(self, node: ast.AST | None) -> None:
        """Everything inside a node whose own form says nothing."""
        for child in () if node is None else (node,) if isinstance(node, ast.expr) else ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                self._statement(child)
            elif isinstance(child, ast.expr):
                self._eval(child)
            else:
                self._children(child)

    def _import(self, alias: ast.alias) -> None:
        parts = tuple(alias.name.split("."))
        if self._in_sdk(alias.name):
            whole = SdkModule(alias.name[len(self.surface.package) + 1 :])
            # `import crm.types` binds `crm`, `import crm.types as t` binds the inner module
            bound: Value = whole if alias.asname else SdkModule("")
            name = alias.asname or alias.name.split(".")[0]
            if not alias.asname and "." in self.surface.package:
                bound = OwnModule(parts[0])  # `import acme.crm` binds `acme`
        elif self.program.is_own(parts):
            bound, name = OwnModule(alias.name if alias.asname else parts[0]), alias.asname or parts[0]
        else:
            bound, name = Foreign(), alias.asname or parts[0]
        self.program.bind(self.scope, name, frozenset({bound}))

    def _import_from(self, node: ast.ImportFrom) -> None:
        dotted = self._absolute(node)
        for alias in node.names:
            if alias.name == "*":
                for name, values in self._star(dotted).items():
                    self.program.bind(self.scope, name, values)
            else:
                values = self._member(dotted, alias.name, alias)
                self.program.bind(self.scope, alias.asname or alias.name, values)

    def _absolute(self, node: ast.ImportFrom) -> str:
        """The module an import statement names, dots at its beginning resolved."""
        if not node.level:
            return node.module or ""
        up = node.level - (1 if self.file.is_package else 0)
        package = self.file.dotted[: len(self.file.dotted) - up]
        return ".".join((*package, *((node.module or "").split(".") if node.module else ())))

    def _member(self, dotted: str, name: str, at: ast.AST) -> Values:
        if self._in_sdk(dotted):
            return self._sdk_member(dotted[len(self.surface.package) + 1 :], name, at)
        if self._in_sdk(f"{dotted}.{name}"):
            return frozenset({SdkModule("")})
        parts = tuple(dotted.split(".")) if dotted else ()
        if self.program.is_own(parts):
            return self.program.member(parts, name)
        return frozenset({OwnModule(name)}) if not dotted and self.program.is_own((name,)) else FOREIGN

    def _star(self, dotted: str) -> dict[str, Values]:
        if self._in_sdk(dotted):
            return {
                "Client": frozenset({ClientClass()}),
                "AsyncClient": frozenset({ClientClass()}),
                "types": frozenset({SdkModule("types")}),
                "errors": frozenset({SdkModule("errors")}),
                **{t.name: frozenset({TypeName(t.name)}) for t in self.surface.contract.types if "types" in dotted},
                **{e.name: frozenset({TypeName(e.name)}) for e in self.surface.contract.errors if "errors" in dotted},
            }
        return self.program.names_of(tuple(dotted.split(".")))

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

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        number = self.program.own_function(node, self.scope, is_method=self.scope.is_class)
        values: Values = frozenset({OwnFunction(number)})
        for decorator in node.decorator_list:
            self._eval(decorator)
        self.program.bind(self.scope, node.name, values)
        if not _keeps_its_result(node.decorator_list):
            self._lose(self._carried(values), node, node.name)
        if node.returns is not None:
            self.program.add(self.program.functions[number].returns, self._annotated(node.returns))
        self._parameters(node, number)
        self._body(number, node.body)

    def _body(self, number: int, body: Iterable[ast.stmt]) -> None:
        scope, function = self.scope, self.function
        self.scope, self.function = self.program.functions[number].scope, OwnFunction(number)
        self._block(body)
        self.scope, self.function = scope, function

    def _parameters(self, node: FunctionNode, number: int) -> None:
        """What parameters are known to be without any call: their annotations and defaults, or anything."""
        info = self.program.functions[number]
        given, arguments = info.scope, node.args
        ordered = [*arguments.posonlyargs, *arguments.args]
        owner = self._owner() if info.is_method else None
        for i, parameter in enumerate(
            [*ordered, *arguments.kwonlyargs, *filter(None, [arguments.vararg, arguments.kwarg])]
        ):
            if i == 0 and owner is not None and ordered:
                values = owner
            elif parameter.annotation is not None:
                values = self._annotated(parameter.annotation)
            else:
                values = UNKNOWN
            self.program.bind(given, parameter.arg, values)
        for parameter, default in zip(reversed(ordered), reversed(arguments.defaults), strict=False):
            self.program.bind(given, parameter.arg, self._eval(default))
        for parameter, maybe in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            if maybe is not None:
                self.program.bind(given, parameter.arg, self._eval(maybe))

    def _owner(self) -> Values:
        """What `self` is in a method of the class that is being read."""
        info = next((info for info in self.program.classes if info.scope is self.scope), None)
        return self._instances(frozenset() if info is None else frozenset(info.bases)) | {OwnObject()}

    def _class(self, node: ast.ClassDef) -> None:
        number = self.program.own_class(node, self.scope)
        info = self.program.classes[number]
        for expression in (*node.decorator_list, *(keyword.value for keyword in node.keywords)):
            self._eval(expression)
        for base in node.bases:
            self.program.add(info.bases, self._eval(base))
            info.is_protocol |= _last_name(base.value if isinstance(base, ast.Subscript) else base) == "Protocol"
        self.program.bind(self.scope, node.name, frozenset({OwnClass(number)}))
        outer, self.scope = self.scope, info.scope
        self._block(node.body)
        self.scope = outer

    def _elsewhere(self, names: Iterable[str], *, is_global: bool) -> None:
        for name in names:
            outer = self.scope.module if is_global else self.scope.parent and self.scope.parent.home(name)
            if outer is not None and outer is not self.scope:
                self.scope.elsewhere[name] = outer
                self.program.bind(outer, name, NOTHING)

    def _give_back(self, values: Values) -> None:
        if self.function is not None:
            values = self._in_sight(values)
            self.program.add(self.program.functions[self.function.number].returns, values)

    def _with(self, items: Iterable[ast.withitem]) -> None:
        for item in items:
            values = self._eval(item.context_expr)
            if item.optional_vars is not None:
                self._assign(item.optional_vars, values | self._carried(values), None)

    def _handler(self, handler: ast.ExceptHandler) -> None:
        if handler.type is not None:
            values = self._instances(self._eval(handler.type))
            if handler.name is not None:
                self.program.bind(self.scope, handler.name, values)
        self._block(handler.body)

    def _assign(self, target: ast.expr, values: Values, source: ast.expr | None) -> None:
        match target:
            case ast.Name(id=name):
                self.program.bind(self.scope, name, values)
                if self.scope.is_class:
                    self.program.set_attribute(name, self._in_sight(values))
            case ast.Attribute(value=owner, attr=attr):
                self._field_access(self._eval(owner), attr, target)
                self.program.set_attribute(attr, self._in_sight(values))
            case ast.Subscript(value=owner, slice=index):
                self._eval(index)
                self._put_into(owner, values)
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                parts = source.elts if isinstance(source, ast.Tuple | ast.List) else []
                exact = len(parts) == len(targets) and not any(isinstance(e, ast.Starred) for e in (*parts, *targets))
                for i, part in enumerate(targets):
                    each = parts[i] if exact else None
                    self._assign(part, values if each is None else self._eval(each), each)
            case ast.Starred(value=inner):
                self._assign(inner, values, None)
            case _:
                self._eval(target)

    def _put_into(self, owner: ast.expr, values: Values) -> None:
        """A container of the consumer's own is followed; whatever else takes functions may call them in any way."""
        owners = self._eval(owner)
        if Container() in owners:
            self.program.add(self.program.contents, self._handed_on(values, owner))
        if owners - tracked(owners):
            self._lose(values, owner, "[]")

    def _out_of(self, values: Values) -> Values:
        """What comes out of `values` where some may be containers."""
        return values | frozenset(self.program.contents) if Container() in values else values

    # --- patterns ---

    def _pattern(self, pattern: ast.pattern, values: Values) -> None:
        match pattern:
            case ast.MatchClass(cls=cls, patterns=patterns, kwd_attrs=names, kwd_patterns=inner):
                instances = self._instances(self._eval(cls))
                for name, each in zip(names, inner, strict=True):
                    self._pattern(each, self._attribute(instances, name, pattern))
                for each in patterns:
                    self._pattern(each, instances)
            case ast.MatchAs(pattern=under, name=name):
                if under is not None:
                    self._pattern(under, values)
                    values = self._instances(self._eval(under.cls)) if isinstance(under, ast.MatchClass) else values
                if name is not None:
                    self.program.bind(self.scope, name, values)
            case ast.MatchStar(name=name) if name is not None:
                self.program.bind(self.scope, name, values)
            case ast.MatchMapping(keys=keys, patterns=patterns, rest=rest):
                for key in keys:
                    self._eval(key)
                for each in patterns:
                    self._pattern(each, values)
                if rest is not None:
                    self.program.bind(self.scope, rest, values)
            case ast.MatchOr(patterns=patterns) | ast.MatchSequence(patterns=patterns):
                for each in patterns:
                    self._pattern(each, values)
            case ast.MatchValue(value=value):
                self._eval(value)
            case _:
                pass

    # --- expressions ---

    def _eval(self, node: ast.expr) -> Values:
        """What an expression may stand for; takes down what it uses."""
        match node:
            case ast.Name(id=name):
                return self._name(name)
            case ast.Attribute(value=owner, attr=attr):
                return self._attribute(self._eval(owner), attr, node)
            case ast.Call():
                return self._call(node)
            case ast.Lambda():
                return self._lambda(node)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                self._generators(node.generators)
                return self._eval(node.elt) | CONTAINER
            case ast.DictComp(key=key, value=value, generators=generators):
                self._generators(generators)
                return self._eval(key) | self._eval(value) | CONTAINER
            case ast.Subscript(value=owner, slice=index):
                self._eval(index)
                return self._out_of(self._eval(owner))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self._eval(test)
                return self._eval(body) | self._eval(orelse)
            case ast.NamedExpr(target=target, value=value):
                values = self._eval(value)
                self._assign(target, values, value)
                return values
            case ast.Yield(value=value):
                values = NOTHING if value is None else self._eval(value)
                self._give_back(values)
                return UNKNOWN
            case ast.YieldFrom(value=value):
                values = self._eval(value)
                self._give_back(values)
                return values
            case ast.Dict(keys=keys, values=items):
                found = [self._eval(each) for each in (*filter(None, keys), *items)]
                return frozenset().union(*found) | CONTAINER
            case ast.List() | ast.Set():
                return frozenset().union(*self._children_of(node)) | CONTAINER
            case ast.Constant() | ast.JoinedStr() | ast.Compare() | ast.UnaryOp():
                self._children_of(node)
                return FOREIGN
            case _:
                return frozenset().union(*self._children_of(node)) or UNKNOWN

    def _children_of(self, node: ast.expr) -> list[Values]:
        found = []
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                found.append(self._eval(child))
            elif isinstance(child, ast.comprehension | ast.keyword):
                self._children(child)
        return found

    def _name(self, name: str) -> Values:
        home = self.scope.home(name)
        if home is not None:
            return frozenset(home.names[name])
        return FOREIGN if name in BUILTINS else self.recorder.unresolved()

    def _lambda(self, node: ast.Lambda) -> Values:
        number = self.program.own_function(node, self.scope, is_method=False)
        self._parameters(node, number)
        scope = self.scope
        self.scope = self.program.functions[number].scope
        self.program.add(self.program.functions[number].returns, self._eval(node.body))
        self.scope = scope
        return frozenset({OwnFunction(number)})

    def _generators(self, generators: Iterable[ast.comprehension]) -> None:
        for generator in generators:
            self._assign(generator.target, self._out_of(self._eval(generator.iter)), None)
            for condition in generator.ifs:
                self._eval(condition)

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

    # --- calls ---

    def _call(self, node: ast.Call) -> Values:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in ACCESS_BY_TEXT and isinstance(node.func, ast.Name):
            return self._access_by_text(node, name)
        callees = self._eval(node.func)
        found: set[Value] = set()
        arguments = [self._eval(argument) for argument in node.args]
        keywords = {keyword: self._eval(keyword.value) for keyword in node.keywords}
        given = frozenset().union(*arguments, *keywords.values())
        for callee in callees:
            found |= self._call_of(callee, node, name, arguments, keywords, given)
        if name in INTO_CONTAINERS and isinstance(node.func, ast.Attribute) and Container() in callees:
            self.program.add(self.program.contents, self._handed_on(given, node))
        if name in TEXT_ACCESSORS or name == "import_module" or name == "__import__":
            found |= self._by_text(node, name)
        return frozenset(found)

    def _call_of(
        self,
        callee: Value,
        node: ast.Call,
        name: str,
        arguments: list[Values],
        keywords: Keywords,
        given: Values,
    ) -> Values:
        match callee:
            case ApiFunction(path=path):
                return self._call_function(path, node.func, node.args, node.keywords)
            case ClientMethod(name="each"):
                return self._each(node, arguments)
            case ClientClass() | Client() | ClientMethod():
                return frozenset({Client()})
            case ModuleClass(path=path):
                return frozenset({ApiModule(path)})
            case TypeName(name=type_name):
                for keyword in node.keywords:
                    if keyword.arg is not None:
                        self._field_access(frozenset({Record(type_name)}), keyword.arg, keyword)
                return self._instances(frozenset({callee}))
            case OwnFunction(number=number):
                self._bind_call(number, node, arguments, keywords)
                return self.program.returned(callee)
            case OwnClass(number=number):
                return self._make(number, node, arguments, keywords)
            case Container():
                return self._out_of(CONTAINER)
            case Record() | SomeRecord():
                return frozenset({callee})  # a method: `copy()`, or `values()` of a container
            case ApiModule():
                return frozenset({callee})  # of a function that gives one
            case SdkModule() | OwnModule():
                return FOREIGN
            case OwnObject() | Foreign() | Unknown():
                return self._call_unread(callee, name, node, arguments, keywords, given)
            case _:
                assert_never(callee)

    def _call_function(
        self, path: str, func: ast.expr, arguments: list[ast.expr], keywords: list[ast.keyword]
    ) -> Values:
        function = self.surface.contract.functions_by_path[path]
        if not isinstance(func, ast.Attribute):
            self._use(Target(path), func)
        for keyword in keywords:
            self._keyword(function, keyword)
        for argument in arguments:
            self._use(Target(path, ANY_ARGUMENT), argument, _short(argument))
        return frozenset(Record(name) for name in self.surface.records_in(function.returns)) or FOREIGN

    def _keyword(self, function: Function, keyword: ast.keyword) -> None:
        match keyword:
            case ast.keyword(arg=None, value=ast.Dict(keys=keys)) if all(_is_text(key) for key in keys):
                names: list[tuple[object, ast.AST]] = [(k.value, k) for k in keys if isinstance(k, ast.Constant)]
            case ast.keyword(arg=None):
                self._use(Target(function.path, ANY_ARGUMENT), keyword, f"**{_short(keyword.value)}")
                return
            case _:
                names = [(keyword.arg, keyword)]
        for name, node in names:
            for argument in function.args:
                if public_name(argument.name) == public_name(str(name)):
                    self._use(Target(function.path, argument.wire_name), node)

    def _each(self, node: ast.Call, arguments: list[Values]) -> Values:
        """`client.each(client.contacts.list, stage="lead")` calls the function itself, page by page."""
        functions = arguments[0] if arguments else NOTHING
        found: set[Value] = set()
        for value in functions:
            if isinstance(value, ApiFunction):
                results = self._call_function(value.path, node.args[0], node.args[1:], node.keywords)
                found |= self._items(results, node)
                function = self.surface.contract.functions_by_path[value.path]
                for argument in self.surface.paging_arguments(function):
                    self._use(Target(value.path, argument.wire_name), node.args[0])
        return frozenset(found) or UNKNOWN

    def _items(self, pages: Values, node: ast.Call) -> Values:
        for name in ("items", "next_cursor"):
            self._field_access(pages, name, node.args[0])
        return frozenset().union(*(self._attribute_of(page, "items", node.args[0]) for page in pages))

    def _make(self, number: int, node: ast.Call, arguments: list[Values], keywords: Keywords) -> Values:
        """An instance of a class of the consumer: its `__init__`, or the fields of a dataclass, take the arguments."""
        info = self.program.classes[number]
        for value in info.scope.names.get("__init__", set()):
            if isinstance(value, OwnFunction):
                self._bind_call(value.number, node, arguments, keywords)
        for keyword, values in keywords.items():
            if keyword.arg is not None:
                self.program.set_attribute(keyword.arg, self._handed_on(values, node))
        for name, values in zip(info.scope.names, arguments, strict=False):
            self.program.set_attribute(name, self._handed_on(values, node))
        return self._instances(frozenset(info.bases)) | {OwnObject()}

    def _bind_call(self, number: int, node: ast.Call, arguments: list[Values], keywords: Keywords) -> None:
        """Parameters of a function of the consumer stand for what it is called with."""
        info = self.program.functions[number]
        parameters, rest = info.node.args, info.node.args.vararg
        ordered = [parameter.arg for parameter in (*parameters.posonlyargs, *parameters.args)]
        every = [*ordered, *(parameter.arg for parameter in parameters.kwonlyargs)]
        skipped = 1 if info.is_method and not _is_static(info.node) else 0
        for i, given in enumerate(arguments):
            values = self._handed_on(given, node)
            if isinstance(node.args[i], ast.Starred):
                targets = ordered[skipped:] + ([rest.arg] if rest else [])
            else:
                targets = ordered[i + skipped : i + skipped + 1] or ([rest.arg] if rest else [])
            for target in targets:
                self.program.bind(info.scope, target, values)
        for keyword, given in keywords.items():
            values = self._handed_on(given, node)
            several = [*every, *([parameters.kwarg.arg] if parameters.kwarg else [])]
            named = [keyword.arg] if keyword.arg in every else several[len(every) :]
            for target in several if keyword.arg is None else named:
                self.program.bind(info.scope, str(target), values)

    def _call_unread(
        self,
        callee: Value,
        name: str,
        node: ast.Call,
        arguments: list[Values],
        keywords: Keywords,
        given: Values,
    ) -> Values:
        """Code that is not read, or a method of an object that is not known: what it may be by its name, and worse."""
        if name in HARMLESS:
            return FOREIGN
        if name not in PASS_THROUGH:
            self._lose(given, node, name)
        returned: Values = NOTHING
        if not isinstance(callee, Foreign):
            methods = self.program.methods_called(name)
            returned = self._carried(frozenset().union(*(self.program.returned(method) for method in methods)))
            if tracked(given):
                self._bind_all(methods, node, arguments, keywords)
        back = self._out_of(self._carried(given) - UNKNOWN)
        if name in CONTAINERS and not isinstance(node.func, ast.Attribute):
            return back | CONTAINER
        if name in PASS_THROUGH and back:
            return back
        return back | returned | UNKNOWN

    def _bind_all(
        self, methods: Iterable[OwnFunction], node: ast.Call, arguments: list[Values], keywords: Keywords
    ) -> None:
        for method in methods:
            self._bind_call(method.number, node, arguments, keywords)

    def _lose(self, given: Values, node: ast.expr | ast.stmt, name: str) -> None:
        """What is given to code that is not read may be used there in any way."""
        for value in given:
            match value:
                case Client():
                    self.recorder.lost = True
                    if name in WHOLE_OBJECT:
                        self._all_of(value, node, f"{name}()")
                case ApiFunction() | ApiModule():
                    self._all_of(value, node, f"passed to {name or 'a call'}()")
                case Record() | SomeRecord() if name in WHOLE_OBJECT:
                    self._all_of(value, node, f"{name}()")
                case Container() if self.program.contents:
                    self._lose(frozenset(self.program.contents) - CONTAINER, node, name)
                case OwnFunction():
                    self._lose(_functions_in(self.program.returned(value)), node, name)
                case _:
                    pass

    def _handed_on(self, values: Values, node: ast.expr) -> Values:
        """What is left of values where they are not called by their names any more."""
        for value in values:
            if isinstance(value, OwnFunction):
                self._lose(_functions_in(self.program.returned(value)), node, "a function")
        return self._carried(values)

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

    # --- names as text ---

    def _access_by_text(self, node: ast.Call, name: str) -> Values:
        """`getattr(x, "full_name")` is an attribute, `getattr(x, name)` may be any."""
        values = [self._eval(argument) for argument in node.args]
        if len(values) < 2:
            return UNKNOWN
        owners, text = values[0], node.args[1]
        if isinstance(text, ast.Constant) and isinstance(text.value, str):
            if name == "setattr" and len(values) > 2:
                self.program.set_attribute(text.value, self._in_sight(values[2]))
            found = self._attribute(owners, text.value, text)
            return found | frozenset().union(*values[2:])
        why = f"{name}() with a name that is computed"
        for owner in owners:
            self._all_of(owner, node, why)
            if isinstance(owner, Unknown):
                self._use(Target(type=ANY_TYPE), node, why)
                if self.recorder.lost:
                    self._use(EVERYTHING, node, f"{why}, and the object may be the client")
        if name == "setattr" and len(values) > 2:
            self._lose(values[2], node, name)
        return self._anything_of(owners) | frozenset().union(*values[2:])

    def _anything_of(self, owners: Values) -> Values:
        found: set[Value] = {Unknown()}
        for owner in owners:
            match owner:
                case Client() | ClientClass():
                    found |= {ApiModule((name,), sure=False) for name in self.surface.root_modules}
                case ApiModule(path=path) | ModuleClass(path=path):
                    found |= {ApiFunction(function.path) for function in self.surface.below(path)}
                case Record() | SomeRecord():
                    found.add(owner)
                case _:
                    pass
        return frozenset(found)

    def _by_text(self, node: ast.Call, name: str) -> Values:
        """`import_module("crm.types")`, `attrgetter("contact.full_name")`."""
        found: set[Value] = set()
        for argument in node.args:
            if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                continue
            if name in TEXT_ACCESSORS:
                values: Values = UNKNOWN
                for part in argument.value.split("."):
                    values = self._attribute(values, part, argument)
                for value in values:
                    self._all_of(value, argument, f"{name}()")
            elif self._in_sdk(argument.value):
                found.add(SdkModule(argument.value[len(self.surface.package) + 1 :]))
        return frozenset(found)

    # --- types ---

    def _annotated(self, annotation: ast.expr) -> Values:
        """What a value of that annotation may be: `list[Contact]`, `"Client | None"`, `Annotated[Client, ...]`."""
        return self._instances(self._annotation_names(annotation)) or UNKNOWN

    def _annotation_names(self, annotation: ast.expr) -> Values:
        match annotation:
            case ast.Constant(value=str(text)):
                try:
                    quoted = ast.parse(text.strip(), mode="eval").body
                except SyntaxError:
                    return UNKNOWN
                for inner in ast.walk(quoted):
                    ast.copy_location(inner, annotation)
                return self._annotation_names(quoted)
            case ast.Constant():
                return NOTHING
            case ast.Subscript(value=generic, slice=inside):
                return self._annotation_names(generic) | self._annotation_names(inside)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                return frozenset().union(*map(self._annotation_names, parts))
            case ast.BinOp(left=left, right=right):
                return self._annotation_names(left) | self._annotation_names(right)
            case _:
                return self._eval(annotation)

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


def _short(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if len(text) <= TEXT_MAX else f"{text[: TEXT_MAX - 1]}…"


def _functions_in(values: Values) -> Values:
    return frozenset(value for value in values if isinstance(value, ApiFunction | ApiModule))


def _is_text(key: ast.expr | None) -> bool:
    return isinstance(key, ast.Constant) and isinstance(key.value, str)


def _keeps_its_result(decorators: Iterable[ast.expr]) -> bool:
    """Whether a function's result goes to its callers only: not to a framework, as that of a fixture does."""
    return all(_last_name(decorator) in DECORATORS for decorator in decorators)


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Call(func=func):
            return _last_name(func)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def _is_static(node: FunctionNode) -> bool:
    decorators = [] if isinstance(node, ast.Lambda) else node.decorator_list
    return any(isinstance(decorator, ast.Name) and decorator.id == "staticmethod" for decorator in decorators)
