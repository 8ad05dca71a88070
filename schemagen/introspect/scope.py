"""What annotations say, whether they are values or still text."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any, ForwardRef


def own_annotations(owner: Any) -> dict[str, Any]:
    """The annotations of a function, or of a class without its bases, unevaluated where they cannot be evaluated."""
    try:
        return inspect.get_annotations(owner)
    except NameError:  # Python 3.14 evaluates them here
        return _with_forward_refs(owner)
    except TypeError:
        return {}


def _with_forward_refs(owner: Any) -> dict[str, Any]:
    library = import_module("annotationlib")
    return dict(library.get_annotations(owner, format=library.Format.FORWARDREF))


def scope_of_class(cls: type) -> Mapping[str, object]:
    """The names that annotations of a class may use."""
    module = sys.modules.get(cls.__module__)
    parameters = {parameter.__name__: parameter for parameter in getattr(cls, "__type_params__", ())}
    return {cls.__name__: cls, **(vars(module) if module else {}), **parameters}


def evaluated(annotation: Any, scope: Mapping[str, object]) -> Any:
    """The value of an annotation in quotes; text that names something unknown stays as it is."""
    for _ in range(8):  # text in text in text
        if isinstance(annotation, ForwardRef):
            scope = _scope_of_ref(annotation, scope)
            annotation = annotation.__forward_arg__
        if not isinstance(annotation, str):
            return annotation
        try:
            annotation = eval(annotation, {**scope})  # the backend's own code, which has been run anyway
        except Exception:
            return annotation
    return annotation


def _scope_of_ref(ref: ForwardRef, scope: Mapping[str, object]) -> Mapping[str, object]:
    name = ref.__forward_module__
    module = sys.modules.get(name) if isinstance(name, str) else name
    return vars(module) if module is not None else scope
