"""The defaults of fields and arguments, as they look on the wire."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from schemagen.introspect.diagnostics import Diagnostic
from schemagen.introspect.named import REFUSED
from schemagen.introspect.records import RawField
from schemagen.introspect.rules import types as rules
from schemagen.model.contract import Field
from schemagen.wire.codec import Codec
from schemagen.wire.issue import WireError


def with_defaults(
    fields: tuple[Field, ...], raws: Iterable[RawField], codec: Codec, diagnostics: list[Diagnostic]
) -> tuple[Field, ...]:
    """The fields with their defaults encoded. A default that its own type refuses is a mistake."""
    by_name = {raw.name: raw for raw in raws}
    return tuple(
        _with_default(field, by_name[field.name], codec, diagnostics) if field.name in by_name else field
        for field in fields
    )


def _with_default(field: Field, raw: RawField, codec: Codec, diagnostics: list[Diagnostic]) -> Field:
    if field.type is REFUSED:
        return field
    try:
        return replace(field, default=codec.encoder(field.type)(raw.default))
    except WireError as error:
        if isinstance(raw.default, datetime) and raw.default.tzinfo is None:
            mistake = rules.naive_default(raw.spot, raw.default)
        else:
            mistake = rules.bad_default(raw.spot, raw.default, str(error.issues[0]))
    except Exception as error:  # the default is the author's own object, which may do anything when it is looked at
        mistake = rules.bad_default(raw.spot, raw.default, f"{type(error).__name__}: {error}")
    if mistake not in diagnostics:
        diagnostics.append(mistake)
    return field
