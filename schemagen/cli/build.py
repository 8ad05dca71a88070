"""`schemagen build`: the contract and the SDKs, written or checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from schemagen.cli.config import Config, load_config
from schemagen.cli.freshness import forget, fresh_by_memory, hash_inputs, remember
from schemagen.cli.generation import Generation, generate
from schemagen.cli.lock import build_lock
from schemagen.cli.mistake import CommandError, Mistake
from schemagen.cli.options import Project
from schemagen.cli.output import Plan, compare, write
from schemagen.cli.stale import stale_report
from schemagen.cli.terminal import Terminal, counted, mistakes_json

EPILOG = "Example: schemagen build && git diff --stat generated/"


def build(
    project: Project = Path(),
    check: Annotated[bool, typer.Option("--check", help="Write nothing; show what is stale and exit with 1.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that were edited by hand.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")] = False,
    cache: Annotated[
        bool, typer.Option("--cache/--no-cache", help="Trust or ignore the memory of the last build.")
    ] = True,
) -> None:
    """Write the contract and the SDKs.

    Files that are right already are left alone, and files that are no longer generated removed.

    Exits with 0 if all is well, 1 if something is stale (--check) or was edited by hand, 2 if the backend or the
    configuration has a mistake.
    """
    terminal = Terminal(machine=json_)
    with _said_as_json(terminal):
        config = load_config(project)
        remembered = fresh_by_memory(config) if cache and not force else None
        if remembered is not None:
            _say_fresh(terminal, remembered)
        elif check:
            _check(config, terminal)
        else:
            _build(config, terminal, force=force)


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did. If a file that had to change was edited by hand, that is nothing."""

    generation: Generation
    plans: tuple[Plan, ...]

    @property
    def edited(self) -> list[str]:
        """Files that were edited by hand, and kept."""
        return [shown for plan in self.plans for shown in plan.shown(plan.edited)]

    @property
    def stopped(self) -> bool:
        """A half-new SDK would be worse than an old one: an edited file that has to change keeps all as it is."""
        return any(path in plan.output.files for plan in self.plans for path in plan.edited)

    @property
    def written(self) -> bool:
        return not self.stopped and any(plan.stale for plan in self.plans)

    def __str__(self) -> str:
        """`built 3 functions, 1 table: 2 files written, 1 removed, 40 unchanged`."""
        files = self.generation.counts["files"]
        written = sum(len(plan.added) + len(plan.changed) for plan in self.plans)
        removed = sum(len(plan.removed) for plan in self.plans)
        parts = [f"{counted(written, 'file')} written"]
        parts += [f"{removed} removed"] if removed else []
        parts += [f"{files - written} unchanged"] if files > written else []
        return f"built {_counted(self.generation.counts)}: {', '.join(parts)}"


def build_all(config: Config, terminal: Terminal, *, force: bool = False, reload: Iterable[str] = ()) -> Built:
    """Write everything that the backend generates. Raises `InvalidBackend`, and `CommandError` for files in the way."""
    with build_lock(config, terminal):
        forget(config)
        before = hash_inputs(config, ())
        generation = generate(config, terminal.progress, reload)
        unmoved = before == hash_inputs(config, ())  # else a file was saved meanwhile: before or after it was read?
        terminal.labelled(str(config.backend), generation.backend.output)
        built = Built(generation, tuple(compare(output, force=force) for output in generation.outputs))
        _refuse_foreign(built.plans)
        if not built.stopped:
            write(built.plans)
        if unmoved and not built.edited:
            remember(config, built.plans, generation.outside, generation.counts)
    return built


def edited_message(built: Built) -> str:
    """What to say of files that were edited by hand."""
    edited = built.edited
    kept = "nothing was written" if built.stopped else "everything else was written"
    return "\n".join(
        [
            f"error[output_edited]: {counted(len(edited), 'generated file')} edited by hand and kept; {kept}",
            *(f"    {shown}" for shown in edited),
            "  why: a build would silently undo what was edited",
            "  fix: move the change into the backend or your own code; then `schemagen build --force` overwrites "
            f"{'it' if len(edited) == 1 else 'them'}",
        ]
    )


def _build(config: Config, terminal: Terminal, *, force: bool) -> None:
    built = build_all(config, terminal, force=force)
    counts = built.generation.counts
    status = "edited" if built.edited else "written" if built.written else "fresh"
    answer: dict[str, Any] = {"status": status, "counts": counts, **_paths(built.plans)}
    terminal.answer({**answer, "backendOutput": built.generation.backend.output})
    if built.edited:
        terminal.warn(edited_message(built))
        raise typer.Exit(1)
    terminal.say(str(built) if built.written else _fresh(counts))


def _check(config: Config, terminal: Terminal) -> None:
    generation = generate(config, terminal.progress)
    terminal.labelled(str(config.backend), generation.backend.output)
    plans = [compare(output) for output in generation.outputs]
    if all(plan.fresh for plan in plans):
        _say_fresh(terminal, generation.counts)
        return
    report = stale_report(plans)
    terminal.say(f"{report}\n\nstale: run `schemagen build` and commit what it writes")
    terminal.answer({"status": "stale", "counts": generation.counts, **_paths(plans), "diff": report})
    raise typer.Exit(1)


def _refuse_foreign(plans: Sequence[Plan]) -> None:
    """Raises `CommandError` naming every file of somebody else's that stands where one of ours has to go."""
    mistakes = [
        Mistake(
            "output_foreign",
            f"{shown} is in the way: schemagen did not write it",
            why="a build overwrites only what a build wrote",
            fix="move it, choose another folder with `out`, or overwrite it with `schemagen build --force`",
        )
        for plan in plans
        for shown in plan.shown(plan.foreign)
    ]
    if mistakes:
        raise CommandError(*mistakes)


@contextmanager
def _said_as_json(terminal: Terminal) -> Iterator[None]:
    """With --json, mistakes are on stdout as well, for machines."""
    try:
        yield
    except typer.Exit:
        raise
    except Exception as error:
        terminal.answer({"status": "invalid", "mistakes": mistakes_json(error)})
        raise


def _say_fresh(terminal: Terminal, counts: dict[str, int]) -> None:
    terminal.say(_fresh(counts))
    terminal.answer({"status": "fresh", "counts": counts})


def _fresh(counts: dict[str, int]) -> str:
    return f"fresh: {_counted(counts)}, {counted(counts['files'], 'file')}"


def _counted(counts: dict[str, int]) -> str:
    return f"{counted(counts['functions'], 'function')}, {counted(counts['tables'], 'table')}"


def _paths(plans: Sequence[Plan]) -> dict[str, list[str]]:
    return {
        "added": [shown for plan in plans for shown in plan.shown(plan.added)],
        "changed": [shown for plan in plans for shown in plan.shown(plan.changed)],
        "removed": [shown for plan in plans for shown in plan.shown(plan.removed)],
        "edited": [shown for plan in plans for shown in plan.shown(plan.edited)],
        "foreign": [shown for plan in plans for shown in plan.shown(plan.foreign)],
    }
