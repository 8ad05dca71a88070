"""Imports a backend package and gathers its declarations, or every mistake at once."""

from schemagen.introspect.diagnostics import Diagnostic, InvalidBackend, Place, render, to_json
from schemagen.introspect.load import Backend, load

__all__ = ["Backend", "Diagnostic", "InvalidBackend", "Place", "load", "render", "to_json"]
