"""The page a browser gets at `/`."""

from __future__ import annotations

from schemagen.model.contract import Contract, Field, Function, FunctionKind
from schemagen.model.types import LiteralType, NullType, RefType, UnionType
from schemagen.serve.page import index_page


def function(path: str, **given: str) -> Function:
    stage = Field("stage", "stage", LiteralType(("lead", "won")), required=False, default="lead")
    returns = UnionType((RefType("Contact"), NullType()))
    return Function(path, path.partition(".")[0], "f", FunctionKind.QUERY, (stage,), returns, **given)  # type: ignore[arg-type]


def page(*functions: Function) -> str:
    return index_page(Contract((), (), functions, ()), "0123abcd")


def test_every_function_is_listed_with_its_signature_below_its_module() -> None:
    text = page(function("deals.move"), function("contacts.get", doc="One contact.\n\nMore."))
    assert text.index('id="contacts"') < text.index("contacts.get(") < text.index('id="deals"') < text.index("deals.m")
    assert "contacts.get(stage?: &quot;lead&quot; | &quot;won&quot;) → Contact | null" in text
    assert "<p>One contact.</p>" in text


def test_text_of_the_backend_cannot_leave_its_place() -> None:
    assert "<script>" not in page(function("a.b", doc="</p><script>alert(1)</script>", deprecated="<script>"))
