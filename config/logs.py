"""Log lines that machines can read and nobody can forge."""

import json
import logging
import re
from datetime import UTC, datetime

# What opens somebody's schedule by itself is cut out of every line.
TOKENS = re.compile(r"(/(?:s|calendar)/)[^/\s\"'.?]+")
DETAIL = re.compile(r"DETAIL: .*")  # PostgreSQL repeats the row there, with whatever is in it
QUERY = re.compile(r"\?[^\s\"']*")


class JsonLine(logging.Formatter):
    """One line of JSON for each record: line breaks inside a text stay inside its string."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": getattr(record, "request_id", "-"),
            "text": without_secrets(record.getMessage()),
        }
        if record.exc_info:
            line["trace"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(line)


def without_secrets(text: str) -> str:
    """Cut link tokens and query strings out of a text."""
    return QUERY.sub("?...", TOKENS.sub(r"\1...", DETAIL.sub("DETAIL: ...", text)))
