"""What a call may give, and the arguments that it passes."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TypeAlias, assert_never

from schemagen.check.changes import Target
from schemagen.check.python_attributes import Attributes
from schemagen.check.python_program import FunctionNode
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
    ACCESS_BY_TEXT,
    CONTAINERS,
    HARMLESS,
    INTO_CONTAINERS,
    PASS_THROUGH,
    TEXT_ACCESSORS,
    TEXT_MAX,
    WHOLE_OBJECT,
)
from schemagen.check.usage import ANY_ARGUMENT, ANY_TYPE, EVERYTHING
from schemagen.model.contract import Function
from schemagen.model.naming import public_name

Keywords: TypeAlias = dict[ast.keyword, Values]


class Calls(Attributes):
    """Calls of functions of the SDK, of the consumer, and of code that is not read."""

    def _eval(self, node: ast.expr) -> Values:
        """What an expression may stand for; takes down what it uses."""
        raise NotImplementedError

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


def _short(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if len(text) <= TEXT_MAX else f"{text[: TEXT_MAX - 1]}…"


def _functions_in(values: Values) -> Values:
    return frozenset(value for value in values if isinstance(value, ApiFunction | ApiModule))


def _is_text(key: ast.expr | None) -> bool:
    return isinstance(key, ast.Constant) and isinstance(key.value, str)


def _is_static(node: FunctionNode) -> bool:
    decorators = [] if isinstance(node, ast.Lambda) else node.decorator_list
    return any(isinstance(decorator, ast.Name) and decorator.id == "staticmethod" for decorator in decorators)
