"""What a client was made with, and the small things both clients do alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from .calls import Calls, Options
    from .errors import AppError

Token: TypeAlias = "str | Callable[[], str | None] | Callable[[], Awaitable[str | None]] | None"


class ClientInfo:
    """What a program says it is; "" for what it does not say. Raises `ValueError` for what nobody could read."""

    def __init__(self, name: str, version: str) -> None:
        for what, given in (("client", name), ("version", version)):
            if len(given) > 100 or not (given.isprintable() or given == ""):
                raise ValueError(f"{what} has at most 100 characters, all of them printable; got {given!r}")
        self.name = name
        self.version = version

    @property
    def header(self) -> str:
        from urllib.parse import quote

        return f"python/{quote(self.name, safe='')}/{quote(self.version, safe='')}"

    def to_json(self) -> dict[str, str]:
        return {"language": "python", "name": self.name, "version": self.version}


class Settings:
    """Made by hand, not by `dataclass`: that imports `inspect`, which takes as long as all of this package."""

    def __init__(
        self,
        url: str,
        token: Token,
        timeout_s: float,
        retries: int,
        contract: str,
        errors_module: str,
        client: ClientInfo,
    ) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"the address of the server begins with http:// or https://, got {url!r}")
        self.url = url
        self.token = token
        self.timeout_s = timeout_s
        self.retries = retries
        self.contract = contract
        self.errors_module = errors_module
        self.client = client
        self.cached: list[str | None] = []
        """The token a function gave, until the server refuses it; shared by all clients made from one."""

    def changed(self, timeout_s: float | None, retries: int | None) -> Settings:
        """The same with other options, where they are not None."""
        twin = Settings(
            self.url, self.token, self.timeout_s, self.retries, self.contract, self.errors_module, self.client
        )
        twin.timeout_s = self.timeout_s if timeout_s is None else timeout_s
        twin.retries = self.retries if retries is None else retries
        twin.cached = self.cached
        return twin

    def options(self) -> Options:
        from .calls import Options

        return Options(self.timeout_s, self.retries)

    def calls(self) -> Calls:
        from .calls import Calls
        from .contract_state import Fit

        by_code: Mapping[str, type[AppError]] = import_module(self.errors_module).BY_CODE if self.errors_module else {}
        fit = Fit(self.contract)
        return Calls(self.url, self.contract, by_code, self.options(), client=self.client.header, fit=fit)

    def token_now(self, *, renew: bool) -> str | None:
        if not callable(self.token):
            return self.token
        if renew or not self.cached:
            given = self.token()
            if not (given is None or isinstance(given, str)):
                raise TypeError(
                    "token() gave an awaitable: use AsyncClient, or a function that returns the token itself"
                )
            self.cached[:] = [given]
        return self.cached[0]

    async def token_soon(self, *, renew: bool) -> str | None:
        """As `token_now`, for a function that may also be async."""
        if not callable(self.token):
            return self.token
        if renew or not self.cached:
            given = self.token()
            self.cached[:] = [given if given is None or isinstance(given, str) else await given]
        return self.cached[0]


def next_page(bound: Any, arguments: Mapping[str, Any], cursor: str) -> dict[str, Any]:
    """The arguments that ask for the page after this one. Raises TypeError for a function that gives no pages."""
    name = getattr(getattr(bound, "function", None), "page", None)
    if name is None:
        raise TypeError(f"{bound!r} gives no pages: it has no argument that says which page")
    request = arguments.get(name)
    if request is None:
        from .shapes import annotations_of

        request = annotations_of(bound.function.declaration)[name]()
    return {**arguments, name: request.model_copy(update={"cursor": cursor})}
