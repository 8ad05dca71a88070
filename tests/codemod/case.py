"""A case of `tests/cases/rename`: a project before, a command, and what the command says and changes.

before/shop/…    the backend; before/app/… a Python consumer; before/web/… a TypeScript one; before/tests/… tests
command.txt      the arguments of `schemagen rename`
diff.txt         what --dry-run prints; absent where nothing changes
says.txt         what it says besides: files, doubtful places, or why it refuses
"""

from __future__ import annotations

import io
import shlex
import shutil
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from schemagen.cli.main import main
from tests.conftest import ROOT

CASES = ROOT / "tests/cases/rename"
NODE_MODULES = ROOT / "templates/typescript/node_modules"

CONFIG = """
[tool.schemagen]
backend = "shop"

[tool.schemagen.python]
out = "generated/python"
package = "shop_sdk"

[tool.schemagen.typescript]
out = "generated/typescript"
package = "@shop/sdk"
"""
CONSUMERS = {"app": "python", "web": "typescript"}
TSCONFIG = """{
  "compilerOptions": {
    "target": "ES2022", "lib": ["ES2022"], "module": "NodeNext", "moduleResolution": "NodeNext",
    "types": [], "strict": true, "noEmit": true, "jsx": "preserve"
  },
  "include": ["**/*.ts", "**/*.tsx"]
}
"""


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


class Case:
    """A copy of a case's project in a temporary folder."""

    def __init__(self, name: str, folder: Path) -> None:
        self.given = CASES / name
        self.folder = folder
        self.command = shlex.split((self.given / "command.txt").read_text("utf-8"))
        shutil.copytree(self.given / "before", folder, dirs_exist_ok=True)
        for file in list(folder.rglob("*.py")):
            if file.is_relative_to(folder / "shop"):
                (file.parent / "__init__.py").touch()
        consumers = [(name, language) for name, language in CONSUMERS.items() if (folder / name).is_dir()]
        listed = "".join(
            f'\n[[tool.schemagen.consumers]]\nname = "{name}"\npath = "{name}"\nlanguage = "{language}"\n'
            for name, language in consumers
        )
        (folder / "pyproject.toml").write_text(CONFIG + listed, "utf-8")
        if (folder / "web").is_dir():
            self._install()

    def _install(self) -> None:
        """What `npm install` would put into the TypeScript consumer, and the SDK as it is before."""
        (self.folder / "web/tsconfig.json").write_text(TSCONFIG, "utf-8")
        modules = self.folder / "web/node_modules"
        (modules / "@shop").mkdir(parents=True)
        (modules / "@shop/sdk").symlink_to(self.folder / "generated/typescript", target_is_directory=True)
        (modules / "typescript").symlink_to(NODE_MODULES / "typescript-5.9", target_is_directory=True)
        assert self.run("build").code == 0

    def rename(self, *options: str) -> Ran:
        ran = self.run("rename", *self.command, *options)
        said = [line for line in ran.err.splitlines() if not line.startswith(("reading ", "renaming in "))]
        return Ran(ran.code, ran.out, "".join(f"{line}\n" for line in said))

    def run(self, command: str, *arguments: str) -> Ran:
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main([command, "--project", str(self.folder), *arguments])
        return Ran(code, out.getvalue(), err.getvalue())

    def texts(self) -> dict[str, str]:
        """Every file that somebody wrote, by path."""
        files = (file for file in sorted(self.folder.rglob("*")) if file.is_file() and not _is_generated(file))
        return {file.relative_to(self.folder).as_posix(): file.read_bytes().decode() for file in files}


def _is_generated(file: Path) -> bool:
    return bool({"generated", "node_modules", "__pycache__", ".mypy_cache"} & set(file.parts))
