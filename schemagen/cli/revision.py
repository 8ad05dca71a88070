"""A contract as it is, or was, somewhere: a folder, a file, a commit, a running server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemagen.cli.config import Config, load_config
from schemagen.cli.git import Git, GitError
from schemagen.cli.mistake import CommandError, Mistake, did_you_mean
from schemagen.cli.terminal import Terminal

if TYPE_CHECKING:
    from schemagen.introspect import Backend
    from schemagen.model.contract import Contract

TIMEOUT_SECONDS = 30.0
WORKING_TREE = "the working tree"
_FORMS = "a backend's folder, a contract.json, git:<branch, tag or commit>, or the address of a running server"


def _no_source(_file: str, _line: int) -> str:
    return ""


@dataclass(frozen=True)
class Revision:
    """One of the two things that are compared."""

    name: str
    """For people: `git:main (0123456)`."""
    contract: Contract
    source: Callable[[str, int], str] = _no_source
    """The text of a line where its declarations stand."""
    public: bool = False
    """Only what clients see of it is known, as of a running server."""
    backend: Backend | None = None
    """If it was imported for this."""


class Reader:
    """Finds revisions. Those that have to be imported are imported anew, one after the other."""

    def __init__(self, config: Config | None, terminal: Terminal) -> None:
        """`config` is that of the project; without one, nothing of git's can be read."""
        self.config = config
        self.terminal = terminal
        self.outside: tuple[str, ...] = ()
        """Files that the last backend imported from outside its folder."""

    def read(self, given: str) -> Revision:
        """Raises `CommandError`, and `InvalidBackend` for a folder."""
        if given.startswith(("http://", "https://")):
            return read_server(given)
        if given.startswith("git:"):
            ref, _, below = given.removeprefix("git:").partition(":")
            return self.read_commit(f"git:{ref}", ref, below)
        path = Path(given)
        if path.is_file() and path.suffix != ".py":
            return Revision(given, contract_from_text(path.read_text("utf-8", errors="replace"), given))
        if path.exists():
            return self.read_folder(path, given)
        if self.config is not None and Git(self.config.root).commit(given) is not None:
            return self.read_commit(given, given)
        raise _mistake(
            "diff_unknown",
            f'"{given}" is nothing that has a contract',
            f"each side of a diff is {_FORMS}",
            "correct it",
        )

    def read_project(self) -> Revision:
        """The project's own backend, as it is now. Raises `InvalidBackend`."""
        return self._introspected(self.project, WORKING_TREE)

    def read_folder(self, folder: Path, name: str) -> Revision:
        """A backend's package, or a project's folder. Raises `InvalidBackend`."""
        folder = folder.resolve()
        if (folder / "pyproject.toml").is_file() and not (folder / "__init__.py").is_file():
            return self._introspected(load_config(folder), name)
        return self._introspected(_package_config(folder), name)

    def read_commit(self, name: str, ref: str, path: str = "") -> Revision:
        """The committed contract; where there is none, the backend as it was is imported. Raises `CommandError`."""
        config = self.project
        git = Git(config.root)
        if problem := no_repository(git):
            fix = "run this in a clone, or name a folder, a contract.json or a server instead"
            raise _mistake("diff_no_git", f"{name}: {problem}", "a commit is read with git", fix)
        commit = git.commit(ref)
        if commit is None:
            raise no_commit(git, name, ref)
        name = name if commit.startswith(name.removeprefix("git:")) else f"{name} ({commit[:7]})"

        def source(file: str, line: int) -> str:
            return _line(git.show(commit, file) or "", line)

        if path and git.show(commit, path) is None:
            why = f"{_FORMS}; git:<ref>:<path> takes the contract from another path"
            raise _mistake("diff_unknown", f"there is no {path} at {name}", why, "correct the path, or leave it out")
        shown = path or str(_contract_path(git, commit, config))
        text = git.show(commit, shown)
        if text is not None:
            return Revision(name, contract_from_text(text, f"{shown} at {name}"), source)
        return self._exported(git, commit, name, source)

    def _exported(self, git: Git, commit: str, name: str, source: Callable[[str, int], str]) -> Revision:
        import tempfile

        from schemagen.introspect.diagnostics import InvalidBackend

        with tempfile.TemporaryDirectory(prefix="schemagen-") as folder:
            try:
                git.export(commit, Path(folder))
                read = self._introspected(load_config(Path(folder)), name)
            except (GitError, InvalidBackend, CommandError) as error:
                raise _mistake(
                    "diff_backend",
                    f"no contract is committed at {name}, and its backend cannot be read:\n{_indented(str(error))}",
                    "without its contract there is nothing to compare with",
                    "commit the contract that `schemagen build` writes, or name another commit, or a contract.json",
                ) from None
        return Revision(name, read.contract, source)

    def _introspected(self, config: Config, name: str) -> Revision:
        from schemagen.cli.generation import load_backend

        self.terminal.progress(f"reading {name if name.startswith('git:') else config.backend}")
        backend, self.outside = load_backend(config, self.outside)
        self.terminal.labelled(str(config.backend), backend.output)
        return project_revision(config, backend, name)

    @property
    def project(self) -> Config:
        """Raises `CommandError` where a command runs outside of any."""
        if self.config is None:
            why = "commits are looked for in the repository that the project is in"
            raise _mistake("diff_no_project", "there is no project here", why, "say --project <folder>")
        return self.config


