"""Which edition of the code runs, so that a frozen report can say what counted it."""

import tomllib
from pathlib import Path

from config.environment import BASE_DIR, env

LETTERS = 12  # of a commit: as many as tell ours apart for good


def edition(root: Path = BASE_DIR) -> str:
    """Name the version and the commit: the one baked at build (EDITION), else the one checked out, else none."""
    version: str = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    commit = env.str("EDITION", "") or checked_out(root)
    return f"{version}+{commit[:LETTERS]}" if commit else version


def checked_out(root: Path) -> str:
    """Read the commit of this checkout from Git's own files; empty where there is none."""
    try:
        own = _folder(root / ".git")
        head = _line(own / "HEAD")
        if not head.startswith("ref: "):
            return head
        name = head.removeprefix("ref: ")
        shared = own / _line(own / "commondir") if (own / "commondir").exists() else own
        return _line(shared / name) if (shared / name).exists() else _packed(shared / "packed-refs", name)
    except OSError:
        return ""


def _folder(git: Path) -> Path:
    """Follow the file that a second checkout has instead of the folder."""
    return git if git.is_dir() else Path(_line(git).removeprefix("gitdir: "))


def _line(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip()


def _packed(path: Path, name: str) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((line.split()[0] for line in lines if line.endswith(f" {name}")), "")
