"""Taking in what gateways report: each word is kept once, and put beside its message afterwards."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from reminders.channels.heard import Report, TemplateWord

log = logging.getLogger(__name__)

# Columns instead of rows: one statement and one plan for any number of reports.
KEEP = """
INSERT INTO reminders_gatewayevent
    (channel, provider_id, state, at, key, recipient, code, billable, category, received_at)
SELECT told.*, %(at)s
FROM unnest(%(channels)s::varchar[], %(names)s::varchar[], %(states)s::varchar[], %(moments)s::timestamptz[],
    %(keys)s::uuid[], %(recipients)s::varchar[], %(codes)s::varchar[], %(billable)s::boolean[],
    %(categories)s::varchar[]) AS told
ON CONFLICT DO NOTHING
"""


def hear_reports(reports: Sequence[Report], *, at: datetime) -> None:
    """Keep reports as they come, the same one once; fast, because the gateway waits for our answer."""
    told = sorted(reports, key=lambda each: (each.channel, each.provider_id, each.state))  # so that two never deadlock
    facts: dict[str, Any] = {
        "channels": [str(each.channel) for each in told],
        "names": [each.provider_id for each in told],
        "states": [str(each.state) for each in told],
        "moments": [each.at for each in told],
        "keys": [each.key for each in told],
        "recipients": [each.recipient for each in told],
        "codes": [each.code for each in told],
        "billable": [each.billable for each in told],
        "categories": [each.category for each in told],
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(KEEP, facts)


def hear_templates(words: Sequence[TemplateWord], *, at: datetime) -> None:  # noqa: ARG001  whoever keeps templates needs it
    """Tell the operator what becomes of our templates: nothing leaves by one that is rejected or paused."""
    for each in words:
        log.warning("template %s (%s): %s", each.name, each.language, each.state or each.category)
