"""Asking for lists, as pages do."""

from datetime import datetime
from typing import Any

from accounts.models import User
from downloads.actions import ask_download, take_download
from downloads.models import Download


def ask(by: User, *, at: datetime, table: str = "person", **given: Any) -> Download:
    """Ask for a list."""
    return ask_download(**{"table": table, "query": "", "form": "csv", "language": "id", **given}, by=by, at=at)


def taken(by: User, *, at: datetime, **given: Any) -> Download:
    """Ask for a list and take it up."""
    found = take_download(only=ask(by, at=at, **given))
    assert found
    return found
