"""The only writer: makes an output folder hold exactly what was generated, without ever touching what is not ours.

`compare` reads and decides, `write` acts. What we wrote is known from the manifest in the folder: a hash per
file. It is written before the files change (old and new hash of each) and again after, so that however a build ends,
every file is whole and recognized as ours by the next one.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from schemagen.cli.manifest import MANIFEST, Manifest, digest, manifest_text, read_manifest
from schemagen.cli.mistake import CommandError, Mistake

Files = Mapping[PurePosixPath, str]

TEMPORARY = ".schemagen-"
"""How the names of temporary files begin; `.tmp` is how they end."""

_temporary_number = itertools.count()


@dataclass(frozen=True, slots=True)
class Output:
    """What one output folder has to hold; `shown` is its path below the project folder."""

    root: Path
    shown: PurePosixPath
    files: Files

    @property
    def folder(self) -> Path:
        return self.root / self.shown


@dataclass(frozen=True, slots=True)
class Plan:
    """What writing an output would change. Paths are below its folder and sorted."""

    output: Output
    added: tuple[PurePosixPath, ...] = ()
    changed: tuple[PurePosixPath, ...] = ()
    removed: tuple[PurePosixPath, ...] = ()  # written by us once, no longer produced
    edited: tuple[PurePosixPath, ...] = ()  # written by us, then changed by somebody, and not what would be written
    foreign: tuple[PurePosixPath, ...] = ()  # in the place of a file of ours, but never written by us
    manifest: Manifest = field(default_factory=lambda: Manifest({}))

    @property
    def fresh(self) -> bool:
        """Nothing to do at all, the manifest included."""
        return not (self.stale or self.edited or self.foreign) and self.manifest == final_manifest(self.output.files)

    @property
    def stale(self) -> tuple[PurePosixPath, ...]:
        """Files that writing would add, change or remove."""
        return (*self.added, *self.changed, *self.removed)

    def shown(self, paths: Iterable[PurePosixPath]) -> list[str]:
        """Paths as they are shown: below the project folder."""
        return [str(self.output.shown / path) for path in paths]


def compare(output: Output, *, force: bool = False) -> Plan:
    """What is to be done; with `force`, files that somebody edited or put there are simply ours to change."""
    manifest = read_manifest(output.folder)
    _refuse_symlinks(output, output.files.keys() | manifest.files.keys())
    added: list[PurePosixPath] = []
    changed: list[PurePosixPath] = []
    removed: list[PurePosixPath] = []
    edited: list[PurePosixPath] = []
    foreign: list[PurePosixPath] = []
    for path, text in sorted(output.files.items()):
        found = _read(output.folder / path)
        wanted = text.encode()
        if found is None:
            added.append(path)
        elif found == wanted or (b"\r\n" in found and digest(found) == digest(wanted)):
            continue
        elif force or digest(found) in manifest.hashes(path):
            changed.append(path)
        else:
            (edited if manifest.hashes(path) else foreign).append(path)
    for path in sorted(manifest.files.keys() - output.files.keys()):
        found = _read(output.folder / path)
        if found is not None:
            (removed if force or digest(found) in manifest.hashes(path) else edited).append(path)
    return Plan(output, tuple(added), tuple(changed), tuple(removed), tuple(edited), tuple(foreign), manifest)


def write(plans: Iterable[Plan], replace: Callable[[Path, Path], None] = os.replace) -> None:
    """Carry out plans, which hold no foreign file; edited ones are left as they are, and stay known as edited.

    New files come first, then changed ones, those that others import by name (`write_order`) last, then removals:
    a watcher never sees a file that names a missing one. `replace` is the door through which files appear.
    """
    plans = [plan for plan in plans if not plan.fresh]
    for plan in plans:
        assert not plan.foreign
        _remove_leftovers(plan)
        if plan.stale:
            _write_manifest(plan, _interim_manifest(plan), replace)
    for plan in plans:
        for path in sorted((*plan.added, *plan.changed), key=lambda path: write_order(path, path in plan.added)):
            _write_file(plan.output, path, plan.output.files[path], replace)
    for plan in plans:
        for path in plan.removed:
            _remove(plan.output, path)
        kept = {path: plan.manifest.hashes(path) for path in plan.edited if path not in plan.output.files}
        final = final_manifest(plan.output.files)
        _write_manifest(plan, Manifest({**final.files, **kept}), replace)


def write_order(path: PurePosixPath, new: bool) -> tuple[int, int, str]:
    """A sort key: new files (nobody imports them yet), changed ones, entries, the package's own description."""
    if path.name in ("package.json", "pyproject.toml"):
        rank = 3
    elif path.stem.split(".")[0] in ("__init__", "index", "api"):
        rank = 2
    else:
        rank = 0 if new else 1
    return rank, -len(path.parts), str(path)


