"""The fields of pydantic models, dataclasses, TypedDicts and errors, as one kind of value."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from inspect import cleandoc
from typing import Annotated, Any, Final, get_args, get_origin

import typing_extensions
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from schemagen.declare.reference import reference_in
from schemagen.declare.renames import RenamedFrom
from schemagen.introspect.metadata import NOTHING, Extras
from schemagen.introspect.scope import evaluated, own_annotations, scope_of_class
from schemagen.introspect.source import SourceIndex, lineage
from schemagen.introspect.spot import Spot
from schemagen.model.contract import MISSING
from schemagen.model.naming import camel_case

_REQUIREDNESS: Final = {typing_extensions.Required: True, typing_extensions.NotRequired: False}


@dataclass(frozen=True, slots=True)
class RawField:
    """A field as it is declared; its type is not looked at yet."""

    name: str
    wire_name: str
    annotation: Any
    extras: Extras
    required: bool
    default: Any  # the Python value, MISSING without one and where it is made afresh each time
    doc: str
    deprecated: str | None
    spot: Spot
    owner: type | None = None  # the class that declares it, where that matters: for type variables
    may_be_absent: bool = False  # also in a value that exists: a key of a TypedDict
    refers: bool = False  # declared with ref(), which only fields of tables may be
    renamed_from: tuple[str, ...] = ()


def model_fields(cls: type[BaseModel], sources: SourceIndex) -> Iterator[RawField]:
    described = _class_name(cls)
    scope = scope_of_class(cls)
    for name, info in cls.__pydantic_fields__.items():
        spot = field_spot(cls, name, described, scope, sources)
        # pydantic has not seen into an annotation that named a class further down.
        annotation = evaluated(info.annotation, scope)
        inside = _field_infos(annotation)
        with_default = next((i for i in (info, *inside) if not i.is_required()), info)
        yield described_field(
            name, annotation, spot, _default(with_default), info,
            doc=field_doc(cls, name, sources), required=with_default.is_required(),
        )  # fmt: skip


def dataclass_fields(cls: type, sources: SourceIndex) -> Iterator[RawField]:
    """Also those of pydantic's dataclasses, and of errors."""
    described = _class_name(cls)
    owners = {name: base for base in reversed(cls.__mro__) for name in own_annotations(base)}
    for field in dataclasses.fields(cls):
        if not field.init:
            continue
        owner = owners.get(field.name, cls)
        spot = field_spot(cls, field.name, described, scope_of_class(owner), sources)
        given: Any = MISSING if field.default is dataclasses.MISSING else field.default
        info = given if isinstance(given, FieldInfo) else FieldInfo()
        made_afresh = field.default_factory is not dataclasses.MISSING or info.default_factory is not None
        default = _default(info) if given is info else given
        yield described_field(
            field.name, own_annotations(owner).get(field.name, field.type), spot, default, info,
            made_afresh=made_afresh, doc=field_doc(cls, field.name, sources), owner=owner,
        )  # fmt: skip


def typed_dict_fields(cls: type, sources: SourceIndex) -> Iterator[RawField]:
    described = _class_name(cls)
    required_keys: frozenset[str] = getattr(cls, "__required_keys__", frozenset())
    owners = {name: base for base in reversed(list(lineage(cls))) for name in own_annotations(base)}
    for name, annotation in own_annotations(cls).items():
        owner = owners.get(name, cls)
        spot = field_spot(cls, name, described, scope_of_class(owner), sources)
        annotation, required = _requiredness(evaluated(annotation, spot.scope), spot.scope)
        required = name in required_keys if required is None else required
        doc = field_doc(cls, name, sources)
        raw = described_field(name, annotation, spot, MISSING, FieldInfo(), doc=doc, required=required, owner=owner)
        yield dataclasses.replace(raw, may_be_absent=not required)


