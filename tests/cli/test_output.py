"""Output folders: what is written, in which order, what is left alone, and what an interrupted build leaves."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest

from schemagen.cli.manifest import MANIFEST
from schemagen.cli.mistake import CommandError
from schemagen.cli.output import Output, Plan, compare, write, write_order
from schemagen.cli.stale import stale_report


def output(root: Path, **files: str) -> Output:
    """`crm__init=…` is crm/init.py."""
    return Output(
        root, PurePosixPath("out"), {PurePosixPath(f"{name.replace('__', '/')}.py"): files[name] for name in files}
    )


def build(root: Path, **files: str) -> Plan:
    plan = compare(output(root, **files))
    write([plan])
    return plan


def tree(root: Path) -> dict[str, str]:
    """Everything below a folder except manifests."""
    return {
        path.relative_to(root).as_posix(): path.read_text()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def paths(*names: str) -> tuple[PurePosixPath, ...]:
    return tuple(map(PurePosixPath, names))


def test_a_first_build_writes_everything_and_a_second_touches_nothing(tmp_path: Path) -> None:
    assert build(tmp_path, a="1", b__c="2").added == paths("a.py", "b/c.py")
    assert tree(tmp_path) == {"out/a.py": "1", "out/b/c.py": "2"}
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert build(tmp_path, a="1", b__c="2").fresh
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_only_changed_files_are_written(tmp_path: Path) -> None:
    build(tmp_path, a="1", b="2")
    before = (tmp_path / "out" / "b.py").stat()
    assert build(tmp_path, a="new", b="2").changed == paths("a.py")
    after = (tmp_path / "out" / "b.py").stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_files_no_longer_produced_go_with_their_bytecode_and_empty_folders(tmp_path: Path) -> None:
    build(tmp_path, a="1", old__deep__b="2")
    cache = tmp_path / "out" / "old" / "deep" / "__pycache__"
    cache.mkdir()
    (cache / "b.cpython-311.pyc").write_text("bytecode")
    assert build(tmp_path, a="1").removed == paths("old/deep/b.py")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [MANIFEST, "a.py"]


def test_a_folder_that_holds_somebody_elses_file_stays(tmp_path: Path) -> None:
    build(tmp_path, a="1", old__b="2")
    (tmp_path / "out" / "old" / "notes.txt").write_text("mine")
    build(tmp_path, a="1")
    assert tree(tmp_path) == {"out/a.py": "1", "out/old/notes.txt": "mine"}


def test_files_of_others_are_never_removed(tmp_path: Path) -> None:
    build(tmp_path, a="1")
    (tmp_path / "out" / "mine.py").write_text("mine")
    assert build(tmp_path, a="2").stale == paths("a.py")
    assert tree(tmp_path)["out/mine.py"] == "mine"


def test_a_file_of_somebody_else_in_the_place_of_ours_is_named_and_kept(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.py").write_text("mine")
    plan = compare(output(tmp_path, a="1", b="2"))
    assert (plan.foreign, plan.added) == (paths("a.py"), paths("b.py"))
    forced = compare(output(tmp_path, a="1", b="2"), force=True)
    assert (forced.foreign, forced.changed) == ((), paths("a.py"))


def test_a_file_edited_by_hand_is_known_as_such_until_it_is_right_again(tmp_path: Path) -> None:
    build(tmp_path, a="1", b="2")
    (tmp_path / "out" / "a.py").write_text("edited")
    assert compare(output(tmp_path, a="1", b="2")).edited == paths("a.py")
    assert compare(output(tmp_path, a="new", b="2")).edited == paths("a.py")
    (tmp_path / "out" / "a.py").write_text("new")
    assert compare(output(tmp_path, a="new", b="2")).edited == ()
    assert compare(output(tmp_path, a="newer", b="2"), force=False).edited == paths("a.py")
    assert compare(output(tmp_path, a="newer", b="2"), force=True).changed == paths("a.py")


def test_an_edited_file_that_is_no_longer_produced_is_kept_and_stays_known(tmp_path: Path) -> None:
    build(tmp_path, a="1", old="2")
    (tmp_path / "out" / "old.py").write_text("edited")
    for _ in range(2):
        assert build(tmp_path, a="3").edited == paths("old.py")
    assert tree(tmp_path) == {"out/a.py": "3", "out/old.py": "edited"}


def test_a_file_somebody_removed_comes_back(tmp_path: Path) -> None:
    build(tmp_path, a="1", b="2")
    (tmp_path / "out" / "a.py").unlink()
    assert build(tmp_path, a="1", b="2").added == paths("a.py")
    assert compare(output(tmp_path, a="1", b="2")).fresh


def test_a_lost_manifest_is_written_again_if_all_files_are_right(tmp_path: Path) -> None:
    build(tmp_path, a="1")
    manifest = (tmp_path / "out" / MANIFEST).read_text()
    (tmp_path / "out" / MANIFEST).write_text("<<<<<<< ours")
    plan = build(tmp_path, a="1")
    assert (plan.fresh, plan.stale, stale_report([plan])) == (False, (), f"out/{MANIFEST}: stale")
    assert (tmp_path / "out" / MANIFEST).read_text() == manifest


def test_a_checkout_with_other_line_ends_is_fresh(tmp_path: Path) -> None:
    build(tmp_path, a="1\n2\n")
    (tmp_path / "out" / "a.py").write_bytes(b"1\r\n2\r\n")
    assert compare(output(tmp_path, a="1\n2\n")).fresh


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_link_inside_the_folder_is_never_followed(tmp_path: Path, what: str) -> None:
    build(tmp_path, a="1", b__c="2")
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "c.py").write_text("2")
    if what == "file":
        (tmp_path / "out" / "b" / "c.py").unlink()
        (tmp_path / "out" / "b" / "c.py").symlink_to(tmp_path / "precious" / "c.py")
    else:
        (tmp_path / "out" / "b" / "c.py").unlink()
        (tmp_path / "out" / "b").rmdir()
        (tmp_path / "out" / "b").symlink_to(tmp_path / "precious")
    for files in ({"a": "1", "b__c": "new"}, {"a": "1"}):
        with pytest.raises(CommandError, match="is a symbolic link"):
            build(tmp_path, **files)
    assert (tmp_path / "precious" / "c.py").read_text() == "2"


def test_a_manifest_that_names_files_outside_its_folder_is_not_believed(tmp_path: Path) -> None:
    build(tmp_path, a="1")
    (tmp_path / "precious.py").write_text("2")
    manifest = tmp_path / "out" / MANIFEST
    manifest.write_text(manifest.read_text().replace("a.py", "../precious.py"))
    with pytest.raises(AssertionError):  # a.py is nobody's now: the command names it before it gets this far
        build(tmp_path, a="2")
    assert (tmp_path / "precious.py").exists()


def test_nothing_is_named_by_a_file_before_it_is_there() -> None:
    given = {"index.js": False, "api.d.ts": True, "types/contact.js": False, "contacts.js": True, "package.json": True}
    order = sorted(map(PurePosixPath, given), key=lambda path: write_order(path, given[str(path)]))
    assert [str(path) for path in order] == ["contacts.js", "types/contact.js", "api.d.ts", "index.js", "package.json"]


OLD = {"kept": "1", "changed": "old", "gone": "old", "pkg__index": "old"}
NEW = {"kept": "1", "changed": "new", "added": "new", "pkg__index": "new"}


class Stop(Exception):
    """What stands for a killed process."""


def stop_after(count: int) -> Callable[[Path, Path], None]:
    """Replaces files until there have been enough."""
    left = [count]

    def replace(source: Path, target: Path) -> None:
        if left[0] == 0:
            raise Stop
        left[0] -= 1
        source.replace(target)

    return replace


@pytest.mark.parametrize("count", range(5))
def test_a_build_stopped_anywhere_leaves_whole_files_that_the_next_build_knows(tmp_path: Path, count: int) -> None:
    build(tmp_path, **OLD)
    with pytest.raises(Stop):
        write([compare(output(tmp_path, **NEW))], stop_after(count))
    for name, text in tree(tmp_path).items():
        stem = name.removeprefix("out/").removesuffix(".py").replace("/", "__")
        assert text in (OLD.get(stem), NEW.get(stem))
    # Even if the backend has moved on, nothing counts as edited by hand.
    newest = {**NEW, "changed": "newest"}
    plan = build(tmp_path, **newest)
    assert (plan.edited, plan.foreign) == ((), ())
    assert compare(output(tmp_path, **newest)).fresh
    assert tree(tmp_path) == {
        "out/kept.py": "1",
        "out/changed.py": "newest",
        "out/added.py": "new",
        "out/pkg/index.py": "new",
    }


BUILD_FOREVER = """
import sys, itertools
from pathlib import Path, PurePosixPath
from schemagen.cli.output import Output, compare, write
root = Path(sys.argv[1])
for turn in itertools.count():
    files = {PurePosixPath(f"m{n}.py"): f"{turn}\\n" * 5000 for n in range(turn % 3, 20)}
    write([compare(Output(root, PurePosixPath("out"), files))])
    if turn == 0:
        print("started", flush=True)
