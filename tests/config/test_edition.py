"""What runs is named by its version and its commit, wherever it was put."""

from pathlib import Path

import pytest

from config.edition import checked_out, edition

COMMIT = "56e52ee0123456789abcdef0123456789abcdef0"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("EDITION", raising=False)
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n')
    return tmp_path


def lay_checkout(git: Path, head: str) -> None:
    git.mkdir(parents=True)
    (git / "HEAD").write_text(f"{head}\n")


def test_baked_commit_comes_first(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITION", COMMIT)
    assert edition(tree) == "1.2.3+56e52ee01234"


def test_without_a_checkout_the_version_stands_alone(tree: Path) -> None:
    assert edition(tree) == "1.2.3"


def test_branch_is_followed_to_its_commit(tree: Path) -> None:
    lay_checkout(tree / ".git", "ref: refs/heads/main")
    (tree / ".git" / "refs" / "heads").mkdir(parents=True)
    (tree / ".git" / "refs" / "heads" / "main").write_text(f"{COMMIT}\n")
    assert edition(tree) == "1.2.3+56e52ee01234"


def test_packed_branch_and_loose_commit_are_read(tree: Path) -> None:
    lay_checkout(tree / ".git", "ref: refs/heads/main")
    (tree / ".git" / "packed-refs").write_text(f"# pack-refs\n{'0' * 40} refs/heads/other\n{COMMIT} refs/heads/main\n")
    assert checked_out(tree) == COMMIT
    (tree / ".git" / "HEAD").write_text(COMMIT)
    assert checked_out(tree) == COMMIT


def test_second_checkout_shares_the_branches_of_the_first(tree: Path) -> None:
    shared = tree / "first" / ".git"
    lay_checkout(shared, "ref: refs/heads/main")
    own = shared / "worktrees" / "second"
    lay_checkout(own, "ref: refs/heads/side")
    (own / "commondir").write_text("../..\n")
    (shared / "refs" / "heads").mkdir(parents=True)
    (shared / "refs" / "heads" / "side").write_text(COMMIT)
    (tree / ".git").write_text(f"gitdir: {own}\n")
    assert checked_out(tree) == COMMIT


def test_broken_checkout_is_none(tree: Path) -> None:
    lay_checkout(tree / ".git", "ref: refs/heads/gone")
    assert checked_out(tree) == ""
