from pydantic import BaseModel, ConfigDict, Field, computed_field, field_serializer

from schemagen import QueryCtx, query


class Account(BaseModel):
    model_config = ConfigDict(extra="allow")

    first_name: str
    last_name: str = Field(validation_alias="surname")
    password: str = Field(exclude=True)

    @computed_field
    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @field_serializer("first_name")
    def shout(self, value: str) -> str:
        return value.upper()


@query
async def account(ctx: QueryCtx) -> Account: ...
