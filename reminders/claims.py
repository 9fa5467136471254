"""The three statements that decide who sends what: take, resume, record. Leases run by the database's clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from reminders.hours import BETWEEN_REMINDERS
from reminders.states import JOINED, MessageState

LEASE = timedelta(minutes=2)  # more than five times what a gateway may take to answer

# The number is locked first, so that two senders never write to one household at the same moment. Reminders due within
# the hour come along to join; a locked row is another sender's and is passed by.
TAKE = """
WITH numbers AS (
    SELECT message.contact_point_id AS id
    FROM reminders_message message JOIN villages_contactpoint point ON point.id = message.contact_point_id
    WHERE message.state = 'planned' AND message.due_at <= %(at)s
    ORDER BY message.due_at, message.id
    LIMIT %(size)s
    FOR NO KEY UPDATE OF point SKIP LOCKED
), taken AS (
    SELECT message.id
    FROM reminders_message message
    WHERE message.contact_point_id IN (SELECT id FROM numbers) AND message.state = 'planned'
        AND (message.due_at <= %(at)s OR message.due_at <= %(soon)s AND message.kind = ANY(%(joining)s))
    FOR UPDATE SKIP LOCKED
)
UPDATE reminders_message
SET state = 'claimed', attempt = attempt + 1, lease_until = now() + %(lease)s, joined_to_id = NULL, text = ''
WHERE id IN (SELECT id FROM taken)
RETURNING id
"""

# Whoever carries a text is locked first; those who joined it follow. The state stands in the outer statement too, so
# that a row whose answer came while we waited is seen as answered.
RESUME = """
WITH carriers AS (
    SELECT id FROM reminders_message message
    WHERE state = 'claimed' AND lease_until < now() AND NOT EXISTS (
        SELECT FROM reminders_message carrier WHERE carrier.id = message.joined_to_id AND carrier.state = 'claimed'
    )
    ORDER BY lease_until, id
    LIMIT %(size)s
    FOR UPDATE SKIP LOCKED
), taken AS (
    SELECT id FROM carriers
    UNION
    SELECT message.id FROM reminders_message message JOIN carriers ON carriers.id = message.joined_to_id
)
UPDATE reminders_message
SET attempt = attempt + 1, lease_until = now() + %(lease)s
WHERE id IN (SELECT id FROM taken) AND state = 'claimed' AND lease_until < now()
RETURNING id
"""

# Only the last claim may write, and only on what still waits for an answer.
RECORD = """
WITH answers AS (
    SELECT *
    FROM unnest(%(ids)s::bigint[], %(attempts)s::int[], %(states)s::text[], %(notes)s::text[], %(names)s::text[])
    AS answer(id, attempt, state, note, provider_id)
), locked AS (
    SELECT message.id FROM reminders_message message JOIN answers ON answers.id = message.id
    WHERE message.attempt = answers.attempt AND message.state IN ('claimed', 'unknown')
    ORDER BY message.id
    FOR UPDATE OF message
), written AS (
    UPDATE reminders_message message
    SET state = answers.state, note = answers.note, provider_id = answers.provider_id, settled_at = %(at)s,
        lease_until = NULL
    FROM answers
    WHERE message.id = answers.id AND message.id IN (SELECT id FROM locked)
        AND message.attempt = answers.attempt AND message.state IN ('claimed', 'unknown')
    RETURNING message.id, message.state, message.note
)
INSERT INTO reminders_deliveryevent (message_id, state, at, note)
SELECT id, state, %(at)s, note FROM written
ON CONFLICT DO NOTHING
RETURNING message_id
"""


@dataclass(frozen=True)
class Answer:
    """What became of one message at one try."""

    message_id: int
    attempt: int
    state: MessageState
    note: str = ""
    provider_id: str = ""


def database_clock() -> datetime:
    """Read the one clock that all senders share."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]  # type: ignore[no-any-return]


def take(*, at: datetime, size: int) -> list[int]:
    """Claim what is due for up to `size` messages' numbers, with what may join it; returns message ids."""
    joining = [str(kind) for kind in JOINED]
    return _ids(TAKE, {"at": at, "soon": at + BETWEEN_REMINDERS, "size": size, "joining": joining, "lease": LEASE})


def resume(*, size: int) -> list[int]:
    """Claim again what another sender claimed and never answered for; returns message ids."""
    return _ids(RESUME, {"size": size, "lease": LEASE})


def record_answers(answers: Sequence[Answer], *, at: datetime) -> list[int]:
    """Write down what became of each message; returns the ids that took it."""
    facts = {
        "ids": [answer.message_id for answer in answers],
        "attempts": [answer.attempt for answer in answers],
        "states": [str(answer.state) for answer in answers],
        "notes": [str(answer.note) for answer in answers],
        "names": [answer.provider_id for answer in answers],
        "at": at,
    }
    return _ids(RECORD, facts) if answers else []


def _ids(statement: str, facts: dict[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return [row[0] for row in cursor.fetchall()]