def project_revision(config: Config, backend: Backend, name: str = WORKING_TREE) -> Revision:
    """A backend that was imported."""
    return Revision(name, backend.contract, file_source(config.root), backend=backend)


def read_server(url: str) -> Revision:
    """What a running server says of itself. Raises `CommandError`."""
    import json

    import httpx

    address = url.rstrip("/").removesuffix("/api/contract")
    try:
        answer = httpx.get(f"{address}/api/contract", timeout=TIMEOUT_SECONDS, follow_redirects=True)
        body: Any = answer.json()
        text = json.dumps(body["contract"])
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        problem = str(error) or type(error).__name__
    except (ValueError, KeyError, TypeError):
        problem = f"it answered {answer.status_code}, but not as a schemagen server does"
    else:
        return Revision(address, contract_from_text(text, address), public=True)
    why = "a server says its contract at /api/contract"
    fix = "start it with `schemagen serve`, or correct the address: http://127.0.0.1:8000"
    raise _mistake("diff_unreachable", f"{address}: {problem}", why, fix)


def contract_from_text(text: str, name: str) -> Contract:
    """Of a contract.json, or of what a server answers. Raises `CommandError`."""
    from schemagen.model.canonical import from_json

    try:
        return from_json(text)
    except ValueError as error:
        why = "a contract is what `schemagen build` writes, by default to generated/contract.json"
        fix = "name that file; if another version of schemagen wrote it, build it anew with this one"
        raise _mistake("diff_contract", f"{name}: {error}", why, fix) from None


def file_source(root: Path) -> Callable[[str, int], str]:
    """Lines of the files below a folder; each file is read once."""
    from functools import cache

    @cache
    def text(file: str) -> str:
        try:
            return (root / file).read_text("utf-8", errors="replace")
        except (OSError, ValueError):
            return ""

    return lambda file, line: _line(text(file), line)


def _line(text: str, number: int) -> str:
    lines = text.splitlines()
    return lines[number - 1] if 0 < number <= len(lines) else ""


def _package_config(folder: Path) -> Config:
    from pathlib import PurePosixPath

    return Config(folder.parent, PurePosixPath(folder.name), PurePosixPath("generated/contract.json"), None, None)


def _contract_path(git: Git, commit: str, config: Config) -> object:
    """Where the contract was then: another place may have been configured."""
    import tomllib

    try:
        table = tomllib.loads(git.show(commit, "pyproject.toml") or "")["tool"]["schemagen"]
        return table.get("contract", "generated/contract.json")
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError):
        return config.contract


def has_project(git: Git, commit: str, config: Config) -> bool:
    """Whether a project was there already."""
    text = git.show(commit, "pyproject.toml") or ""
    return "[tool.schemagen" in text or git.show(commit, str(config.contract)) is not None


def no_repository(git: Git) -> str:
    """What keeps git from being asked; "" if nothing does."""
    try:
        return "" if git.is_repository() else f"{git.folder} is in no git repository"
    except GitError as error:
        return str(error)


def no_commit(git: Git, name: str, ref: str) -> CommandError:
    """The mistake of a name that git does not know."""
    known = (git.text("for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags") or "").split()
    shallow = git.is_shallow()
    why = (
        "this clone is shallow: it holds the latest commits alone" if shallow else "it is no branch, tag or commit here"
    )
    fix = "fetch the whole history: `git fetch --unshallow`, or fetch-depth: 0 in CI" if shallow else "correct its name"
    return _mistake("diff_unknown", f'{name}: git knows no "{ref}"{did_you_mean(ref, known)}', why, fix)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.rstrip().splitlines())


def _mistake(rule: str, message: str, why: str, fix: str) -> CommandError:
    return CommandError(Mistake(rule, message, why, fix))
