"""Days that pass in a moment: the clock of Python in one process, as tests/hard/database.py moves PostgreSQL's."""

import time
from datetime import datetime, timedelta, tzinfo
from typing import Any

from django.utils import timezone


class Day(type):
    """Takes any moment for one of its own."""

    def __instancecheck__(cls, value: Any) -> bool:
        """Ask what it really is."""
        return isinstance(value, datetime)


def go_ahead(by: timedelta) -> None:
    """Have this process, whatever it asks, believe that it is so much later; for its whole life."""

    class Later(datetime, metaclass=Day):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return datetime.now(tz) + by

    told = time.time
    vars(timezone)["datetime"] = Later
    vars(time)["time"] = lambda: told() + by.total_seconds()
