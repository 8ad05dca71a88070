"""How a function of the backend is declared in an SDK, once for all ways to call it.

A module class is generic in its mode: `Contacts[Sync]` calls and waits, `Contacts[Async]` gives an awaitable,
`Contacts[Watch]` and `Contacts[AsyncWatch]` give live results. The declarations carry signature and docstring; what a
call does is decided by the module's client.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, Final, Generic, ParamSpec, Protocol, TypeVar, overload

if TYPE_CHECKING:
    from inspect import Signature

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
M = TypeVar("M")


class _Omit:
    def __repr__(self) -> str:
        return "OMIT"


OMIT: Final[Any] = _Omit()
"""An argument that is left out, so that the backend's default holds."""


class Sync:
    """Calls return the result."""


class Async:
    """Calls return an awaitable."""


class Watch:
    """Calls return a `Live` result."""


class AsyncWatch:
    """Calls return an `AsyncLive` result."""


class Live(Protocol[R_co]):
    """A live result: iterating yields it now, and again whenever it changes. Leaving the loop stops watching."""

    def __iter__(self) -> Iterator[R_co]: ...


class AsyncLive(Protocol[R_co]):
    """A live result for `async for`: yields it now, and again whenever it changes. Leaving the loop stops watching."""

    def __aiter__(self) -> AsyncIterator[R_co]: ...


class Caller(Protocol):
    """What a module hands its calls to: a client, or its live half."""

    def call(self, function: Function[Any, Any], arguments: dict[str, Any]) -> Any: ...


class Module(Generic[M]):
    """The functions of one module of the backend, and the modules below it."""

    _modules: ClassVar[dict[str, str]] = {}
    """Attribute → `python.module:Class` of the modules below, loaded at first use."""

    def __init__(self, caller: Caller) -> None:
        self._caller: Caller = caller

    if not TYPE_CHECKING:  # type checkers see the annotations of the generated classes

        def __getattr__(self, name: str) -> Any:
            target = type(self)._modules.get(name)
            if target is None:
                gone = getattr(type(self), name, None)
                nothing = f"{type(self).__name__} has no function or module {name!r}"
                raise AttributeError(str(gone) if isinstance(gone, RenamedTo) else nothing)
            module, _, cls = target.partition(":")
            found = getattr(import_module(module), cls)(self._caller)
            setattr(self, name, found)
            return found

        def __dir__(self) -> list[str]:
            return sorted({*super().__dir__(), *type(self)._modules})


class Function(Generic[P, R]):
    """One function of the backend; reading it from a module gives what can be called."""

    def __init__(
        self,
        kind: str,
        path: str,
        declaration: Callable[..., Any],
        page: str | None = None,
        wire_names: Mapping[str, str] | None = None,
    ) -> None:
        self.kind = kind
        self.path = path
        self.declaration = declaration
        self.page = page
        """The argument that says which page, if the result is one."""
        self.wire_names = wire_names or {}
        """Names of arguments on the wire, where the rule does not give them."""
        self.__doc__ = declaration.__doc__
        self.__name__ = declaration.__name__

    def __call__(self, module: Module[Any], /, *args: P.args, **kwargs: P.kwargs) -> R:
        result: R = module._caller.call(self, kwargs)  # pyright: ignore[reportPrivateUsage]
        return result


class Bound:
    """A function of one client, ready to be called with keyword arguments."""

    def __init__(self, function: Function[Any, Any], caller: Caller) -> None:
        self.function = function
        self._caller = caller
        self.__doc__ = function.__doc__
        self.__name__ = function.__name__

    def __call__(self, **arguments: Any) -> Any:
        return self._caller.call(self.function, arguments)

    @property
    def __signature__(self) -> Signature:
        import inspect

        whole = inspect.signature(self.function.declaration)
        return whole.replace(parameters=list(whole.parameters.values())[1:])

    def __repr__(self) -> str:
        return f"<{self.function.kind} {self.function.path}>"


class Query(Function[P, R]):
    """A query: it can be called and watched."""

    @overload
    def __get__(self, module: None, owner: Any) -> Query[P, R]: ...
    @overload
    def __get__(self, module: Module[Sync], owner: Any) -> Callable[P, R]: ...
    @overload
    def __get__(self, module: Module[Async], owner: Any) -> Callable[P, Awaitable[R]]: ...
    @overload
    def __get__(self, module: Module[Watch], owner: Any) -> Callable[P, Live[R]]: ...
    @overload
    def __get__(self, module: Module[AsyncWatch], owner: Any) -> Callable[P, AsyncLive[R]]: ...
    def __get__(self, module: Module[Any] | None, owner: Any) -> Any:
        return self if module is None else Bound(self, module._caller)  # pyright: ignore[reportPrivateUsage]


class Effect(Function[P, R]):
    """A mutation or an action: it can be called, not watched."""

    @overload
    def __get__(self, module: None, owner: Any) -> Effect[P, R]: ...
    @overload
    def __get__(self, module: Module[Sync], owner: Any) -> Callable[P, R]: ...
    @overload
    def __get__(self, module: Module[Async], owner: Any) -> Callable[P, Awaitable[R]]: ...
    def __get__(self, module: Module[Any] | None, owner: Any) -> Any:
        return self if module is None else Bound(self, module._caller)  # pyright: ignore[reportPrivateUsage]


def query(
    path: str, *, page: str | None = None, wire_names: Mapping[str, str] | None = None
) -> Callable[[Callable[Concatenate[Any, P], R]], Query[P, R]]:
    """Declare a query; `page` is the argument that says which page, if the result is one."""
    return lambda declaration: Query("query", path, declaration, page, wire_names)


def mutation(
    path: str, *, wire_names: Mapping[str, str] | None = None
) -> Callable[[Callable[Concatenate[Any, P], R]], Effect[P, R]]:
    """Declare a mutation."""
    return lambda declaration: Effect("mutation", path, declaration, None, wire_names)


def action(
    path: str, *, wire_names: Mapping[str, str] | None = None
) -> Callable[[Callable[Concatenate[Any, P], R]], Effect[P, R]]:
    """Declare an action."""
    return lambda declaration: Effect("action", path, declaration, None, wire_names)


N = TypeVar("N", bound=str)


class RenamedTo(Generic[N]):
    """Stands where something was renamed: to type checkers it cannot be called, at run time it says where it went."""

    def __init__(self, now: N) -> None:
        self._now = now
        self._former = ""

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self._former = f"{owner.__name__}.{name}"

    def __str__(self) -> str:
        return f"{self._former} was renamed to {self._now}"

    if not TYPE_CHECKING:  # to type checkers reading it gives the object itself: its name shows in their errors

        def __get__(self, module: Any, owner: Any) -> Any:
            if module is None:
                return self
            raise AttributeError(str(self))


class PageOf(Protocol[R_co]):
    """A page of a longer result."""

    @property
    def items(self) -> Iterable[R_co]: ...

    @property
    def next_cursor(self) -> str | None: ...
