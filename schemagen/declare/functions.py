"""`@query`, `@mutation`, `@action`: what clients, and other functions through `ctx`, may call."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, overload

from schemagen.declare.context import ActionCtx, Ctx, MutationCtx, QueryCtx
from schemagen.declare.errors import AppError
from schemagen.declare.renames import FormerNames, former_names

P = ParamSpec("P")
R = TypeVar("R")
C = TypeVar("C", bound=Ctx)


class Declared(Generic[C, P, R]):
    """A declared function. Calling it runs its handler as a plain helper, inside the caller's own `ctx`."""

    def __init__(
        self,
        handler: Callable[Concatenate[C, P], Coroutine[Any, Any, R]],
        *,
        internal: bool = False,
        raises: Sequence[type[AppError]] = (),
        deprecated: str | None = None,
        renamed_from: FormerNames | None = None,
    ) -> None:
        self.handler = handler
        self.internal = internal
        self.raises = tuple(raises)
        self.deprecated = deprecated
        self.former_names = former_names(renamed_from)
        self.__name__ = handler.__name__
        self.__qualname__ = handler.__qualname__
        self.__module__ = handler.__module__
        self.__doc__ = handler.__doc__
        self.__wrapped__ = handler

    def __call__(self, ctx: C, *args: P.args, **kwargs: P.kwargs) -> Coroutine[Any, Any, R]:
        return self.handler(ctx, *args, **kwargs)

    def __repr__(self) -> str:
        return f"<{type(self).__name__.lower()} {self.__module__}.{self.__qualname__}>"


class Query(Declared[QueryCtx, P, R]):
    """A read-only function; clients may watch its result."""


class Mutation(Declared[MutationCtx, P, R]):
    """A serializable transaction."""


class Action(Declared[ActionCtx, P, R]):
    """A function that may do anything, and reaches the database only through queries and mutations."""


@overload
def query(handler: Callable[Concatenate[QueryCtx, P], Coroutine[Any, Any, R]], /) -> Query[P, R]: ...
@overload
def query(
    *,
    internal: bool = ...,
    raises: Sequence[type[AppError]] = ...,
    deprecated: str | None = ...,
    renamed_from: FormerNames | None = ...,
) -> Callable[[Callable[Concatenate[QueryCtx, P], Coroutine[Any, Any, R]]], Query[P, R]]: ...
def query(handler: Any = None, /, **options: Any) -> Any:
    """Declare a query: `async def f(ctx: QueryCtx, *, stage: Stage) -> list[Contact]`.

    `internal=True` keeps it out of every SDK, `raises=[...]` names the errors clients can catch, `deprecated="use g"`
    strikes it through in their editors. `renamed_from="contacts.all"` leaves a signpost at the path it had before, and
    deployed clients may go on calling it by that.
    """
    return Query(handler) if handler is not None else lambda given: Query(given, **options)


@overload
def mutation(handler: Callable[Concatenate[MutationCtx, P], Coroutine[Any, Any, R]], /) -> Mutation[P, R]: ...
@overload
def mutation(
    *,
    internal: bool = ...,
    raises: Sequence[type[AppError]] = ...,
    deprecated: str | None = ...,
    renamed_from: FormerNames | None = ...,
) -> Callable[[Callable[Concatenate[MutationCtx, P], Coroutine[Any, Any, R]]], Mutation[P, R]]: ...
def mutation(handler: Any = None, /, **options: Any) -> Any:
    """Declare a mutation: `async def f(ctx: MutationCtx, *, full_name: str) -> Id[Contact]`. Options as for `query`."""
    return Mutation(handler) if handler is not None else lambda given: Mutation(given, **options)


@overload
def action(handler: Callable[Concatenate[ActionCtx, P], Coroutine[Any, Any, R]], /) -> Action[P, R]: ...
@overload
def action(
    *,
    internal: bool = ...,
    raises: Sequence[type[AppError]] = ...,
    deprecated: str | None = ...,
    renamed_from: FormerNames | None = ...,
) -> Callable[[Callable[Concatenate[ActionCtx, P], Coroutine[Any, Any, R]]], Action[P, R]]: ...
def action(handler: Any = None, /, **options: Any) -> Any:
    """Declare an action: `async def f(ctx: ActionCtx, *, url: str) -> None`. Options as for `query`."""
    return Action(handler) if handler is not None else lambda given: Action(given, **options)
