"""Three versions of one mobile client in the stores, and one backend: each change works, or is refused by its name.

How the same clients fare at run time stands in `tests/roundtrip/test_generations.py`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.gitted import Gitted
from tests.cli.project import CONFIG

TOOLS = Path(__file__).resolve().parents[2] / "templates" / "typescript" / "node_modules"
MOBILE = """
    [tool.schemagen.check]
    unused = "inform"

    [[tool.schemagen.consumers]]
    name = "mobile"
    path = "mobile"
    language = "typescript"
"""
HEAD = """
    import { Client } from "@shop/backend";
    import { api } from "@shop/backend/api";

    const shop = new Client("https://shop.example");
"""
FIRST = """
    for (const task of await shop.query(api.tasks.list, {})) console.log(task.title);
"""
SECOND = """
    for (const task of await shop.query(api.tasks.list, { done: false })) console.log(task.title, task.note);
    await shop.mutation(api.tasks.create, { title: "Sweep" });
"""
THIRD = """
    await shop.mutation(api.tasks.create, { title: "Sweep", urgency: "high" });
    console.log(await shop.query(api.tasks.caller, {}));
"""


@pytest.fixture
def shop(tmp_path: Path) -> Gitted:
    (tmp_path / "mobile/node_modules").mkdir(parents=True)
    (tmp_path / "mobile/node_modules/typescript").symlink_to(TOOLS / "typescript", target_is_directory=True)
    (tmp_path / ".gitignore").write_text("node_modules\n.schemagen-cache\n")
    project = Gitted(tmp_path)
    project.write("pyproject.toml", CONFIG + MOBILE)
    project.write("mobile/package.json", '{"type": "module"}')
    return project


def release(shop: Gitted, version: str, source: str, sunset: str = "2999-12-31") -> None:
    shop.write("mobile/main.ts", HEAD + source)
    assert shop.run("build").code == 0
    ran = shop.run("release", "mobile", version, "--sunset", sunset)
    assert ran.code == 0, ran.err
    shop.commit(f"mobile {version} is in the stores")


def deploy(shop: Gitted, file: str, old: str, new: str) -> None:
    """A change of the backend that fits whoever is there."""
    shop.edit(file, old, new)
    assert shop.run("build").code == 0
    ran = shop.run("check")
    assert ran.code == 0, ran.out + ran.err
    shop.commit(f"{old} becomes {new}")


def refused(shop: Gitted, file: str, old: str, new: str) -> dict[str, list[str] | None]:
    """A change of the backend that breaks somebody: by place, the clients it breaks. It is taken back."""
    shop.edit(file, old, new)
    assert shop.run("build").code == 0
    code, report = shop.json("check", "--format", "json")
    shop.git("checkout", "--quiet", ".")
    assert code == 1
    assert report["verdict"] == "breaking"
    return {change["at"]: change["clients"] for change in report["changes"] if change["level"] == "wire"}


@pytest.mark.slow
def test_each_version_in_the_stores_keeps_working_or_the_change_is_refused_by_its_name(shop: Gitted) -> None:
    schema, tasks = "shop_backend/schema.py", "shop_backend/tasks.py"
    release(shop, "1.0", FIRST)

    deploy(shop, schema, "done: bool = False", 'done: bool = False\n    note: str = ""')
    release(shop, "2.0", SECOND)
    deploy(shop, tasks, "title: str) -> Id[Task]", 'title: str, urgency: str = "low") -> Id[Task]')
    release(shop, "3.0", THIRD)

    # A result's field: whoever reads it.
    assert refused(shop, schema, '    note: str = ""\n', "")["Task.note"] == ["mobile@2.0"]
    # What all versions do not send alike.
    assert refused(shop, tasks, "*, title: str, urgency", "*, title: str, size: int, urgency") == {
        "tasks.create(size)": ["mobile@2.0", "mobile@3.0"]
    }
    # An argument that one version sends.
    assert refused(shop, tasks, ', urgency: str = "low"', "") == {"tasks.create(urgency)": ["mobile@3.0"]}
    # A function, for each version that calls it.
    assert refused(shop, tasks, "async def list_(", "async def everything(") == {
        "tasks.list": ["mobile@1.0", "mobile@2.0"]
    }
    # Nobody calls it: that is said, and nobody is in the way.
    shop.edit(tasks, "async def fail(", "async def fail_now(")
    assert shop.run("build").code == 0
    ran = shop.run("check")
    assert (ran.code, "no released client uses it" in ran.out) == (0, True)
    shop.git("checkout", "--quiet", ".")


@pytest.mark.slow
def test_a_version_counts_until_its_sunset(shop: Gitted) -> None:
    release(shop, "1.0", FIRST)
    release(shop, "2.0", THIRD)
    shop.edit("contracts/mobile/1.0.json", "2999-12-31", "2026-01-01")
    shop.edit("shop_backend/tasks.py", "async def list_(", "async def everything(")
    assert shop.run("build").code == 0
    code, report = shop.json("check", "--format", "json")
    assert (code, [change["clients"] for change in report["changes"] if change["level"] == "wire"]) == (0, [[]])