"""


@pytest.mark.slow
def test_a_killed_build_leaves_whole_files(tmp_path: Path) -> None:
    seed = random.randrange(2**32)
    delays = random.Random(seed)
    for turn in range(10):
        process = subprocess.Popen(
            [sys.executable, "-c", BUILD_FOREVER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        with process.stdout:
            assert process.stdout.readline() == "started\n", f"seed {seed}, turn {turn}"
            time.sleep(delays.uniform(0, 0.1))
            process.send_signal(signal.SIGKILL)
            process.wait()
        for path in (tmp_path / "out").glob("*.py"):
            lines = path.read_text().splitlines()
            assert len(lines) == 5000 and len(set(lines)) == 1, f"seed {seed}, turn {turn}: {path} is not whole"
    files = {PurePosixPath("m0.py"): "0\n"}
    plan = compare(Output(tmp_path, PurePosixPath("out"), files))
    assert (plan.edited, plan.foreign) == ((), ()), f"seed {seed}"
    write([plan])
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [MANIFEST, "m0.py"], f"seed {seed}"


def test_what_is_stale_is_shown_as_a_short_diff(tmp_path: Path) -> None:
    build(tmp_path, a="".join(f"line {n}\n" for n in range(40)), gone="x\n")
    new = "".join(f"line {n}\n" if n != 20 else "another line\n" for n in range(40))
    assert stale_report([compare(output(tmp_path, a=new, b="new\n"))]).splitlines() == [
        "out/a.py: stale",
        "  @@ -19,5 +19,5 @@",
        "   line 18",
        "   line 19",
        "  -line 20",
        "  +another line",
        "   line 21",
        "   line 22",
        "out/b.py: missing",
        "out/gone.py: no longer generated",
    ]


def test_a_diff_is_never_long(tmp_path: Path) -> None:
    def files(text: str) -> dict[str, str]:
        return {f"m{n:03}": "".join(f"{text} {line}\n" for line in range(3000 if n == 0 else 50)) for n in range(100)}

    build(tmp_path, **files("old"))
    lines = stale_report([compare(output(tmp_path, **files("new")))]).splitlines()
    assert lines[:2] == ["out/m000.py: stale", "  about 3000 lines differ"]
    assert len(lines) <= 65
    assert lines[-1].startswith("… and 96 more: out/m004.py, ")