def final_manifest(files: Files) -> Manifest:
    return Manifest({path: (digest(text.encode()),) for path, text in files.items()})


def _interim_manifest(plan: Plan) -> Manifest:
    """Knows each file by its old and its new hash: true whatever has been replaced so far."""
    final = final_manifest(plan.output.files).files
    both = {**plan.manifest.files, **final}
    return Manifest({path: tuple(sorted({*plan.manifest.hashes(path), *final.get(path, ())})) for path in both})


def _write_manifest(plan: Plan, manifest: Manifest, replace: Callable[[Path, Path], None]) -> None:
    if read_manifest(plan.output.folder) != manifest:
        _write_file(plan.output, PurePosixPath(MANIFEST), manifest_text(manifest), replace)


def _write_file(output: Output, path: PurePosixPath, text: str, replace: Callable[[Path, Path], None]) -> None:
    _refuse_symlinks(output, [path])
    target = output.folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    replace_file(target, text.encode(), replace)


def replace_file(target: Path, content: bytes, replace: Callable[[Path, Path], None] = os.replace) -> None:
    """Through a temporary file in the same folder: readers see the old file or the new one, never half of it."""
    temporary = target.with_name(f"{TEMPORARY}{os.getpid()}-{next(_temporary_number)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(content)
        replace(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _remove(output: Output, path: PurePosixPath) -> None:
    """Remove a file, the bytecode Python made of it, and the folders that this leaves empty."""
    _refuse_symlinks(output, [path])
    target = output.folder / path
    target.unlink(missing_ok=True)
    if path.suffix == ".py":
        for compiled in target.parent.glob(f"__pycache__/{path.stem}.*.pyc"):
            compiled.unlink(missing_ok=True)
    for parent in path.parents[:-1]:
        for folder in (output.folder / parent / "__pycache__", output.folder / parent):
            try:
                folder.rmdir()
            except FileNotFoundError:
                continue
            except OSError:  # not empty
                break


def _remove_leftovers(plan: Plan) -> None:
    """Temporary files of a build that was killed: only a manifest with two hashes for a file can have left some."""
    if any(len(hashes) > 1 for hashes in plan.manifest.files.values()):
        for parent in {PurePosixPath("."), *(path.parent for path in plan.manifest.files)}:
            for leftover in (plan.output.folder / parent).glob(f"{TEMPORARY}*.tmp"):
                leftover.unlink(missing_ok=True)


def _read(file: Path) -> bytes | None:
    """The bytes of a file, None if there is none; a folder in its place counts as a file of somebody else's."""
    try:
        return file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except IsADirectoryError:
        return b"\0"


def _refuse_symlinks(output: Output, paths: Iterable[PurePosixPath]) -> None:
    """No link inside the folder is ever followed: it may lead anywhere."""
    for path in {part for given in paths for part in (given, *given.parents[:-1])}:
        if (output.folder / path).is_symlink():
            shown = output.shown / path
            raise CommandError(
                Mistake(
                    "output_symlink",
                    f"{shown} is a symbolic link",
                    why="writing through it would change something outside the output folder",
                    fix=f"remove it: rm {shown}",
                )
            )
