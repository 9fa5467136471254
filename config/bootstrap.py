"""The first step, on a bare Python with the standard library alone: a virtual environment from the hashed lock."""

import fcntl
import hashlib
import importlib
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def main(argv: list[str]) -> None:
    """Run a command of ours inside the environment it needs, which is made first when it is not there."""
    command = argv[1] if len(argv) > 1 else "help"
    if own_environment() or not in_some_environment():
        ensure_packages("requirements-dev.txt" if command == "test" else "requirements.txt")
        if not own_environment():
            os.execv(PYTHON, [str(PYTHON), *argv])  # noqa: S606, our own interpreter
    os.chdir(ROOT)
    importlib.import_module("config.commands").main(argv)


def own_environment() -> bool:
    """Say whether this Python is that of .venv."""
    return Path(sys.prefix).resolve() == VENV


def in_some_environment() -> bool:
    """Say whether this Python belongs to an environment somebody else made complete, as in a container image."""
    return sys.prefix != sys.base_prefix and find_spec("celery") is not None


def ensure_packages(lock: str) -> None:
    """Install what the lock lists, unless a stamp says that this was done."""
    wanted = fingerprint(lock)
    if PYTHON.exists() and stamp(lock) == wanted:
        return
    if not os.access(ROOT, os.W_OK):
        stop(f"Cannot write to {ROOT}: give this user a folder of their own, or run as its owner.")
    with (ROOT / ".venv.lock").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        if not (PYTHON.exists() and stamp(lock) == wanted):
            install(lock, wanted)


def install(lock: str, wanted: str) -> None:
    """Make .venv when it is missing or was made elsewhere, fill it, and leave the stamp."""
    print("Installing packages into .venv (this happens once) ...", flush=True)
    if not usable():
        make_environment()
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    run([*pip, "--require-hashes", "--requirement", str(ROOT / lock)], "Packages could not be installed")
    (VENV / f"{lock}.stamp").write_text(wanted, encoding="ascii")
    if lock != "requirements.txt":  # the larger lock holds the smaller one
        (VENV / "requirements.txt.stamp").write_text(fingerprint("requirements.txt"), encoding="ascii")


def make_environment() -> None:
    """Make an empty .venv with pip in it."""
    if find_spec("venv") is None or find_spec("ensurepip") is None:
        stop("Python's venv module is missing: install it (on Debian and Ubuntu: apt install python3-venv).")
    run([sys.executable, "-m", "venv", "--clear", str(VENV)], "The virtual environment could not be made")


def usable() -> bool:
    """Say whether .venv works, on this Python, at this place."""
    if not PYTHON.exists():
        return False
    question = "import sys, pip; print(sys.prefix, *sys.version_info[:2])"
    answer = subprocess.run([str(PYTHON), "-c", question], capture_output=True, text=True, check=False)
    return answer.stdout.split() == [str(VENV), *map(str, sys.version_info[:2])]


def fingerprint(lock: str) -> str:
    """Return what makes an installation the right one: the lock, the Python, the place."""
    parts = (ROOT / lock).read_bytes(), str(sys.version_info[:2]).encode(), os.fsencode(ROOT)
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def stamp(lock: str) -> str:
    """Return the fingerprint of what was installed last."""
    try:
        return (VENV / f"{lock}.stamp").read_text(encoding="ascii")
    except OSError:
        return ""


def run(command: list[str], complaint: str) -> None:
    """Run quietly; when it fails, say why in one line."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        stop(f"{complaint}: {error}.")
    if done.returncode:
        lines = (done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()
        stop(f"{complaint}: {next((line for line in lines if 'ERROR' in line), lines[-1])}")


def stop(line: str) -> NoReturn:
    """End with one clear line."""
    sys.exit(line)
