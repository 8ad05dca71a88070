"""A client as it was released: what it is called, what it uses, and the slice of the contract that it needs.

`contracts/<client>/<version>.json` holds one, and so does the lock that a consumer keeps. The file is made to be read
in a pull request, one line a fact.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from schemagen.check.changes import LANGUAGES, Language, Place, Target
from schemagen.check.slices import slice_of
from schemagen.check.usage import Usage, Use
from schemagen.model import canonical
from schemagen.model.contract import Contract

FORMAT: Final = 1
"""The version of this form; a reader refuses one it does not know."""


@dataclass(frozen=True, slots=True)
class Released:
    """One version of one client. `contract` is the slice; `fingerprint` is of the whole contract it was built on."""

    client: str
    version: str  # as the client counts; "" in a lock
    language: Language
    released: date
    sunset: date | None
    """The first day on which nobody cares any more; None while there is none."""
    fingerprint: str
    usage: Usage
    contract: Contract

    @property
    def name(self) -> str:
        """`mobile@3.2.0`."""
        return f"{self.client}@{self.version}"

    def counts_on(self, today: date) -> bool:
        return self.sunset is None or today < self.sunset


def release_of(
    contract: Contract, usage: Usage, *, client: str, version: str, released: date, sunset: date | None = None
) -> Released:
    """A client that uses `usage` of `contract`."""
    named = Usage(f"{client}@{version}" if version else client, usage.language, usage.uses)
    fingerprint = canonical.fingerprint(contract)
    sliced = slice_of(contract, usage)
    return Released(client, version, usage.language, released, sunset, fingerprint, named, sliced)


def to_text(release: Released) -> str:
    """The text of the file, with a newline at its end. Equal releases have equal texts."""
    head = {
        "format": FORMAT,
        "client": release.client,
        "version": release.version,
        "language": release.language,
        "released": release.released.isoformat(),
        "sunset": None if release.sunset is None else release.sunset.isoformat(),
        "fingerprint": release.fingerprint,
    }
    lines = [f"  {_text(key)}: {_text(value)},\n" for key, value in head.items()]
    uses = ",\n".join(f"    {_text(_use_to_json(use))}" for use in release.usage.uses)
    contract = "  ".join(canonical.to_json(release.contract).splitlines(keepends=True)).rstrip("\n")
    return "".join(["{\n", *lines, f'  "uses": [\n{uses}\n  ],\n' if uses else '  "uses": [],\n']) + (
        f'  "contract": {contract}\n}}\n'
    )


def from_text(text: str) -> Released:
    """What `to_text` wrote. Raises ValueError for any other text."""
    try:
        whole = json.loads(text)
        if whole["format"] != FORMAT:
            raise ValueError(f"format {whole['format']!r}; this version of schemagen reads format {FORMAT}")
        client, version, language = whole["client"], whole["version"], _language(whole["language"])
        return Released(
            client=client,
            version=version,
            language=language,
            released=date.fromisoformat(whole["released"]),
            sunset=None if whole["sunset"] is None else date.fromisoformat(whole["sunset"]),
            fingerprint=whole["fingerprint"],
            usage=Usage(f"{client}@{version}" if version else client, language, tuple(map(_read_use, whole["uses"]))),
            contract=canonical.from_json(json.dumps(whole["contract"])),
        )
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as mistake:
        raise ValueError(f"not a released client: {type(mistake).__name__}: {mistake}") from mistake


def _use_to_json(use: Use) -> dict[str, str]:
    target = use.target
    given = {"function": target.function, "argument": target.argument, "type": target.type, "field": target.field}
    return {"at": str(use.place), **{key: value for key, value in {**given, "all": use.why_all}.items() if value}}


def _read_use(use: dict[str, Any]) -> Use:
    file, line, column = use["at"].rsplit(":", 2)
    target = Target(use.get("function", ""), use.get("argument", ""), use.get("type", ""), use.get("field", ""))
    return Use(target, Place(file, int(line), int(column)), use.get("all", ""))


def _language(given: object) -> Language:
    for language in LANGUAGES:
        if language == given:
            return language
    raise ValueError(f"language {given!r} is not one of {', '.join(LANGUAGES)}")


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
