"""Taking in what people write: each word is kept once, before anything is done about it."""

from collections.abc import Sequence
from datetime import datetime

from reminders.channels.heard import Said
from replies.models import Reply

FIRST_PRINTABLE = 32
LONGEST_TEXT, LONGEST_ID, LONGEST_USER = 4096, 200, 120


def hear_said(said: Sequence[Said], *, at: datetime) -> None:
    """Keep replies as they come, the same one once; fast, because the gateway waits for our answer."""
    Reply.objects.bulk_create(
        (
            Reply(
                channel=each.channel,
                event_id=each.event_id[:LONGEST_ID],
                sender=each.sender,
                user_id=each.user_id[:LONGEST_USER],
                text=_plain(each.text)[:LONGEST_TEXT],
                payload=_plain(each.payload)[:256],
                context=each.context[:LONGEST_ID],
                at=min(each.at, at),
                received_at=at,
            )
            for each in said
        ),
        ignore_conflicts=True,
    )


def _plain(text: str) -> str:
    """Leave out what no person types and no database keeps."""
    signs = (sign for sign in text if sign in "\n\r\t" or ord(sign) >= FIRST_PRINTABLE)
    return "".join(signs).encode("utf-8", "ignore").decode("utf-8").strip()
