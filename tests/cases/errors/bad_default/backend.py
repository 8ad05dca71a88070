from typing import Annotated, Literal

from pydantic import BaseModel, Field

from schemagen import AppError, QueryCtx, Table, query


class Page(BaseModel):
    size: Annotated[int, Field(le=100)] = 500


class Contact(Table, name="contacts"):
    stage: Literal["lead", "won"] = "typo"  # type: ignore
    labels: list[str] = [1]  # type: ignore


class Full(AppError):
    limit: int = "many"  # type: ignore


@query
async def find(ctx: QueryCtx, *, text: str = None, page: Page = Page()) -> None: ...  # type: ignore
