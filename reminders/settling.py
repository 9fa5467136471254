"""What becomes of messages that were left open: by a gateway's report, by asking it, or because no way is left."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Mod

from reminders import claims
from reminders.channels import fault_of_report
from reminders.channels.gateway import WIDEST, Fault, Gateway, Outcome
from reminders.claims import Answer, record_answers
from reminders.ladder import setback
from reminders.models import DeliveryEvent, GatewayEvent, Message
from reminders.planning import plan_sessions
from reminders.states import ARRIVED, TOLD, MessageState, Reason
from villages.actions import mark_number
from villages.models import ContactPoint
from villages.states import ContactState

AT_ONCE = 500
KEPT = timedelta(days=1)  # how long a report waits for its message, and a message for an answer
FRESH, TURNS = timedelta(minutes=15), 60  # reports are looked at by every tick; older ones once in an hour
SKEW = timedelta(seconds=5)  # a gateway's clock, in whole seconds, may be behind ours

# By the gateway's own id, else by our key where it repeats it, else, where it tells neither, by the only letter to
# that number that may be meant.
MATCH = """
SELECT event.id, coalesce(named.id, keyed.id, alone.id)
FROM reminders_gatewayevent event
LEFT JOIN LATERAL (
    SELECT message.id FROM reminders_message message
    WHERE message.channel = event.channel AND message.provider_id = event.provider_id AND message.provider_id <> ''
    ORDER BY message.id LIMIT 1
) named ON true
LEFT JOIN LATERAL (
    SELECT message.id FROM reminders_message message
    WHERE named.id IS NULL AND message.key = event.key AND message.channel = event.channel
) keyed ON true
LEFT JOIN LATERAL (
    SELECT min(message.id) AS id
    FROM villages_contactpoint point JOIN reminders_message message ON message.contact_point_id = point.id
    WHERE named.id IS NULL AND event.key IS NULL AND point.number = event.recipient
        AND message.channel = event.channel AND message.provider_id = '' AND message.joined_to_id IS NULL
        AND message.state IN ('claimed', 'unknown') AND message.begun_at <= event.at + %(skew)s
    HAVING count(*) = 1
) alone ON true
WHERE event.id = ANY(%(ids)s) AND coalesce(named.id, keyed.id, alone.id) IS NOT NULL
"""
REACHED = (MessageState.ACCEPTED, MessageState.SENT, *ARRIVED)  # lowest first
RANKS: dict[str, int] = {state: rank for rank, state in enumerate(REACHED, start=1)}


def settle_reports(*, at: datetime) -> int:
    """Put reports beside their messages; those of nobody wait for a day. Returns how many found theirs."""
    GatewayEvent.objects.filter(settled_at__isnull=True, received_at__lt=at - KEPT).update(settled_at=at)
    found, last = 0, 0
    while last >= 0:
        last, settled = _settle_some(after=last, at=at)
        found += settled
    return found


@transaction.atomic
def _settle_some(*, after: int, at: datetime) -> tuple[int, int]:
    """Settle some open reports after this one; returns the last one looked at, -1 at the end, and how many matched."""
    open_ones = GatewayEvent.objects.select_for_update(skip_locked=True).filter(settled_at__isnull=True, pk__gt=after)
    turn = Q(received_at__gt=at - FRESH) | Q(turn=at.minute % TURNS)
    waiting = open_ones.annotate(turn=Mod("pk", TURNS)).filter(turn)
    events = {event.pk: event for event in waiting.order_by("pk")[:AT_ONCE]}
    reports = _matched(events) if events else {}
    if reports:
        messages = list(_locked(reports))
        answers = [answer for each in messages for answer in _fates(each, reports[each.pk], at=at)]
        record_answers([*answers, *_followers(messages, answers, at=at)], at=at, among=MessageState)
        _keep_words(reports)
        settled = [event.pk for each in reports.values() for event in each]
        GatewayEvent.objects.filter(pk__in=settled).update(settled_at=at)
    matched = sum(len(each) for each in reports.values())
    return (max(events) if len(events) == AT_ONCE else -1), matched


def _matched(events: Mapping[int, GatewayEvent]) -> dict[int, list[GatewayEvent]]:
    """Give each message its reports; a message that two letters may be takes neither."""
    with connection.cursor() as cursor:
        facts: dict[str, Any] = {"ids": [*events], "skew": SKEW}
        cursor.execute(MATCH, facts)
        pairs = cursor.fetchall()
    reports: dict[int, list[GatewayEvent]] = defaultdict(list)
    for event, message in pairs:
        reports[message].append(events[event])
    doubtful = {message for message, _event in _guessed(pairs, events)}
    return {message: each for message, each in reports.items() if message not in doubtful}


def _guessed(
    pairs: Iterable[tuple[int, int]], events: Mapping[int, GatewayEvent]
) -> Iterable[tuple[int, GatewayEvent]]:
    names: dict[int, set[str]] = defaultdict(set)
    for event, message in pairs:
        names[message].add(events[event].provider_id)
    for event, message in pairs:
        if len(names[message]) > 1 and events[event].key is None:
            yield message, events[event]


def _locked(ids: Collection[int]) -> Iterable[Message]:
    """Lock messages in the order in which senders record them."""
    return Message.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")


def _fates(message: Message, reports: Sequence[GatewayEvent], *, at: datetime) -> Iterable[Answer]:
    """Take the highest word; a failure never undoes an arrival, and only an arrival undoes a failure."""
    best = max((each for each in reports if each.state in RANKS), key=lambda each: RANKS[each.state], default=None)
    failed = next((each for each in reports if each.state == MessageState.FAILED), None)
    rank = RANKS[best.state] if best else 0
    if best and rank > max(_rank(message), RANKS[MessageState.SENT] if failed else 0):
        yield _reported(message, best, MessageState(best.state))
    elif failed and _is_out(message):
        fault = fault_of_report(message.channel, failed.code)
        outcome = Outcome(MessageState.FAILED, provider_id=failed.provider_id, code=failed.code, fault=fault)
        answer = refused(message, outcome, channel=message.channel, at=at)
        yield replace(answer, said="", billable=failed.billable, category=failed.category)
    elif best and message.state in TOLD:
        yield _reported(message, best, MessageState(message.state))  # what it costs


def _rank(message: Message) -> int:
    """Rank what is known: nothing yet of what is out, a refusal of what is not."""
    if message.state in RANKS:
        return RANKS[message.state]
    return 0 if _is_out(message) else RANKS[MessageState.SENT]


def _is_out(message: Message) -> bool:
    """Say whether its text began to leave and no last word is known."""
    out = (MessageState.CLAIMED, MessageState.UNKNOWN, MessageState.ACCEPTED, MessageState.SENT)
    return message.state in out and message.begun_at is not None


def _reported(message: Message, event: GatewayEvent, state: MessageState) -> Answer:
    return Answer(
        message.pk,
        message.attempt,
        state,
        provider_id=event.provider_id,
        billable=event.billable,
        category=event.category,
    )


def _followers(messages: Sequence[Message], answers: Sequence[Answer], *, at: datetime) -> Iterable[Answer]:
    """Let what had joined a text follow it: told with it, or planned again with it."""
    carriers = {message.pk: message for message in messages}
    fates = {answer.message_id: answer for answer in answers}
    states = (MessageState.CLAIMED, MessageState.UNKNOWN, MessageState.JOINED)
    joined = Message.objects.select_for_update(no_key=True).filter(joined_to__in=fates, state__in=states)
    for each in joined.order_by("pk"):
        fate = fates[each.joined_to_id or 0]
        if fate.state in TOLD and each.state != MessageState.JOINED:
            yield Answer(each.pk, each.attempt, MessageState.JOINED, MessageState.JOINED)
        elif fate.state not in TOLD:
            channel = carriers[fate.message_id].channel
            outcome = Outcome(MessageState.FAILED, code=fate.code, fault=fault_of_report(channel, fate.code))
            yield refused(each, outcome, channel=channel, at=at)


def _keep_words(reports: Mapping[int, Iterable[GatewayEvent]]) -> None:
    """Keep every word with the moment that the gateway gives it."""
    rows = (
        DeliveryEvent(message_id=message, state=event.state, at=event.at, note=event.code)
        for message, events in reports.items()
        for event in events
    )
    DeliveryEvent.objects.bulk_create(rows, ignore_conflicts=True)


def told(message: Message, outcome: Outcome, *, joined: bool) -> Answer:
    """Write that a text left; what joined another one has no id of its own."""
    if joined:
        return Answer(message.pk, message.attempt, MessageState.JOINED, MessageState.JOINED)
    return Answer(message.pk, message.attempt, outcome.state, outcome.state, provider_id=outcome.provider_id)


def refused(message: Message, outcome: Outcome, *, channel: str, at: datetime) -> Answer:
    """Plan it again, later on this channel or now on the next one; what is of no use any more has failed."""
    fault = outcome.fault or Fault.LETTER
    then = setback(fault, tries=message.tries, note=outcome.note, at=at, expires_at=message.expires_at)
    useful = at < message.expires_at
    return Answer(
        message.pk,
        message.attempt,
        MessageState.PLANNED if useful else MessageState.FAILED,
        MessageState.FAILED,
        note=then.note[:200],
        provider_id=outcome.provider_id,
        code=outcome.code[:20],
        due_at=then.due_at,
        tries=then.tries,
        given_up=channel if then.given_up else "",
        refused=fault == Fault.ADDRESS,
    )


def ask_gateway(gateway: Gateway, *, at: datetime) -> None:
    """Ask what became of letters that were not answered: there, not there and so planned again, or still no word."""
    while ids := claims.ask(gateway.channel, since=at - KEPT, size=WIDEST):
        letters = {message.pk: message for message in Message.objects.filter(pk__in=ids).order_by("pk")}
        keys = [message.key for message in letters.values() if message.joined_to_id is None]
        said = gateway.look_up(keys)
        answers = [_found(each, letters, said, at=at) for each in letters.values()]
        record_answers([each for each in answers if each], at=at, among=[MessageState.UNKNOWN])


def _found(
    message: Message, letters: Mapping[int, Message], said: Mapping[UUID, Outcome], *, at: datetime
) -> Answer | None:
    outcome = said.get(letters.get(message.joined_to_id or 0, message).key)
    if outcome is None or outcome.state == MessageState.UNKNOWN:
        return None
    if outcome.state in TOLD:
        state = MessageState.JOINED if message.joined_to_id else outcome.state
        return Answer(
            message.pk, message.attempt, state, state, provider_id="" if message.joined_to_id else outcome.provider_id
        )
    if outcome.fault:
        return refused(message, outcome, channel=message.channel, at=at)
    due_at = min(at, message.expires_at)
    return Answer(
        message.pk, message.attempt, MessageState.PLANNED, note=Reason.LATER, due_at=due_at, tries=message.tries
    )


@transaction.atomic
def give_up(messages: Sequence[Message], *, point: ContactPoint, refused: bool, at: datetime) -> None:
    """Say that no way is left; a number that every way refuses is marked, and its people are told on their next one.

    The number and the sessions are locked before the messages, in the order of whoever changes a session.
    """
    claims = Q(state=MessageState.CLAIMED) | Q(state=MessageState.BLOCKED, note=Reason.UNREACHABLE)
    held = ContactPoint.objects.select_for_update(no_key=True).get(pk=point.pk)
    refused = refused and held.is_reachable
    if refused:
        mark_number(held, to=ContactState.UNREACHABLE, by=None, at=at)
    given_up = 0
    for message in sorted(messages, key=lambda each: each.pk):
        ours = Message.objects.filter(claims, pk=message.pk, attempt=message.attempt, begun_at__isnull=True)
        given_up += ours.update(state=MessageState.FAILED, note=Reason.NO_WAY, lease_until=None, settled_at=at)
    sessions = {message.session_id for message in messages if message.session_id}
    if refused and given_up and sessions:
        plan_sessions(sessions, at=at)
