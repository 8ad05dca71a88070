"""`schemagen import`: pydantic models from an OpenAPI or JSON Schema file."""

from __future__ import annotations

import difflib
import keyword
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated

import typer

from schemagen.cli.config import Config, load_config
from schemagen.cli.mistake import CommandError, Mistake
from schemagen.cli.options import Project
from schemagen.cli.output import replace_file
from schemagen.cli.terminal import Terminal, counted

if TYPE_CHECKING:
    from schemagen.cli.importing.definitions import Note
    from schemagen.cli.importing.record import Record

EPILOG = "Example: schemagen import specs/stripe.yaml --only Charge --only Event && git diff backend/stripe.py"
NOTES_MAX = 20
DIFF_LINES_MAX = 60
LIBRARY = "datamodel_code_generator"


def import_(
    source: Annotated[
        Path | None,
        typer.Argument(
            help="An OpenAPI or JSON Schema file; without it, every file imported before.", show_default=False
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="The module to write; <backend>/<name of the source>.py by default.", show_default=False),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="What the model of a JSON Schema without title is called.", show_default=False)
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(help="A schema to import, with what it refers to; may be repeated.", show_default=False),
    ] = None,
    prefix: Annotated[
        str, typer.Option(help="Begin the name of every model with this, as in StripeCharge.", show_default=False)
    ] = "",
    loose: Annotated[bool, typer.Option("--loose", help="Take any JSON where a schema has no model.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; show what is stale and exit with 1.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite a file that was edited or is not imported.")
    ] = False,
    project: Project = Path(),
) -> None:
    """Write pydantic models from an OpenAPI or JSON Schema file.

    The module remembers its source and options: without SOURCE, all modules imported before are written anew, or
    checked. Nothing is fetched from the network.
    """
    _need_library()
    terminal = Terminal()
    config = load_config(project)
    records = _records(config, source, out, name, tuple(only or ()), prefix, loose)
    stale = [record.out for record in records if not _one(config, record, terminal, check=check, force=force)]
    if stale:
        raise typer.Exit(1)


def _one(config: Config, record: Record, terminal: Terminal, *, check: bool, force: bool) -> bool:
    """Write or check one module; whether all is well."""
    from schemagen.cli.importing.project import imported
    from schemagen.cli.importing.record import is_edited, record_of, says_the_same

    terminal.progress(f"reading {record.source}")
    made = imported(config, record)
    file = config.root / record.out
    before = _read(file, record.out)
    if not check:
        _say_notes(terminal, made.notes)
    if before is not None and says_the_same(before, made.text):
        terminal.say(f"fresh: {record.out}, {counted(made.models, 'model')}")
        return True
    if before is not None and not force and record_of(before) is None:
        raise CommandError(_foreign(record.out))
    if before is not None and not force and is_edited(before):
        terminal.warn(_edited(record.out))
        return False
    if check:
        terminal.say(
            f"{_diff(record.out, before, made.text)}\n\nstale: run `schemagen import` and commit what it writes"
        )
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_file(file, made.text.encode())
    terminal.say(f"imported {record.source}: {counted(made.models, 'model')} written to {record.out}")
    return True


# --- what to import ---


def _records(
    config: Config,
    source: Path | None,
    out: Path | None,
    name: str | None,
    only: tuple[str, ...],
    prefix: str,
    loose: bool,
) -> list[Record]:
    from schemagen.cli.importing.project import below
    from schemagen.cli.importing.record import Record

    known = dict(_known(config, out))
    if source is None:
        if name or only or prefix or loose:
            raise CommandError(_no_source("an option says how to read a source"))
        if not known:
            raise CommandError(_no_source("nothing was imported here before"))
        return list(known.values())
    shown = below(config.root, source)
    if out is None:
        before = [record for record in known.values() if record.source == shown]
        target = before[0].out if len(before) == 1 else _default_out(config, source)
    else:
        target = below(config.root, out)
    given = Record(shown, target, name, only, prefix, loose)
    _check_names(given)
    remembered = known.get(target)
    if not given.has_options and remembered is not None and remembered.source == shown:
        return [replace(remembered, out=target)]
    return [given]


