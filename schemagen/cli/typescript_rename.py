"""The door to TypeScript's language service: node runs `check/rename.mjs`, which comes with schemagen."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from schemagen.cli.config import Config, Consumer
from schemagen.cli.mistake import CommandError, Mistake
from schemagen.cli.sdk_names import Declared, TableName
from schemagen.codemod.rewrite import Rewritten
from schemagen.codemod.targets import Doubt
from schemagen.emit.templates import template_root

SECONDS_MAX = 600


def rename_in_typescript(
    config: Config, consumer: Consumer, names: Sequence[Declared | TableName], texts: Iterable[str]
) -> Rewritten:
    """What changes in one consumer; nothing is written. Raises `CommandError` where that cannot be found out."""
    assert config.typescript is not None, "there are names only where there is an SDK"
    root = config.root.resolve()
    request = {
        "root": str(root),
        "consumer": str((root / consumer.path).resolve()),
        "generated": [str((root / target.out).resolve()) for _, target in config.targets],
        "package": config.typescript.package,
        "sdk": str((root / config.typescript.out).resolve()),
        "names": [{"file": n.file, "path": list(n.path), "to": n.to} for n in names if isinstance(n, Declared)],
        "tables": [{"old": n.old, "new": n.new} for n in names if isinstance(n, TableName)],
        "texts": sorted(texts),
    }
    answer = json.loads(_run(consumer, json.dumps(request)))
    if not answer["ok"]:
        raise CommandError(_mistake(consumer, answer["message"], why=answer["why"], fix=answer["fix"]))
    return Rewritten(
        {_shown(path, root): text["after"] for path, text in answer["texts"].items()},
        {_shown(path, root): text["before"] for path, text in answer["texts"].items()},
        tuple(Doubt(_shown(d["file"], root), d["line"], d["column"], d["text"], d["why"]) for d in answer["doubts"]),
    )


def _run(consumer: Consumer, request: str) -> str:
    node = shutil.which("node")
    if node is None:
        raise CommandError(
            _mistake(
                consumer,
                "node was not found",
                why="TypeScript's language service, which finds the uses of an SDK, runs in it",
                fix="install Node 20 or later, or rename without this consumer in [[tool.schemagen.consumers]]",
            )
        )
    done = subprocess.run(
        [node, str(_script())], input=request, capture_output=True, encoding="utf-8", timeout=SECONDS_MAX, check=False
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no output"])[-1]
        raise CommandError(
            _mistake(
                consumer,
                f"TypeScript's language service ended with exit code {done.returncode}: {last}",
                why="without its answer the uses in this consumer are not known",
                fix="check that tsc runs there; node must be 20 or later",
            )
        )
    return done.stdout


def _script() -> Path:
    """In a wheel what is in `dist` stands in the folder itself."""
    folder = template_root() / "typescript"
    compiled = folder / "dist" if (folder / "dist").is_dir() else folder
    return compiled / "check" / "rename.mjs"


def _shown(path: str, root: Path) -> str:
    file = Path(path)
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else path


def _mistake(consumer: Consumer, message: str, *, why: str, fix: str) -> Mistake:
    return Mistake("rename_typescript", f"consumer {consumer.name}: {message}", why=why, fix=fix)
