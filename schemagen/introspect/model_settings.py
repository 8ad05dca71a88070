"""Settings of pydantic models that would be without effect on the wire: refused, so that nobody relies on them."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from schemagen.introspect.diagnostics import Diagnostic, Place
from schemagen.introspect.rules import types as rules
from schemagen.introspect.source import SourceIndex


def model_mistakes(cls: type[BaseModel], described: str, sources: SourceIndex) -> Iterator[Diagnostic]:
    decorators = cls.__pydantic_decorators__
    for name in decorators.computed_fields:
        yield rules.unsupported_model(
            _method_place(cls, name, sources),
            f'the computed field "{name}" of {described} would not be sent',
            "make it a plain field, and fill it in where the model is made",
        )
    for name in (*decorators.field_serializers, *decorators.model_serializers):
        yield rules.unsupported_model(
            _method_place(cls, name, sources),
            f'the serializer "{name}" of {described} would not be called',
            "give the field the type that should be sent, and convert where the model is made",
        )
    if cls.model_config.get("extra") == "allow":
        yield rules.unsupported_model(
            sources.class_place(cls),
            f"the extra fields of {described} would not be sent, and are refused where it is an argument",
            "declare a field for them, extra: dict[str, JsonValue] = {}",
        )
    for name, info in cls.__pydantic_fields__.items():
        at = sources.of_field(cls, name)
        place = at[0].source.place(at[1]) if at else sources.class_place(cls)
        if info.exclude:
            yield rules.unsupported_model(
                place,
                f'field "{name}" of {described} would be sent in spite of exclude=True',
                "return a model without that field",
            )
        if not info.alias and (info.validation_alias or info.serialization_alias):
            yield rules.unsupported_model(
                place,
                f'field "{name}" of {described} has an alias for one direction only',
                "use alias=..., which holds for both",
            )


def _method_place(cls: type, name: str, sources: SourceIndex) -> Place | None:
    for base in cls.__mro__:
        found = sources.of_class(base)
        if found is not None and name in found.methods:
            return found.source.place(found.methods[name])
    return sources.class_place(cls)
