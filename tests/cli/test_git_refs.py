"""What is read of `.git` itself is what git says, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemagen.cli.git_refs import GitFolder, find_git_folder
from tests.cli.gitted import Gitted


@pytest.fixture
def gitted(tmp_path: Path) -> Gitted:
    gitted = Gitted(tmp_path / "shop")
    gitted.git("tag", "v1")
    gitted.git("branch", "release/2")
    gitted.git("update-ref", "refs/remotes/origin/main", "HEAD")
    gitted.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    gitted.write("more.txt", "")
    gitted.commit("another")
    return gitted


NAMES = ("HEAD", "main", "v1", "release/2", "origin/main", "origin", "refs/heads/main", "tags/v1", "heads/main")


def folder(project: Gitted) -> GitFolder:
    found = find_git_folder(project.folder)
    assert found is not None
    return found


def test_names_are_resolved_as_git_does(gitted: Gitted) -> None:
    for name in NAMES:
        assert folder(gitted).resolve(name) == gitted.git("rev-parse", name), name


def test_packed_names_are_resolved_too_and_loose_ones_win(gitted: Gitted) -> None:
    gitted.git("tag", "--annotate", "v2", "--message", "annotated")
    gitted.git("pack-refs", "--all")
    for name in (*NAMES, "v2"):
        assert folder(gitted).resolve(name) == gitted.git("rev-parse", name), name
    gitted.write("yet-more.txt", "")
    assert folder(gitted).resolve("main") != gitted.commit("on top") == folder(gitted).resolve("main")


def test_a_detached_head_and_a_further_work_tree_are_read(gitted: Gitted, tmp_path: Path) -> None:
    gitted.git("worktree", "add", "--quiet", "-b", "feature", str(tmp_path / "other"), "v1")
    other = find_git_folder(tmp_path / "other" / "shop_backend")
    assert other is not None
    assert other.resolve("HEAD") == gitted.git("rev-parse", "v1") != folder(gitted).resolve("HEAD")
    assert other.resolve("main") == gitted.git("rev-parse", "main")
    gitted.git("switch", "--quiet", "--detach", "v1")
    assert folder(gitted).resolve("HEAD") == gitted.git("rev-parse", "v1")


@pytest.mark.parametrize("name", ["nothing", "main~1", "HEAD^", "../main", "/etc/passwd", "description", "config", ""])
def test_what_is_no_name_is_unknown(gitted: Gitted, name: str) -> None:
    assert folder(gitted).resolve(name) is None


def test_names_that_lead_in_a_circle_are_unknown(gitted: Gitted) -> None:
    gitted.write(".git/refs/heads/a", "ref: refs/heads/b")
    gitted.write(".git/refs/heads/b", "ref: refs/heads/a")
    assert folder(gitted).resolve("a") is None


def test_a_folder_outside_of_git_has_none(tmp_path: Path) -> None:
    assert find_git_folder(tmp_path) is None


def test_a_git_folder_that_is_elsewhere_is_left_to_git(gitted: Gitted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/somewhere/else")
    assert find_git_folder(gitted.folder) is None
