"""Names that mean something to the reader of Python consumers, wherever they come from."""

from __future__ import annotations

import builtins
from typing import Final

_PASS_THROUGH: Final = """
list tuple set frozenset sorted reversed iter next enumerate zip filter max min islice chain cycle from_iterable
cast copy deepcopy gather wait_for run run_until_complete shield create_task ensure_future closing enter_context
enter_async_context aclosing batched pairwise takewhile dropwhile as_completed
"""
PASS_THROUGH: Final = frozenset(_PASS_THROUGH.split())
"""Calls that give back what they were given, or what was in it."""
_INTO_CONTAINERS: Final = "add append appendleft extend insert push put put_nowait send setdefault update"
INTO_CONTAINERS: Final = frozenset(_INTO_CONTAINERS.split())
"""Methods that keep what they are given in the object whose methods they are."""
_CONTAINERS: Final = "list set dict deque defaultdict OrderedDict Queue LifoQueue SimpleQueue"
CONTAINERS: Final = frozenset(_CONTAINERS.split())
"""Calls that make a container of what they are given."""
HARMLESS: Final = frozenset({"isinstance", "issubclass", "len", "id", "type", "bool", "callable", "hasattr"})
"""Calls that keep nothing of what they are given, and read no field that matters."""
_DECORATORS: Final = """
property cached_property staticmethod classmethod contextmanager asynccontextmanager cache lru_cache override wraps
abstractmethod final overload
"""
DECORATORS: Final = frozenset(_DECORATORS.split())
"""Decorators that hand a function's result to nobody but its callers."""
_WHOLE_RECORD: Final = "model_dump model_dump_json model_copy dict json copy __dict__ __iter__ model_fields_set"
WHOLE_RECORD: Final = frozenset(_WHOLE_RECORD.split())
"""Attributes of a record that use all of its fields."""
WHOLE_OBJECT: Final = frozenset({"vars", "dir", "asdict", "jsonable_encoder", "getmembers"})
"""Calls that use all attributes of what they are given."""
ACCESS_BY_TEXT: Final = frozenset({"getattr", "hasattr", "setattr", "delattr"})
TEXT_ACCESSORS: Final = frozenset({"attrgetter", "methodcaller"})
BUILTINS: Final = frozenset(dir(builtins))


METHODS_MAX: Final = 8
"""Beyond so many methods of one name an object of the consumer may as well be any."""
TEXT_MAX: Final = 60
"""How much of an expression is shown."""
