"""What a TypeScript consumer uses, from what the reader in `templates/typescript/src/check` prints."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from schemagen.check.changes import Place, Target
from schemagen.check.usage import Usage, Use, usage_of
from schemagen.model.contract import Contract


def typescript_usage(consumer: str, contract: Contract, uses: Iterable[Mapping[str, Any]]) -> Usage:
    """The uses as they were printed, their paths as they are to be shown, in the words of the contract.

    The SDK calls some types otherwise than the contract does, because names are taken or because a type looks different
    when it is sent: where several may be meant, all are. Raises KeyError for what the reader does not print.
    """
    names = _Names(contract)
    found: set[Use] = set()
    for use in uses:
        place = Place(use["file"], use["line"], use["column"])
        target = Target(use.get("function", ""), use.get("argument", ""), use.get("type", ""), use.get("field", ""))
        for name in names.meant(target.type):
            found.add(Use(replace(target, type=name), place, use.get("all", "")))
    return usage_of(consumer, "typescript", found)


def usage_from_text(consumer: str, contract: Contract, text: str) -> Usage:
    """As `typescript_usage`, the uses as a JSON array."""
    return typescript_usage(consumer, contract, json.loads(text))


class _Names:
    def __init__(self, contract: Contract) -> None:
        self._known = {*contract.types_by_name, *(error.name for error in contract.errors)}

    def meant(self, name: str) -> Iterator[str]:
        """`AddressInput` is `Address`; `Object_` is `Object`. Exactly the name itself if there is such a type."""
        if not name:
            yield ""
            return
        bare = name.rstrip("_")
        candidates = {name, bare, bare.removesuffix("Input"), bare.removesuffix("Error"), bare.lstrip("_")}
        yield from [name] if name in self._known else sorted(candidates & self._known)
