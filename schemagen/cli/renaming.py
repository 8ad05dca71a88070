"""One rename in one project: the backend first; from its new contract what changes in the SDKs and their consumers."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import libcst as cst

from schemagen.cli.config import Config
from schemagen.cli.generation import load_backend
from schemagen.cli.mistake import CommandError, Mistake
from schemagen.cli.overlay import overlaid
from schemagen.cli.project_files import ProjectFiles
from schemagen.cli.sdk_names import Contracts, Declared, TableName, python_targets, typescript_names
from schemagen.cli.terminal import Terminal
from schemagen.cli.typescript_rename import rename_in_typescript
from schemagen.codemod.plan import Declares, plan
from schemagen.codemod.program import Module, Program, Source
from schemagen.codemod.references import References
from schemagen.codemod.request import (
    RenameArgument,
    RenameField,
    RenameFunction,
    RenameTable,
    RenameType,
    Request,
    parse_request,
)
from schemagen.codemod.rewrite import Rewritten, rewrite
from schemagen.codemod.targets import CannotRename, Doubt
from schemagen.emit.python import emit_python
from schemagen.introspect.diagnostics import InvalidBackend
from schemagen.model.contract import Contract, ErrorType, ObjectType


@dataclass(frozen=True, slots=True)
class Found:
    """Texts by path below the project folder, sorted, and places that may mean what is renamed."""

    before: Mapping[str, str]
    after: Mapping[str, str]
    doubts: tuple[Doubt, ...]


class Renaming:
    """Reads the backend when it is made. All of it raises `InvalidBackend`, `CannotRename` and `CommandError`."""

    def __init__(self, config: Config, old: str, new: str, terminal: Terminal, *, table: bool = False) -> None:
        self.config = config
        self.terminal = terminal
        self.request: Request = parse_request(old, new, table=table)
        terminal.progress(f"reading {config.backend}")
        backend, self.outside = load_backend(config)
        terminal.labelled(str(config.backend), backend.output)
        self.contract = backend.contract
        self.files = ProjectFiles(config, _sdk(config, backend.contract))
        self.program = Program(self.files.read)
        self.backend = [self._module(source) for source in self.files.backend()]
        places = {path: (f.handler.__module__, f.handler.__name__) for path, f in backend.functions.items()}
        self.plan = plan(self.request, Declares(self.contract, tuple(self.backend), places), self.program)

    def everywhere(self) -> Found:
        """What changes, if the backend is valid afterwards."""
        self.terminal.progress(f"renaming in {self.config.backend}")
        inside = rewrite(References(self.program, self.plan.targets), self.backend, self.plan.declarations)
        contracts = Contracts(self.contract.public, self._contract_after(inside).public)
        self.terminal.progress("renaming in what uses it")
        parts = [inside, self._in_python(contracts), *self._in_typescript(contracts)]
        refuse_two_ways(parts)
        before = {path: text for part in parts for path, text in part.before.items()}
        after = {path: text for part in parts for path, text in part.texts.items()}
        doubts = {doubt for part in parts for doubt in part.doubts}
        return Found(before, dict(sorted(after.items())), tuple(sorted(doubts)))

    def _module(self, source: Source) -> Module:
        try:
            return self.program.add(source)
        except cst.ParserSyntaxError as error:
            raise CannotRename(
                f"not valid Python: {error.message}",
                why="a file that cannot be read cannot be searched for what is renamed",
                fix="repair it, or move it out of the project",
                path=source.path,
                line=error.raw_line,
                column=error.raw_column + 1,
            ) from None

    def _contract_after(self, inside: Rewritten) -> Contract:
        """Of the rewritten backend, read in a temporary folder."""
        with overlaid(self.config.root, self.config.backend, inside.texts) as root:
            try:
                after, _ = load_backend(dataclasses.replace(self.config, root=root), self.outside)
            except InvalidBackend as invalid:
                raise CommandError(
                    Mistake(
                        "rename_breaks_backend",
                        f"after renaming {self.plan.says} the backend would have mistakes",
                        why=f"nothing was written; they would be:\n\n{str(invalid).rstrip()}\n",
                        fix="choose another name, or change these places first",
                    )
                ) from None
        _check_arrived(self.request, self.contract, after.contract, self.plan.says)
        return after.contract

    def _in_python(self, contracts: Contracts) -> Rewritten:
        """Consumers, tests and scripts: what they use of the backend itself, and of its SDK."""
        modules = [self._module(source) for source in (*self.files.consumers(), *self.files.others())]
        targets = self.plan.targets
        if self.config.python is not None:
            targets += python_targets(contracts, self.request, self.plan, self.config.python.package)
        return rewrite(References(self.program, targets), modules)

    def _in_typescript(self, contracts: Contracts) -> Iterator[Rewritten]:
        if self.config.typescript is None:
            return
        names = typescript_names(contracts, self.request, self.plan)
        for consumer in self.config.consumers:
            if consumer.language == "typescript" and names:
                yield rename_in_typescript(self.config, consumer, names, _texts(self.request, names))


def refuse_two_ways(parts: Sequence[Rewritten]) -> None:
    """A file that two consumers share has to change in one way. Raises `CommandError`."""
    seen: dict[str, str] = {}
    for part in parts:
        for path, text in part.texts.items():
            if seen.setdefault(path, text) != text:
                raise CommandError(
                    Mistake(
                        "rename_refused",
                        f"two consumers that share {path} would change it in different ways",
                        why="what it uses of the SDK is seen otherwise from each of them",
                        fix="rename without one of them in [[tool.schemagen.consumers]], and repair that one by hand",
                    )
                )


def _sdk(config: Config, contract: Contract) -> dict[PurePosixPath, str]:
    return emit_python(contract, config.python.package) if config.python is not None else {}


def _texts(request: Request, names: tuple[Declared | TableName, ...]) -> set[str]:
    """What a text in a consumer may say that means the old name."""
    if isinstance(request, RenameFunction):
        return {request.old}
    return {name.path[-1] for name in names if isinstance(name, Declared) and len(name.path) > 1}


def _check_arrived(request: Request, old: Contract, new: Contract, says: str) -> None:
    """The new contract has the new name, and knows the old one. Raises `CannotRename`."""
    match request:
        case RenameFunction(old=before, new=after):
            function = new.functions_by_path.get(after)
            arrived = function is not None and old.functions_by_path[before].python_path in function.renamed_from
        case RenameArgument(function=path):
            arrived = any(
                before.name in after.renamed_from
                for before, after in zip(
                    old.functions_by_path[path].args, new.functions_by_path[path].args, strict=True
                )
            )
        case RenameField(new=after):
            fields = [f for t in (*new.types, *new.errors) if isinstance(t, ObjectType | ErrorType) for f in t.fields]
            arrived = any(field.name == after and field.renamed_from for field in fields) or len(fields) == 0
        case RenameTable(old=before, new=after):
            arrived = after in new.tables_by_name and before in new.tables_by_name[after].renamed_from
        case RenameType(old=before):
            arrived = before not in new.types_by_name
    if not arrived:
        raise CannotRename(
            f"{says}: the new name does not show in the contract of the rewritten backend",
            why="what declares it is computed or decorated in a way that cannot be rewritten",
            fix="rename it by hand and write renamed_from where it is declared; docs/renames.md shows how",
        )