def _known(config: Config, out: Path | None) -> Iterator[tuple[str, Record]]:
    """Modules of the backend that were imported, by path; with `out`, that file alone."""
    from schemagen.cli.importing.project import below
    from schemagen.cli.importing.record import FIRST, record_of

    backend = config.root / config.backend
    files: Iterable[Path] = (
        [out] if out is not None else [backend] if backend.is_file() else sorted(backend.rglob("*.py"))
    )
    for file in files:
        text = "" if file.is_symlink() else _read(file, str(file)) or ""
        record = record_of(text) if text.startswith(FIRST) else None
        if record is not None:
            shown = below(config.root, file)
            yield shown, replace(record, out=shown)  # it may have been moved


def _default_out(config: Config, source: Path) -> str:
    if (config.root / config.backend).is_file():
        raise CommandError(
            Mistake(
                "import_out",
                f"the backend is one file, {config.backend}",
                why="imported models are a module of their own, which is written as a whole",
                fix="say where it goes, as in --out models.py, or make the backend a package",
            )
        )
    stem = re.sub(r"\W+", "_", source.name.split(".")[0].lower()).strip("_")
    stem = f"imported_{stem}" if not stem.isidentifier() or keyword.iskeyword(stem) else stem
    return f"{config.backend}/{stem}.py"


def _check_names(record: Record) -> None:
    out = PurePosixPath(record.out)
    if out.suffix != ".py" or ".." in out.parts or out.is_absolute() or not out.stem.isidentifier():
        raise CommandError(
            Mistake(
                "import_out",
                f"--out {record.out} is no module below the project folder",
                why="functions import the models from it",
                fix="for example --out backend/stripe.py",
            )
        )
    for option, given in (("--name", record.name), ("--prefix", record.prefix)):
        if given and not re.fullmatch("[A-Z][A-Za-z0-9]*", given):
            raise CommandError(
                Mistake(
                    "import_name",
                    f'{option} "{given}" cannot begin the name of a class',
                    why="models are classes, in Python and in TypeScript",
                    fix=f"letters and digits, the first a capital: {option} Stripe",
                )
            )


# --- what is there ---


def _read(file: Path, shown: str) -> str | None:
    """The text of a module, None if there is none. A link is never followed."""
    if file.is_symlink():
        raise CommandError(
            Mistake(
                "output_symlink",
                f"{shown} is a symbolic link",
                why="writing through it would change something outside the backend",
                fix=f"remove it: rm {shown}",
            )
        )
    try:
        return file.read_bytes().decode("utf-8", errors="replace")
    except (FileNotFoundError, NotADirectoryError):
        return None


def _diff(shown: str, before: str | None, after: str) -> str:
    if before is None:
        return f"{shown}: missing"
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=2, lineterm="")
    body = [f"  {line}" for line in lines if not line.startswith(("---", "+++"))]
    more = ["  …"] if len(body) > DIFF_LINES_MAX else []
    return "\n".join([f"{shown}: stale", *body[:DIFF_LINES_MAX], *more])


def _say_notes(terminal: Terminal, notes: tuple[Note, ...]) -> None:
    for note in notes[:NOTES_MAX]:
        terminal.warn(str(note))
    if len(notes) > NOTES_MAX:
        terminal.warn(f"… and {len(notes) - NOTES_MAX} more notes")


# --- mistakes ---


def _need_library() -> None:
    if find_spec(LIBRARY) is None:
        raise CommandError(
            Mistake(
                "import_not_installed",
                "datamodel-code-generator is not installed",
                why="it reads the schemas; a backend that imports nothing does not need it",
                fix="python -m pip install 'schemagen[import]'",
            )
        )


def _no_source(what: str) -> Mistake:
    return Mistake(
        "import_source",
        f"no SOURCE is given, and {what}",
        why="models are written from an OpenAPI or JSON Schema file",
        fix="schemagen import specs/stripe.yaml",
    )


def _foreign(shown: str) -> Mistake:
    return Mistake(
        "output_foreign",
        f"{shown} is in the way: schemagen did not write it",
        why="an import overwrites only what an import wrote",
        fix="choose another file with --out, or overwrite it with --force",
    )


def _edited(shown: str) -> str:
    return "\n".join(
        [
            f"error[output_edited]: {shown} was edited by hand and kept",
            "  why: an import would silently undo what was edited",
            "  fix: move the change into a module of your own; then `schemagen import --force` overwrites it",
        ]
    )
