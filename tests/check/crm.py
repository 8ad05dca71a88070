"""A small contract that the tests of this folder read consumers against, and uses as one line each."""

from __future__ import annotations

from schemagen.check.usage import Usage, Use
from schemagen.model.contract import (
    AliasType,
    Contract,
    ErrorType,
    Field,
    Function,
    FunctionKind,
    ObjectType,
    Table,
)
from schemagen.model.naming import camel_case, function_path
from schemagen.model.types import (
    ArrayType,
    BytesType,
    DateTimeType,
    IdType,
    IntType,
    LiteralType,
    NullType,
    RefType,
    StringType,
    Type,
    UnionType,
)

TEXT = StringType()
STAGE = LiteralType(("lead", "won"))


def arg(name: str, t: Type, *, required: bool = True) -> Field:
    return Field(name, camel_case(name), t, required)


def option(name: str, t: Type) -> Field:
    return Field(name, camel_case(name), UnionType((t, NullType())), required=False, default=None)


def function(
    python_path: str, returns: Type, *args: Field, kind: str = "query", raises: tuple[str, ...] = ()
) -> Function:
    module, _, name = python_path.rpartition(".")
    return Function(function_path(module, name), module, name, FunctionKind(kind), args, returns, raises)


PAGE = Field("page", "page", RefType("PageRequest"), required=False, default={"cursor": None, "size": 50})
CRM = Contract(
    tables=(Table("contacts", "Contact"),),
    types=(
        ObjectType(
            "Address", (arg("street", TEXT), arg("city", TEXT), arg("location", RefType("Point"), required=False))
        ),
        ObjectType("CallLogged", (arg("kind", LiteralType(("call",))), arg("seconds", IntType()))),
        ObjectType(
            "Contact",
            (
                arg("id", IdType("contacts"), required=False),
                arg("creation_time", DateTimeType(), required=False),
                arg("full_name", TEXT),
                arg("stage", STAGE),
                option("address", RefType("Address")),
                option("referred_by", RefType("Contact")),
            ),
            table="contacts",
        ),
        ObjectType("ContactPage", (arg("items", ArrayType(RefType("Contact"))), arg("next_cursor", TEXT))),
        AliasType("Event", UnionType((RefType("CallLogged"), RefType("NoteAdded")), "kind")),
        ObjectType("File", (arg("name", TEXT), arg("content", BytesType()))),
        ObjectType("NoteAdded", (arg("kind", LiteralType(("note",))), arg("text", TEXT))),
        ObjectType("PageRequest", (option("cursor", TEXT), arg("size", IntType(), required=False))),
        ObjectType("Point", (arg("x", IntType()), arg("y", IntType()))),
    ),
    functions=(
        function("billing.invoices.pay", NullType(), arg("number", TEXT), kind="action"),
        function(
            "contacts.create",
            IdType("contacts"),
            arg("full_name", TEXT),
            option("email", TEXT),
            option("address", RefType("Address")),
            kind="mutation",
            raises=("quota_exceeded",),
        ),
        function("contacts.events", ArrayType(RefType("Event")), arg("contact_id", IdType("contacts"))),
        function("contacts.files", ArrayType(RefType("File"))),
        function("contacts.get", RefType("Contact"), arg("contact_id", IdType("contacts"))),
        function("contacts.list", RefType("ContactPage"), option("stage", STAGE), PAGE),
        function("ping", TEXT),
        function("tags.list", ArrayType(TEXT)),
    ),
    errors=(
        ErrorType("forbidden", "Forbidden", (arg("permission", TEXT),)),
        ErrorType("quota_exceeded", "QuotaExceeded", (arg("limit", IntType()),)),
    ),
)


def words(use: Use) -> str:
    """`contacts.list(stage)`, `type Contact`, `Contact.fullName`, `contacts.list(*): all, as **options`."""
    target = use.target
    if target.function:
        said = f"{target.function}({target.argument})" if target.argument else target.function
    elif target.type:
        said = f"{target.type}.{target.field}" if target.field else f"type {target.type}"
    else:
        said = "everything"
    return f"{said}: all, as {use.why_all}" if use.why_all else said


def described(usage: Usage) -> set[str]:
    return {words(use) for use in usage.uses}
