from schemagen import QueryCtx, query


@query
async def unfinished(ctx: QueryCtx) -> list[str]:
    return [unfinished for unfinished in ("a", "b")]


def outer(unfinished: list[str]) -> list[str]:
    def inner() -> list[str]:
        return unfinished

    return inner()


class Report:
    unfinished = 0

    def total(self) -> int:
        return self.unfinished


@query
async def both(ctx: QueryCtx) -> int:
    def later() -> object:
        return unfinished(ctx)

    match await unfinished(ctx):
        case [str() as unfinished_]:
            return len(unfinished_)
        case _:
            return Report(unfinished=2).total() if later() else 0  # type: ignore[call-arg]