def described_field(
    name: str,
    annotation: Any,
    spot: Spot,
    default: Any,
    info: FieldInfo,
    *,
    made_afresh: bool = False,
    doc: str = "",
    required: bool | None = None,
    owner: type | None = None,
) -> RawField:
    """A field, or an argument, whose `Field(...)` may stand in its annotation or (`info`) in place of its default."""
    annotation = evaluated(annotation, spot.scope)
    infos = [info, *_field_infos(annotation)]
    description = next((i.description for i in infos if i.description), None)
    return RawField(
        name=name,
        wire_name=next((_wire_name(name, i) for i in infos if i.alias), camel_case(name)),
        annotation=annotation,
        extras=NOTHING.and_also([info]) if info.metadata or info.discriminator else NOTHING,
        required=(default is MISSING and not made_afresh) if required is None else required,
        default=MISSING if made_afresh else default,
        doc=cleandoc(description) if description else doc,
        refers=reference_in(info.metadata) is not None,
        deprecated=next((text for i in infos if (text := _deprecated(i.deprecated)) is not None), None),
        spot=spot,
        owner=owner,
        renamed_from=_former_names(annotation, infos),
    )


def _former_names(annotation: Any, infos: list[FieldInfo]) -> tuple[str, ...]:
    """From `renamed_from(...)` inside `Annotated`; pydantic has moved it into the field."""
    written = get_args(annotation)[1:] if get_origin(annotation) is Annotated else ()
    beside = (*written, *(item for info in infos for item in info.metadata))
    return next((item.names for item in beside if isinstance(item, RenamedFrom)), ())


def _field_infos(annotation: Any) -> list[FieldInfo]:
    if get_origin(annotation) is not Annotated:
        return []
    return [item for item in get_args(annotation)[1:] if isinstance(item, FieldInfo)]


def field_spot(
    cls: type, name: str, described: str, scope: Mapping[str, object], sources: SourceIndex, what: str = "field"
) -> Spot:
    found = sources.of_field(cls, name)
    place = found[0].source.place(found[1]) if found else sources.class_place(cls)
    spot = Spot(f'{what} "{name}" of {described}', place, scope)
    if found is None:
        return spot
    written = spot.mentioning(getattr(found[1], "annotation", None))
    # Arguments of a generic base are written in the class line: class ContactPage(Page[Stage]).
    of_bases = [source.base_names for base in cls.__mro__ if (source := sources.of_class(base)) is not None]
    return dataclasses.replace(written, mentioned=(written.mentioned or frozenset()).union(*of_bases))


def field_doc(cls: type, name: str, sources: SourceIndex) -> str:
    found = sources.of_field(cls, name)
    return found[0].docs.get(name, "") if found else ""


def _class_name(cls: type) -> str:
    """`Page` for `Page[Contact]`: the place shown is in the class as it is written."""
    return cls.__name__.partition("[")[0]


def _wire_name(name: str, info: FieldInfo) -> str:
    return info.alias if info.alias is not None else camel_case(name)


def _default(info: FieldInfo) -> Any:
    return MISSING if info.default_factory is not None or info.default is PydanticUndefined else info.default


def _deprecated(given: Any) -> str | None:
    """The reason; "" if there is none; None for what is not deprecated."""
    if given is None or given is False:
        return None
    if given is True:
        return ""
    return str(getattr(given, "message", given))


def _requiredness(annotation: Any, scope: Mapping[str, object]) -> tuple[Any, bool | None]:
    """The annotation inside `Required`, `NotRequired` and `ReadOnly`, and which of the first two it said."""
    required = None
    while (origin := get_origin(annotation)) in (*_REQUIREDNESS, typing_extensions.ReadOnly):
        required = _REQUIREDNESS.get(origin, required)
        annotation = evaluated(get_args(annotation)[0], scope)
    return annotation, required


def is_typed_dict(cls: type) -> bool:
    return typing_extensions.is_typeddict(cls)


def is_refused_typed_dict(cls: type) -> bool:
    """pydantic cannot use `typing.TypedDict` before Python 3.12."""
    return is_typed_dict(cls) and type(cls).__module__ == "typing" and sys.version_info < (3, 12)
