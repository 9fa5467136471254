"""Taking in what gateways report: each word is kept once, and put beside its message afterwards."""

from collections.abc import Sequence
from datetime import datetime

from reminders.channels.heard import Report
from reminders.models import GatewayEvent


def hear_reports(reports: Sequence[Report], *, at: datetime) -> None:
    """Keep reports as they come, the same one once; fast, because the gateway waits for our answer."""
    GatewayEvent.objects.bulk_create(
        (
            GatewayEvent(
                channel=each.channel,
                provider_id=each.provider_id,
                state=each.state,
                at=each.at,
                key=each.key,
                recipient=each.recipient,
                code=each.code,
                billable=each.billable,
                category=each.category,
                received_at=at,
            )
            for each in reports
        ),
        ignore_conflicts=True,
    )
