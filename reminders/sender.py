"""Sending: claim with a lease, look once more, commit, hand over, record by fence; no lock while a gateway works.

A sender may be killed anywhere. Before the commit nothing was claimed; after it the lease runs out and the text is
handed over again under the same key where the gateway keeps keys, and is marked as unanswered where it does not.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from common.chores import do_chores
from reminders import claims
from reminders.channels import GATEWAYS, first_gateway
from reminders.channels.gateway import Gateway, Guarantee, Letter, Outcome
from reminders.claims import Answer, database_clock, record_answers
from reminders.families import Claimed, look_at
from reminders.judging import GO, Verdict, judge
from reminders.models import Message
from reminders.states import JOINED, TOLD, MessageState, Reason
from reminders.wording import write

Clock = Callable[[], datetime]
AT_ONCE = 50  # numbers per claim: what a kill may leave half done
PATIENCE = 50.0  # seconds of one tick
UNANSWERED = Outcome(MessageState.UNKNOWN, Reason.NO_ANSWER)


@dataclass(frozen=True)
class Parcel:
    """One letter and the messages that it settles; the first of them leads."""

    letter: Letter
    messages: tuple[Message, ...]


def send_due(*, clock: Clock = database_clock, gateway: Gateway | None = None, patience: float = PATIENCE) -> int:
    """Send what is due until nothing is left or the tick is over; returns how many texts were handed over."""
    gateway, end, sent = gateway or first_gateway(), time.monotonic() + patience, 0
    do_chores(clock())
    settle_unanswered(at=clock())
    while time.monotonic() < end:
        touched, parcels = claim(gateway, at=clock())
        if not touched:
            break
        deliver(gateway, parcels, clock=clock)
        sent += len(parcels)
    return sent


@transaction.atomic
def claim(gateway: Gateway, *, at: datetime) -> tuple[int, list[Parcel]]:
    """Claim a batch and look at it once more; returns how many rows were touched, and what may leave."""
    if again := claims.resume(size=AT_ONCE):
        return len(again), resume(look_at(again, at=at), gateway, at=at)
    taken = claims.take(at=at, size=AT_ONCE)
    return len(taken), pack(look_at(taken, at=at), gateway, at=at) if taken else []


def pack(claimed: Sequence[Claimed], gateway: Gateway, *, at: datetime) -> list[Parcel]:
    """Put aside what may not leave now, and join the reminders that go to one number; anything else goes alone."""
    verdicts = {each.message.pk: judge(each.look, at=at) for each in claimed}
    groups: dict[tuple[int, int], list[Claimed]] = defaultdict(list)
    for each in claimed:
        if verdicts[each.message.pk] is GO:
            groups[each.message.contact_point_id, 0 if each.look.kind in JOINED else each.message.pk].append(each)
    parcels = []
    for group in groups.values():
        if any(each.look.due_at <= at for each in group):
            parcels.append(parcel(group, gateway))
        else:  # it came along to join something that may not leave
            verdicts |= {each.message.pk: Verdict(MessageState.PLANNED) for each in group}
    put_aside((each.message, verdicts[each.message.pk]) for each in claimed)
    seal(parcels, gateway)
    return parcels


def seal(parcels: Iterable[Parcel], gateway: Gateway) -> None:
    """Write down which text leaves by which way and what it settles, before it leaves."""
    sealed: list[Message] = []
    for each in parcels:
        first, *joined = each.messages
        for message in each.messages:
            message.channel, message.text, message.note = gateway.channel, each.letter.wording.text, ""
            message.joined_to = first if message in joined else None
        sealed += each.messages
    Message.objects.bulk_update(sealed, ["channel", "text", "note", "joined_to"])


def resume(claimed: Sequence[Claimed], gateway: Gateway, *, at: datetime) -> list[Parcel]:
    """Hand lapsed letters over again under their keys; what no longer holds is left out, what waits keeps its claim."""
    groups: dict[int, list[Claimed]] = defaultdict(list)
    for each in claimed:
        groups[each.message.joined_to_id or each.message.pk].append(each)
    parcels = []
    for group in groups.values():
        verdicts = {each.message.pk: judge(each.look, at=at) for each in group}
        if waiting := [verdict.due_at for verdict in verdicts.values() if verdict.due_at]:
            Message.objects.filter(pk__in=verdicts).update(lease_until=Now() + (max(waiting) - at))
            continue
        put_aside((each.message, verdicts[each.message.pk]) for each in group)
        if live := [each for each in group if verdicts[each.message.pk] is GO]:
            whole = len(live) == len(group) and all(each.message.begun_at for each in live)
            kept = live[0].message.text if whole else ""
            parcels.append(parcel(live, gateway, text=kept))
    return parcels


def parcel(group: Sequence[Claimed], gateway: Gateway, text: str = "") -> Parcel:
    """Write the letter of one group, under the key of the message that carries it."""
    carrier = group[0].message.joined_to or group[0].message
    point = group[0].message.contact_point
    wording = write([each.topic for each in group], channel=gateway.channel, point=point)
    letter = Letter(carrier.key, point.pk, point.number, replace(wording, text=text or wording.text))
    return Parcel(letter, tuple(each.message for each in group))


def put_aside(verdicts: Iterable[tuple[Message, Verdict]]) -> None:
    """Write where the messages go that do not leave now."""
    aside = []
    for message, verdict in verdicts:
        if verdict is not GO:
            message.state, message.note, message.lease_until = verdict.state, verdict.note, None
            message.due_at = verdict.due_at or message.due_at
            aside.append(message)
    Message.objects.bulk_update(aside, ["state", "note", "lease_until", "due_at"])


def deliver(gateway: Gateway, parcels: Sequence[Parcel], *, clock: Clock) -> None:
    """Hand the letters over, outside any transaction, and record what the gateway said of each."""
    begun = [message.pk for each in parcels for message in each.messages]
    Message.objects.filter(pk__in=begun, state=MessageState.CLAIMED).update(begun_at=clock())
    outcomes = gateway.deliver([each.letter for each in parcels], at=clock()) if parcels else {}
    answers = [answer for each in parcels for answer in _answers(each, outcomes.get(each.letter.key, UNANSWERED))]
    record_answers(answers, at=clock())


def _answers(each: Parcel, outcome: Outcome) -> Iterable[Answer]:
    for index, message in enumerate(each.messages):
        joined = index > 0 and outcome.state in TOLD
        state = MessageState.JOINED if joined else outcome.state
        yield Answer(message.pk, message.attempt, state, outcome.note, "" if joined else outcome.provider_id)


def settle_unanswered(*, at: datetime) -> None:
    """Mark what a killed sender left with a gateway that keeps no keys: it is never sent again blindly."""
    keeping = [name for name, each in GATEWAYS.items() if each.guarantee == Guarantee.IDEMPOTENT]
    lapsed = Message.objects.filter(state=MessageState.CLAIMED, lease_until__lt=Now()).exclude(channel__in=keeping)
    lapsed.update(state=MessageState.UNKNOWN, note=Reason.NO_ANSWER, settled_at=at, attempt=F("attempt"))
