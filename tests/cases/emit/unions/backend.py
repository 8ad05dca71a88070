"""Unions, tags and recursion."""

from typing import Annotated, Literal, Union

from pydantic import BaseModel, Field
from typing_extensions import TypeAliasType

from schemagen import JsonValue, QueryCtx, query


class Cat(BaseModel):
    kind: Literal["cat"] = "cat"
    lives: int = 9


class Dog(BaseModel):
    """Barks."""

    kind: Literal["dog", "puppy"]
    friends: list["Pet"] = []


Pet = Annotated[Union[Cat, Dog], Field(discriminator="kind")]
Tree = TypeAliasType("Tree", "str | list[Tree]")


class Node(BaseModel):
    """A tree by records."""

    name: str
    below: list["Node"] = []
    payload: "Payload | None" = None


class Payload(BaseModel):
    node: Node
    value: JsonValue


@query
async def pets(ctx: QueryCtx, *, pet: Pet) -> list[Pet]:
    return [pet]


@query
async def tree(ctx: QueryCtx, *, tree: Tree) -> Tree:
    return tree


@query
async def node(ctx: QueryCtx, *, node: Node) -> Node:
    return node


@query
async def kinds(ctx: QueryCtx, *, value: int | str | list[bool] | None) -> dict[str, int | str | list[bool] | None]:
    return {"value": value}
