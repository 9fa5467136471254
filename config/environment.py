"""Typed readers of the environment, on top of environs: files for secrets, one clear line for what is missing."""

import secrets
from pathlib import Path

from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.read_env(BASE_DIR / ".env", recurse=False)

VAR = Path(env.str("VAR_DIR", str(BASE_DIR / "var"))).resolve()


def secret(name: str, default: str = "") -> str:
    """Return a secret from NAME, or from the file that NAME_FILE points at."""
    path = env.str(f"{name}_FILE", "")
    if not path:
        return env.str(name, default)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SystemExit(f"{name}_FILE cannot be read: {path}: {error.strerror}.") from error


def required(name: str) -> str:
    """Return a secret that must be there, or stop with one line."""
    value = secret(name)
    if not value:
        raise SystemExit(f"{name} is missing: set {name} or {name}_FILE (see .env.example), or DEMO=true for the demo.")
    return value


def kept_secret(path: Path) -> str:
    """Return the demo's own secret, made at its first start and readable by its owner only."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        if not path.read_text(encoding="ascii"):
            path.write_text(secrets.token_urlsafe(50), encoding="ascii")
        return path.read_text(encoding="ascii")
    except OSError as error:
        raise SystemExit(f"Cannot write {path}: {error.strerror}.") from error
