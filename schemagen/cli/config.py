"""`[tool.schemagen]` of pyproject.toml: where the backend is, and what is written where."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Literal, get_args

from schemagen.cli.checking import Checking, read_checking
from schemagen.cli.config_check import check_folders, npm_name_mistake, python_name_mistake
from schemagen.cli.mistake import CommandError, Mistake, did_you_mean
from schemagen.cli.toml_place import TomlPlaces

Language = Literal["python", "typescript"]

TOP_KEYS = ("backend", "contract", "python", "typescript", "consumers", "serve", "check")
TARGET_KEYS = ("out", "package")
CONSUMER_KEYS = ("name", "path", "language")


@dataclass(frozen=True, slots=True)
class Target:
    """One SDK: the folder it is written to, below the project folder, and the name consumers import."""

    out: PurePosixPath
    package: str


@dataclass(frozen=True, slots=True)
class Consumer:
    """Code that uses an SDK."""

    name: str
    path: PurePosixPath
    language: Language


@dataclass(frozen=True, slots=True)
class Config:
    """A valid configuration. All paths are below `root`, the folder of pyproject.toml, and no two overlap."""

    root: Path
    backend: PurePosixPath
    contract: PurePosixPath
    python: Target | None
    typescript: Target | None
    consumers: tuple[Consumer, ...] = ()
    serve: Mapping[str, object] = field(default_factory=dict)
    """Settings of a server, as they are written: `schemagen.serve.settings` checks them where one starts."""
    check: Checking = field(default_factory=Checking)

    @property
    def targets(self) -> tuple[tuple[Language, Target], ...]:
        """The SDKs that are configured, Python first."""
        both: tuple[tuple[Language, Target | None], ...] = (("python", self.python), ("typescript", self.typescript))
        return tuple((language, target) for language, target in both if target is not None)


def load_config(start: Path) -> Config:
    """The configuration of the project that `start` is in. Raises `CommandError` with every mistake."""
    file = find_project(start)
    text = _read(file)
    try:
        table = tomllib.loads(text)["tool"]["schemagen"]
    except tomllib.TOMLDecodeError as error:
        raise CommandError(_syntax_mistake(file, text, error)) from None
    return _Reader(file.parent, TomlPlaces(file.name, text)).read(table)


def find_project(start: Path) -> Path:
    """The nearest pyproject.toml with a [tool.schemagen] table, from `start` upwards; a broken one counts as near."""
    passed: list[Path] = []
    start = start.absolute()
    for folder in (start, *start.parents):
        file = folder / "pyproject.toml"
        if not file.is_file():
            continue
        try:
            if isinstance(tomllib.loads(_read(file)).get("tool", {}).get("schemagen"), dict):
                return file
        except tomllib.TOMLDecodeError:
            return file
        passed.append(file)
    where = f"{passed[0]} has no [tool.schemagen] table" if passed else f"no pyproject.toml in {start} or above"
    raise CommandError(
        Mistake(
            "config_missing",
            where,
            why="[tool.schemagen] says where the backend is and where the SDKs go",
            fix="run this in your project, add the table, or start a project with `schemagen init <folder>`",
        )
    )


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise CommandError(
            Mistake(
                "config_syntax",
                f"not UTF-8 text: {error.reason} at byte {error.start}",
                why="TOML files are UTF-8",
                fix="save the file as UTF-8",
                file=file.name,
            )
        ) from None


def _syntax_mistake(file: Path, text: str, error: tomllib.TOMLDecodeError) -> Mistake:
    message, _, place = str(error).partition(" (at ")
    numbers = [int(word) for word in place.replace(",", " ").replace(")", " ").split() if word.isdigit()]
    lines = text.splitlines()
    line, column = (numbers[0], numbers[1]) if len(numbers) == 2 else (max(1, len(lines)), 1)
    return Mistake(
        "config_syntax",
        f"not valid TOML: {message[:1].lower()}{message[1:]}",
        why="[tool.schemagen] cannot be read from a broken file",
        fix="repair this line; strings need quotes, lists brackets",
        file=file.name,
        line=line,
        column=column,
        source=lines[line - 1] if line <= len(lines) else "",
    )


class _Reader:
    """Reads one table, and remembers every mistake on the way."""

    def __init__(self, root: Path, places: TomlPlaces) -> None:
        self.root = root
        self.places = places
        self.mistakes: list[Mistake] = []

    def read(self, table: dict[str, Any]) -> Config:
        self._known_keys((), table, TOP_KEYS)
        backend = self._path((), table, "backend", "backend")
        contract = self._path((), table, "contract", "generated/contract.json")
        python = self._target("python", table)
        typescript = self._target("typescript", table)
        consumers = self._consumers(table.get("consumers", []))
        if contract.suffix != ".json":
            self._mistake(
                ("contract",),
                "config_value",
                f'contract is "{contract}", which is no .json file',
                why="the contract is written as JSON",
                fix='for example contract = "generated/contract.json"',
            )
        serve = self._settings(table.get("serve", {}))
        check, mistakes = read_checking(table.get("check", {}), self.places)
        self.mistakes += mistakes
        config = Config(self.root, backend, contract, python, typescript, consumers, serve, check)
        if not self.mistakes:
            self.mistakes += check_folders(config, self.places)
        if self.mistakes:
            raise CommandError(*self.mistakes)
        return config

    def _settings(self, given: Any) -> dict[str, object]:
        if isinstance(given, dict):
            return given
        self._mistake(
            ("serve",),
            "config_value",
            f"serve is {_kind(given)}, not a table",
            why="it holds the settings of a server, by name",
            fix="write [tool.schemagen.serve] on a line of its own, and the settings below it",
        )
        return {}

    def _target(self, language: Language, table: dict[str, Any]) -> Target | None:
        if language not in table:
            return None
        given = self._table((language,), table[language])
        self._known_keys((language,), given, TARGET_KEYS)
        out = self._path((language,), given, "out", f"generated/{language}")
        example = "crm" if language == "python" else "@crm/backend"
        package = self._text((language,), given, "package")
        if package is None:
            if "package" not in given:
                self._mistake(
                    (language,),
                    "config_missing_key",
                    f"[tool.schemagen.{language}] has no package",
                    why="it is the name that consumers import",
                    fix=f'add package = "{example}"',
                )
            return Target(out, example)
        wrong = python_name_mistake(package) if language == "python" else npm_name_mistake(package)
        if wrong:
            self._mistake(
                (language, "package"),
                "config_value",
                f'package "{package}" {wrong}',
                why="consumers could not import it",
                fix=f'for example package = "{example}"',
            )
        return Target(out, package)

    def _consumers(self, given: Any) -> tuple[Consumer, ...]:
        if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
            self._mistake(
                ("consumers",),
                "config_value",
                "consumers is no list of tables",
                why="there may be several consumers",
                fix="write [[tool.schemagen.consumers]], with two brackets, before the keys of each",
            )
            return ()
        return tuple(consumer for item in given if (consumer := self._consumer(item)) is not None)

    def _consumer(self, item: dict[str, Any]) -> Consumer | None:
        at = ("consumers",)
        self._known_keys(at, item, CONSUMER_KEYS)
        for key in CONSUMER_KEYS:
            if key not in item:
                self._mistake(
                    at,
                    "config_missing_key",
                    f"a consumer has no {key}",
                    why="a consumer is a name, the path of its code and its language",
                    fix=f'add {key} = "…" below [[tool.schemagen.consumers]]',
                )
                return None
        name, language = self._text(at, item, "name"), self._text(at, item, "language")
        path = self._path(at, item, "path", ".")
        if language is not None and language not in get_args(Language):
            self._mistake(
                (*at, "language"),
                "config_value",
                f'language "{language}" is not one of {", ".join(get_args(Language))}'
                + did_you_mean(language, get_args(Language)),
                why="these are the languages there are SDKs for",
                fix='language = "python" or language = "typescript"',
            )
            return None
        return (
            None
            if name is None or language is None
            else Consumer(name, path, "python" if language == "python" else "typescript")
        )

    def _known_keys(self, at: tuple[str, ...], table: dict[str, Any], known: tuple[str, ...]) -> None:
        for key in table:
            if key not in known:
                self._mistake(
                    (*at, key),
                    "config_unknown_key",
                    f'unknown key "{key}" in [{".".join(("tool", "schemagen", *at))}]{did_you_mean(key, known)}',
                    why="a key that is not read would change nothing, silently",
                    fix=f"keys here: {', '.join(known)}",
                )

    def _table(self, at: tuple[str, ...], given: Any) -> dict[str, Any]:
        if isinstance(given, dict):
            return given
        name = ".".join(("tool", "schemagen", *at))
        self._mistake(
            at,
            "config_value",
            f"{at[-1]} is {_kind(given)}, not a table",
            why="an SDK needs a folder and a package name",
            fix=f"write [{name}] on a line of its own, and the keys below it",
        )
        return {"package": None}

    def _text(self, at: tuple[str, ...], table: dict[str, Any], key: str) -> str | None:
        """The text of a key; None if it is missing, or (a mistake) something else or empty."""
        given = table.get(key)
        if given is None or (isinstance(given, str) and given):
            return given
        self._mistake(
            (*at, key),
            "config_value",
            f"{key} is {_kind(given)}, not a text",
            why="it is a name or a path",
            fix=f'put it in quotes: {key} = "…"',
        )
        return None

    def _path(self, at: tuple[str, ...], table: dict[str, Any], key: str, default: str) -> PurePosixPath:
        given = self._text(at, table, key) or default
        path = PurePosixPath(given)
        if not path.parts or path.is_absolute() or ".." in path.parts or "\\" in given or ":" in given:
            self._mistake(
                (*at, key),
                "config_folder_outside",
                f'{key} is "{given}", which is not a path below the project folder',
                why="a build reads and writes nothing outside its project",
                fix=f'a relative path with forward slashes, such as {key} = "{default}"',
            )
            return PurePosixPath(default)
        return path

    def _mistake(self, at: tuple[str, ...], rule: str, message: str, *, why: str, fix: str) -> None:
        self.mistakes.append(self.places.mistake(at, rule, message, why=why, fix=fix))


def _kind(given: object) -> str:
    match given:
        case "":
            return "empty"
        case bool():
            return "true" if given else "false"
        case int() | float():
            return "a number"
        case str():
            return f'the text "{given}"'
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "a date or time"
