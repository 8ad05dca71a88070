"""What a check compares with: a commit, a file, a folder, a server; or nothing, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from schemagen.cli.config import Config
from schemagen.cli.git import Git
from schemagen.cli.git_refs import find_git_folder
from schemagen.cli.mistake import CommandError, Mistake

if TYPE_CHECKING:
    from schemagen.cli.revision import Reader, Revision

MAIN_BRANCHES = ("main", "origin/main", "master", "origin/master", "origin/HEAD")
"""What the main branch may be called, where nobody says it."""

_FIX = 'name one: `schemagen check --base <commit, contract.json or address>`, or base = "…" in [tool.schemagen.check]'


@dataclass(frozen=True, slots=True)
class Base:
    """Found, and not read yet. One of `commit` and `named` is set, or `missing` says why neither is."""

    name: str = ""
    commit: str = ""
    path: str = ""
    """Where the contract lies in the commit, if it was said."""
    named: str = ""
    """A file, a folder or an address."""
    missing: str = ""


def find_base(config: Config, given: str | None) -> Base:
    """`given` is what `--base` says. Raises `CommandError` if what is asked for cannot be found."""
    wanted = given or config.check.base
    if wanted is None:
        return _usual_base(config)
    if named := _named(config, wanted, configured=given is None):
        return Base(wanted, named=named)
    ref, _, path = wanted.removeprefix("git:").partition(":")
    from schemagen.cli.revision import no_commit, no_repository

    git = Git(config.root)
    if problem := no_repository(git):
        raise _mistake("check_base", f"base {wanted}: {problem}", "a commit is read with git")
    commit = git.commit(ref)
    if commit is None:
        raise no_commit(git, f"base {wanted}", ref)
    return Base(f"git:{ref}", commit=_left(git, ref, commit), path=path)


def read_base(base: Base, reader: Reader) -> Revision:
    """Raises `CommandError` if there is none."""
    if base.missing:
        raise _mistake("check_base", base.missing, "a diff has two sides")
    if base.named:
        return reader.read(base.named)
    return reader.read_commit(base.name, base.commit, base.path)


def base_stamp(config: Config, given: str | None) -> str | None:
    """Changes whenever the base may be another one; None if that may be so at any time.

    Found without starting git, if possible.
    """
    from schemagen.cli.freshness import hash_file, source_files

    wanted = given or config.check.base
    if wanted is not None and wanted.startswith(("http://", "https://")):
        return None
    named = "" if wanted is None else _named(config, wanted, configured=given is None)
    if named:
        files = [named] if Path(named).is_file() else sorted(source_files(Path(named)))
        return repr([wanted, *((file, hash_file(Path(file))) for file in files)])
    names = MAIN_BRANCHES if wanted is None else (wanted.removeprefix("git:").partition(":")[0],)
    folder = find_git_folder(config.root)
    if folder is None:
        return repr([wanted, "no repository"]) if wanted is None else None
    ids = {name: folder.resolve(name) for name in ("HEAD", *names)}
    if ids["HEAD"] is None or (wanted is not None and ids[names[0]] is None):
        git = Git(config.root)
        ids = {name: git.commit(name) for name in ("HEAD", *names)}
    return repr([wanted, ids])


def _usual_base(config: Config) -> Base:
    from schemagen.cli.revision import has_project, no_repository

    git = Git(config.root)
    if problem := no_repository(git):
        if find_git_folder(config.root) is not None:
            raise _mistake("check_base", problem, "there is a repository, so there is something to compare with")
        return Base(missing=f"{problem}, so there is no earlier contract to compare with")
    if git.commit("HEAD") is None:
        return Base(missing="the repository has no commit yet, so there is no earlier contract to compare with")
    for name in MAIN_BRANCHES:
        commit = git.commit(name)
        if commit is not None:
            left = _left(git, name, commit)
            if not has_project(git, left, config):
                return Base(missing=f"there was no schemagen project yet where this branch left {name} ({left[:7]})")
            return Base(f"git:{name}", commit=left)
    if git.is_shallow():
        raise _shallow("there is no main branch in this clone")
    return Base(missing=f"there is no main branch ({', '.join(MAIN_BRANCHES[:4])}) to compare with")


def _left(git: Git, ref: str, commit: str) -> str:
    """Where we left a branch: what happened on it since is not our change. Tags and commits are meant as they are."""
    if not git.is_branch(ref):
        return commit
    found = git.merge_base("HEAD", commit)
    if found is not None:
        return found
    if git.is_shallow():
        raise _shallow(f"where this branch left {ref} is not in this clone")
    raise _mistake("check_base", f"this branch and {ref} share no commit", "changes are counted from where they parted")


def _named(config: Config, wanted: str, *, configured: bool) -> str:
    """The file, folder or address; "" for a commit. What is configured is below the project folder."""
    if wanted.startswith(("http://", "https://")):
        return wanted
    path = config.root / wanted if configured else Path(wanted)
    if wanted.startswith("git:") or not path.exists():
        if re.search(r"\.json$|\.py$|^\.|/$", wanted) and not wanted.startswith("git:"):
            raise _mistake("check_base", f"base {wanted}: there is no such file", "the contract is compared with it")
        return ""
    return str(path)


def _shallow(problem: str) -> CommandError:
    return CommandError(
        Mistake(
            "check_base",
            problem,
            why="the clone is shallow: it holds the latest commits alone, and a check without a base finds no break",
            fix="fetch the whole history: `git fetch --unshallow`; in CI, actions/checkout with fetch-depth: 0",
        )
    )


def _mistake(rule: str, problem: str, why: str) -> CommandError:
    return CommandError(Mistake(rule, problem, why, _FIX))
