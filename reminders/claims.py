"""The statements that decide who sends what: take, begin, record, and what follows when a lease lapses.

Leases run by the database's clock. The attempt is the fence: only the last claim may begin and record. Rows that
another hand holds are passed by, so a sender never waits for people, and people wait for one statement at most.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import TextChoices

from reminders.hours import BETWEEN_REMINDERS
from reminders.states import JOINED, TOLD, UNDER_WAY, MessageState, Reason
from villages.states import REACHABLE

LEASE = timedelta(minutes=2)  # more than five times what a gateway may take to answer
HOLD = timedelta(seconds=30)  # for what has not begun: nothing is lost when it is taken away
AT_ONCE = 1_000  # lapsed claims that one statement settles

# The number is locked first, so that two senders never write to one household at the same moment. Reminders due within
# the hour come along to join; a locked row is another sender's, and what waits for a human is theirs.
TAKE = """
WITH numbers AS (
    SELECT message.contact_point_id AS id
    FROM reminders_message message JOIN villages_contactpoint point ON point.id = message.contact_point_id
    WHERE message.state = 'planned' AND message.channel <> 'manual' AND message.due_at <= %(at)s
        AND NOT EXISTS (  -- a later word must not overtake an earlier one on its way
            SELECT FROM reminders_message other
            WHERE other.contact_point_id = message.contact_point_id AND other.state = 'claimed'
        )
    ORDER BY message.due_at, message.id
    LIMIT %(size)s
    FOR NO KEY UPDATE OF point SKIP LOCKED
), taken AS (
    SELECT message.id
    FROM reminders_message message
    WHERE message.contact_point_id IN (SELECT id FROM numbers) AND message.state = 'planned'
        AND message.channel <> 'manual'
        AND (message.due_at <= %(at)s OR message.due_at <= %(soon)s AND message.kind = ANY(%(joining)s))
    FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE reminders_message
SET state = 'claimed', attempt = attempt + 1, lease_until = now() + %(lease)s, begun_at = NULL
WHERE id IN (SELECT id FROM taken)
RETURNING id
"""

# What the last look puts aside: it waits, goes to a list for people, or goes no further.
ASIDE = """
UPDATE reminders_message message
SET state = aside.state, note = aside.note, lease_until = NULL, due_at = coalesce(aside.due_at, message.due_at),
    channel = coalesce(nullif(aside.channel, ''), message.channel)
FROM unnest(
    %(id)s::bigint[], %(attempt)s::int[], %(state)s::text[], %(note)s::text[], %(due_at)s::timestamptz[],
    %(channel)s::text[]
) AS aside(id, attempt, state, note, due_at, channel)
WHERE message.id = aside.id AND message.state = 'claimed' AND message.attempt = aside.attempt
    AND message.begun_at IS NULL
RETURNING message.id
"""

# A letter begins when all its messages are still claimed by us, useful and allowed to reach their number: from the
# commit of this statement on it may have arrived. What it says and what it settles is sealed with it. An answer to what
# somebody wrote may be the last word to a number that asked for silence: those that may not were withdrawn by it.
BEGIN = """
WITH asked AS (
    SELECT * FROM unnest(
        %(id)s::bigint[], %(attempt)s::int[], %(carrier)s::bigint[], %(channel)s::text[], %(text)s::text[],
        %(units)s::int[]
    ) AS asked(id, attempt, carrier, channel, text, units)
), held AS (
    SELECT message.id, asked.carrier
    FROM reminders_message message
    JOIN asked ON asked.id = message.id
    JOIN villages_contactpoint point ON point.id = message.contact_point_id
    WHERE message.state = 'claimed' AND message.attempt = asked.attempt AND message.expires_at > %(at)s
        AND (point.state = ANY(%(reachable)s) OR message.kind = 'reply')
    ORDER BY message.id
    FOR NO KEY UPDATE OF message SKIP LOCKED
), going AS (
    SELECT asked.carrier FROM asked LEFT JOIN held USING (id) GROUP BY asked.carrier HAVING count(*) = count(held.id)
)
UPDATE reminders_message message
SET begun_at = coalesce(message.begun_at, %(at)s), lease_until = now() + %(lease)s, channel = asked.channel,
    text = asked.text, units = asked.units, note = '', code = '', provider_id = '',
    joined_to_id = nullif(asked.carrier, asked.id)
FROM asked JOIN going USING (carrier)
WHERE message.id = asked.id AND message.state = 'claimed' AND message.attempt = asked.attempt
RETURNING asked.carrier
"""

# What was claimed and did not begin is free again; whoever holds a row meanwhile decides about it.
RELEASE = """
WITH freed AS (
    SELECT message.id
    FROM reminders_message message
    JOIN unnest(%(ids)s::bigint[], %(attempts)s::int[]) AS asked(id, attempt) ON asked.id = message.id
    WHERE message.state = 'claimed' AND message.attempt = asked.attempt AND message.begun_at IS NULL
    ORDER BY message.id
    FOR NO KEY UPDATE OF message SKIP LOCKED
)
UPDATE reminders_message message
SET state = 'planned', lease_until = NULL
FROM freed WHERE message.id = freed.id
RETURNING message.id
"""
LAPSED = """
WITH freed AS (
    SELECT id FROM reminders_message
    WHERE state = 'claimed' AND lease_until < now() AND begun_at IS NULL
    ORDER BY lease_until, id
    LIMIT %(size)s
    FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE reminders_message message
SET state = 'planned', lease_until = NULL
FROM freed WHERE message.id = freed.id
RETURNING message.id
"""

# It began, and its gateway cannot tell twice from once: it may have arrived, and is never handed over again by itself.
UNANSWERED = """
WITH lapsed AS (
    SELECT id FROM reminders_message
    WHERE state = 'claimed' AND lease_until < now() AND begun_at IS NOT NULL AND channel <> ALL(%(keeping)s)
    ORDER BY lease_until, id
    LIMIT %(size)s
    FOR NO KEY UPDATE SKIP LOCKED
), written AS (
    UPDATE reminders_message message
    SET state = 'unknown', note = %(note)s, settled_at = %(at)s, lease_until = now()
    FROM lapsed WHERE message.id = lapsed.id
    RETURNING message.id
)
INSERT INTO reminders_deliveryevent (message_id, state, at, note)
SELECT id, 'unknown', %(at)s, %(note)s FROM written
ON CONFLICT DO NOTHING
RETURNING message_id
"""

# Whoever carries a text is locked first; those who joined it follow. The state stands in the outer statement too, so
# that a row whose answer came while we waited is seen as answered.
RESUME = """
WITH carriers AS (
    SELECT id FROM reminders_message message
    WHERE state = 'claimed' AND lease_until < now() AND begun_at IS NOT NULL AND channel = ANY(%(keeping)s)
        AND joined_to_id IS NULL
    ORDER BY lease_until, id
    LIMIT %(size)s
    FOR NO KEY UPDATE SKIP LOCKED
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

# Letters without an answer at a gateway that can be asked; each is asked again a lease later.
ASK = """
WITH carriers AS (
    SELECT id FROM reminders_message
    WHERE state = 'unknown' AND channel = %(channel)s AND joined_to_id IS NULL AND lease_until < now()
        AND begun_at > %(since)s
    ORDER BY lease_until, id
    LIMIT %(size)s
    FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE reminders_message message
SET attempt = attempt + 1, lease_until = now() + %(lease)s
FROM carriers WHERE message.id = carriers.id OR message.joined_to_id = carriers.id AND message.state = 'unknown'
RETURNING message.id
"""

# Only the last claim may write, and only on what still waits for this word. What is planned again did not arrive.
RECORD = """
WITH answers AS (
    SELECT * FROM unnest(
        %(message_id)s::bigint[], %(attempt)s::int[], %(state)s::text[], %(said)s::text[], %(note)s::text[],
        %(provider_id)s::text[], %(code)s::text[], %(due_at)s::timestamptz[], %(tries)s::int[], %(given_up)s::text[],
        %(refused)s::bool[], %(billable)s::bool[], %(category)s::text[]
    ) AS answer(
        id, attempt, state, said, note, provider_id, code, due_at, tries, given_up, refused, billable, category
    )
), locked AS (
    SELECT message.id FROM reminders_message message JOIN answers ON answers.id = message.id
    WHERE message.attempt = answers.attempt AND message.state = ANY(%(open)s)
    ORDER BY message.id
    FOR NO KEY UPDATE OF message
), written AS (
    UPDATE reminders_message message
    SET state = answers.state, note = answers.note, code = answers.code, tries = answers.tries,
        provider_id = coalesce(nullif(answers.provider_id, ''), message.provider_id),
        due_at = coalesce(answers.due_at, message.due_at),
        begun_at = CASE WHEN answers.state <> 'planned' THEN coalesce(message.begun_at, %(at)s) END,
        joined_to_id = CASE WHEN answers.state <> 'planned' THEN message.joined_to_id END,
        lease_until = CASE WHEN answers.state IN ('claimed', 'unknown') THEN now() + %(lease)s END,
        settled_at = CASE WHEN answers.state IN ('planned', 'claimed') THEN NULL
            WHEN message.state = ANY(%(told)s) AND answers.state = ANY(%(told)s) THEN message.settled_at
            ELSE %(at)s END,
        failed_channels = CASE WHEN answers.given_up = '' THEN message.failed_channels
            ELSE array_append(array_remove(message.failed_channels, answers.given_up), answers.given_up) END,
        billable = coalesce(answers.billable, message.billable),
        category = coalesce(nullif(answers.category, ''), message.category)
    FROM answers
    WHERE message.id = answers.id AND message.id IN (SELECT id FROM locked)
        AND message.attempt = answers.attempt AND message.state = ANY(%(open)s)
    RETURNING message.id, message.contact_point_id, answers.said, answers.note, answers.code, answers.given_up,
        answers.refused
), refusals AS (
    INSERT INTO reminders_refusal (contact_point_id, channel, at, code)
    SELECT DISTINCT ON (contact_point_id, given_up) contact_point_id, given_up, %(at)s::timestamptz, code
    FROM written WHERE refused
    ON CONFLICT DO NOTHING
), told AS (
    INSERT INTO reminders_deliveryevent (message_id, state, at, note)
    SELECT id, said, %(at)s, coalesce(nullif(note, ''), code) FROM written WHERE said <> ''
    ON CONFLICT DO NOTHING
)
SELECT id FROM written
"""


@dataclass(frozen=True)
class Sealed:
    """One message of a letter that is about to begin: whose text it shares, by which way, and what it says."""

    id: int
    attempt: int
    carrier: int
    channel: str
    text: str
    units: int


@dataclass(frozen=True)
class Aside:
    """Where one claimed message goes that does not leave now."""

    id: int
    attempt: int
    state: MessageState
    note: str = ""
    due_at: datetime | None = None
    channel: str = ""


@dataclass(frozen=True)
class Answer:
    """What became of one message at one try."""

    message_id: int
    attempt: int
    state: MessageState
    said: str = ""  # the word that is kept about it; empty when there is none
    note: str = ""
    provider_id: str = ""
    code: str = ""
    due_at: datetime | None = None
    tries: int = 0
    given_up: str = ""  # the channel that could not
    refused: bool = False  # and never will reach this number
    billable: bool | None = None
    category: str = ""


def database_clock() -> datetime:
    """Read the one clock that all senders share."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]  # type: ignore[no-any-return]


def take(*, at: datetime, size: int) -> list[int]:
    """Claim what is due for up to `size` messages' numbers, with what may join it; returns message ids."""
    joining, lease = [str(kind) for kind in JOINED], min(HOLD, LEASE)
    return _ids(TAKE, {"at": at, "soon": at + BETWEEN_REMINDERS, "size": size, "joining": joining, "lease": lease})


def put_aside(rows: Sequence[Aside]) -> None:
    """Write where the messages go that do not leave now."""
    if rows:
        _ids(ASIDE, _columns(rows))


def begin(letters: Sequence[Sealed], *, at: datetime) -> set[int]:
    """Let those letters go whose messages still hold; returns their carriers. The others are free again."""
    going = set(_ids(BEGIN, {**_columns(letters), "at": at, "lease": LEASE, "reachable": [*map(str, REACHABLE)]}))
    release([(each.id, each.attempt) for each in letters if each.carrier not in going])
    return going


def release(claims: Collection[tuple[int, int]]) -> None:
    """Give back what we claimed and did not begin."""
    if claims:
        ids, attempts = zip(*claims, strict=True)
        _ids(RELEASE, {"ids": [*ids], "attempts": [*attempts]})


def free_lapsed() -> None:
    """Free what senders claimed and never began before they ended."""
    while len(_ids(LAPSED, {"size": AT_ONCE})) == AT_ONCE:
        pass


def close_lapsed(keeping: Collection[str], *, at: datetime) -> None:
    """Mark what began and was never answered for, but for channels that keep our keys."""
    facts = {"size": AT_ONCE, "keeping": [*keeping], "note": Reason.NO_ANSWER.value, "at": at}
    while len(_ids(UNANSWERED, facts)) == AT_ONCE:
        pass


def resume(keeping: Collection[str], *, size: int) -> list[int]:
    """Claim again what began and was never answered for, where keys are kept; returns message ids."""
    return _ids(RESUME, {"size": size, "lease": LEASE, "keeping": [*keeping]}) if keeping else []


def ask(channel: str, *, since: datetime, size: int) -> list[int]:
    """Take a turn at asking about letters without an answer; returns message ids, joined ones too."""
    return _ids(ASK, {"channel": channel, "since": since, "size": size, "lease": LEASE})


def record_answers(answers: Sequence[Answer], *, at: datetime, among: Iterable[MessageState] = UNDER_WAY) -> list[int]:
    """Write down what became of each message that is still in one of these states; returns the ids that took it."""
    if not answers:
        return []
    facts = {"at": at, "lease": LEASE, "open": [*map(str, among)], "told": [*map(str, TOLD)]}
    return _ids(RECORD, {**_columns(answers), **facts})


def _columns(rows: Sequence[Sealed | Answer | Aside]) -> dict[str, list[Any]]:
    """Turn rows into one array per column, as `unnest` reads them."""
    return {each.name: [_plain(getattr(row, each.name)) for row in rows] for each in fields(rows[0])}


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, StrEnum | TextChoices) else value


def _ids(statement: str, facts: dict[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return [row[0] for row in cursor.fetchall()]
