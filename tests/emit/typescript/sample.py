"""A contract written by hand, with something of everything."""

from __future__ import annotations

from schemagen.model.contract import (
    MISSING,
    AliasType,
    Contract,
    EnumMember,
    EnumType,
    ErrorType,
    Field,
    Function,
    FunctionKind,
    Json,
    Missing,
    ObjectType,
    Origin,
    Table,
)
from schemagen.model.naming import camel_case, function_path, public_name
from schemagen.model.types import (
    AnyType,
    ArrayType,
    BoolType,
    BytesType,
    DateTimeType,
    DateType,
    DecimalType,
    FloatType,
    IdType,
    Int64Type,
    IntType,
    JsonType,
    LiteralType,
    MapType,
    NullType,
    RefType,
    SetType,
    StringType,
    TimedeltaType,
    TimeType,
    TupleType,
    Type,
    UnionType,
    UuidType,
)

NULL = NullType()
TEXT = StringType()


def optional(t: Type) -> Type:
    return UnionType((t, NULL))


def field(
    name: str,
    t: Type,
    *,
    required: bool = True,
    default: Json | Missing = MISSING,
    doc: str = "",
    deprecated: str | None = None,
    at: Origin | None = None,
) -> Field:
    return Field(name, camel_case(name), t, required and default is MISSING, default, doc, deprecated, at)


def document(name: str, table: str, *fields: Field, doc: str = "", at: Origin | None = None) -> ObjectType:
    given = (
        Field("id", "id", IdType(table), required=False),
        Field("creation_time", "creationTime", DateTimeType(), required=False),
    )
    return ObjectType(name, (*given, *fields), table, doc, origin=at)


def function(
    module: str,
    name: str,
    kind: str,
    returns: Type,
    *args: Field,
    doc: str = "",
    raises: tuple[str, ...] = (),
    deprecated: str | None = None,
    at: Origin | None = None,
    internal: bool = False,
) -> Function:
    path = function_path(module, name)
    return Function(
        path, module, public_name(name), FunctionKind(kind), args, returns, raises, internal, doc, deprecated, at
    )


def contract(*parts: ObjectType | EnumType | AliasType | Function | ErrorType) -> Contract:
    """The contract of these parts, in canonical order; a table for every document."""
    types = [part for part in parts if isinstance(part, ObjectType | EnumType | AliasType)]
    tables = [Table(t.table, t.name) for t in types if isinstance(t, ObjectType) and t.table is not None]
    return Contract(
        tuple(sorted(tables, key=lambda t: t.name)),
        tuple(sorted(types, key=lambda t: t.name)),
        tuple(sorted((part for part in parts if isinstance(part, Function)), key=lambda f: f.path)),
        tuple(sorted((part for part in parts if isinstance(part, ErrorType)), key=lambda e: e.code)),
    )


CRM = contract(
    AliasType("Stage", LiteralType(("lead", "qualified", "won", "lost")), doc="Where a contact stands."),
    EnumType("Color", (EnumMember("RED", "red"), EnumMember("BLUE", "blue")), open=True),
    document(
        "Contact",
        "contacts",
        field("company_id", IdType("companies")),
        field("full_name", StringType(min_length=1, max_length=120), at=Origin("backend/schema.py", 12, 5)),
        field("stage", RefType("Stage"), default="lead", at=Origin("backend/schema.py", 13, 5)),
        field("next_task_due_at", optional(DateTimeType()), default=None),
        doc="A person a company tracks.",
        at=Origin("backend/schema.py", 9, 7),
    ),
    document("Company", "companies", field("name", TEXT), at=Origin("backend/schema.py", 5, 7)),
    ObjectType(
        "ContactPage",
        (field("items", ArrayType(RefType("Contact"))), field("next_cursor", optional(TEXT))),
        doc="One page of a result.",
    ),
    ObjectType(
        "PageRequest",
        (
            field("cursor", optional(TEXT), default=None),
            field("size", IntType(ge=1, le=1000), default=50, doc="How many."),
        ),
    ),
    ObjectType(
        "Invoice",
        (
            field("number", TEXT),
            field("total", Int64Type()),
            field("scan", optional(BytesType()), default=None),
            field("lines", ArrayType(RefType("InvoiceLine"))),
        ),
    ),
    ObjectType(
        "InvoiceLine",
        (
            field("price", DecimalType(max_digits=12, decimal_places=2)),
            field("weight", FloatType(non_finite=True)),
            field("parts", ArrayType(RefType("InvoiceLine")), required=False),
        ),
    ),
    ObjectType("Card", (field("kind", LiteralType(("card",))), field("digits", TEXT))),
    ObjectType("Transfer", (field("kind", LiteralType(("transfer",))), field("amount", Int64Type()))),
    AliasType("Payment", UnionType((RefType("Card"), RefType("Transfer")), "kind")),
    ErrorType(
        "quota_exceeded",
        "QuotaExceeded",
        (field("limit", IntType()), field("used_bytes", Int64Type())),
        doc="The limit of {limit} contacts is reached.",
        origin=Origin("backend/errors.py", 3, 7),
    ),
    ErrorType("document_not_found", "DocumentNotFound", (field("id", TEXT),), doc="There is no document {id}."),
    function(
        "contacts",
        "list_",
        "query",
        RefType("ContactPage"),
        field("stage", optional(RefType("Stage")), default=None),
        field("page", RefType("PageRequest"), required=False),
        doc="The contacts of the caller's company.",
        at=Origin("backend/contacts.py", 12, 11),
    ),
    function(
        "contacts",
        "get",
        "query",
        optional(RefType("Contact")),
        field("contact_id", IdType("contacts"), at=Origin("backend/contacts.py", 20, 32)),
        at=Origin("backend/contacts.py", 20, 11),
    ),
    function(
        "contacts",
        "create",
        "mutation",
        IdType("contacts"),
        field("full_name", StringType(min_length=1)),
        field("tags", SetType(TEXT), required=False),
        doc="Create a contact.\n\nIt starts as a lead.",
        raises=("quota_exceeded",),
        at=Origin("backend/contacts.py", 30, 11),
    ),
    function("contacts", "count", "query", IntType(), deprecated="use list", at=Origin("backend/contacts.py", 40, 11)),
    function("billing.invoices", "save", "mutation", RefType("Invoice"), field("invoice", RefType("Invoice"))),
    function("billing.invoices", "pay", "action", NULL, field("payment", RefType("Payment"))),
    function("billing", "total", "query", Int64Type()),
    function(
        "everything",
        "echo",
        "query",
        TupleType((BoolType(), TimeType(), DateType(), TimedeltaType(), UuidType(), JsonType(), AnyType())),
        field("amounts", MapType(IdType("companies"), Int64Type())),
        field("either", UnionType((ArrayType(IntType()), BytesType(), BoolType(), NULL))),
        field("choice", LiteralType((1, 2, None), open=True)),
        field("pair", TupleType((IntType(), BytesType()))),
        field("color", RefType("Color")),
    ),
    function("", "ping", "query", LiteralType(("pong",))),
    function("secret", "hidden", "query", TEXT, internal=True),
)
