"""From claimed messages to letters: the last look, one text per number, the way it goes, the words."""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import DatabaseError, transaction
from django.db.models.functions import Now

from reminders import breaker, claims
from reminders.channels.gateway import Letter, Wording
from reminders.claims import Answer, Aside
from reminders.families import Claimed, look_at
from reminders.judging import GO, Verdict, judge
from reminders.ladder import Way, choose, fits
from reminders.models import Message, Refusal
from reminders.states import URGENT, Channel, MessageState, Reason
from reminders.wording import write
from villages.models import ContactPoint

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parcel:
    """One letter, its way, and the messages that it settles; the first of them carries the text."""

    channel: str
    letter: Letter
    messages: tuple[Message, ...]
    again: bool = False  # an earlier try was not answered: it may have arrived

    @property
    def claims(self) -> list[tuple[int, int]]:
        """Name what is claimed, with the fence."""
        return [(message.pk, message.attempt) for message in self.messages]


@dataclass(frozen=True)
class Hopeless:
    """Messages for which no way is left; refused means that every way refuses the number itself."""

    point: ContactPoint
    messages: tuple[Message, ...]
    refused: bool


@dataclass
class Batch:
    """What became of one claim."""

    touched: int = 0
    parcels: list[Parcel] = field(default_factory=list)
    hopeless: list[Hopeless] = field(default_factory=list)

    @property
    def claims(self) -> list[tuple[int, int]]:
        """Name what is claimed and has not begun, with the fence."""
        parcels, hopeless = (each.messages for each in self.parcels), (each.messages for each in self.hopeless)
        return [(message.pk, message.attempt) for messages in (*parcels, *hopeless) for message in messages]


def claim(rungs: Sequence[str], *, at: datetime, size: int) -> Batch:
    """Claim what is due for so many numbers, look at it once more and write what may leave.

    No lock is held meanwhile: what changes after the look takes the claim away, and then nothing begins.
    """
    taken = claims.take(at=at, size=size)
    batch = Batch(len(taken))
    if taken:
        groups, aside = sort_out(look_at(taken, at=at), at=at)
        aside += _choose_ways(groups, rungs, batch, at=at)
        claims.put_aside(aside)
    return batch


def sort_out(claimed: Sequence[Claimed], *, at: datetime) -> tuple[list[list[Claimed]], list[Aside]]:
    """Judge each message and join what goes to one number; a change or a cancellation goes alone."""
    verdicts = {each.message.pk: judge(each.look, at=at) for each in claimed}
    groups: dict[tuple[object, ...], list[Claimed]] = defaultdict(list)
    for each in claimed:
        if verdicts[each.message.pk] is GO:
            groups[_joins(each)].append(each)
    early = [group for group in groups.values() if not any(each.look.due_at <= at for each in group)]
    for group in early:  # it came along to join something that may not leave
        verdicts |= {each.message.pk: Verdict(MessageState.PLANNED) for each in group}
    judged = [(each.message, verdicts[each.message.pk]) for each in claimed]
    aside = [_aside(message, verdict) for message, verdict in judged if verdict is not GO]
    return [group for group in groups.values() if group not in early], aside


def _joins(each: Claimed) -> tuple[object, ...]:
    """Name what goes in one text: a number's reminders with the same ways left; anything else goes alone."""
    message = each.message
    alone = message.pk if each.look.kind in URGENT or message.subject_type else 0
    return (message.contact_point_id, alone, *sorted(message.failed_channels))


def _aside(message: Message, verdict: Verdict) -> Aside:
    return Aside(message.pk, message.attempt, verdict.state, verdict.note, verdict.due_at)


def _choose_ways(groups: Iterable[list[Claimed]], rungs: Sequence[str], batch: Batch, *, at: datetime) -> list[Aside]:
    """Write the letters of those that have a way; returns what waits for one, or for people."""
    groups = list(groups)
    refused = _refused({group[0].message.contact_point_id for group in groups})
    resting, aside = breaker.resting(at), []
    for group in groups:
        message = group[0].message
        shut = refused[message.contact_point_id]
        way = choose(
            rungs,
            is_email=message.contact_point.is_email,
            closed=shut.union(message.failed_channels),
            resting=resting,
            expires_at=min(each.look.expires_at for each in group),
        )
        if way.channel in ("", Channel.MANUAL):
            aside += _wait(group, way)
            batch.hopeless += _hopeless(group, way, rungs, shut)
        else:
            aside += _put_into_words(group, way.channel, batch)
    return aside


def _refused(points: Collection[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for point, channel in Refusal.objects.filter(contact_point__in=points).values_list("contact_point", "channel"):
        found[point].add(channel)
    return found


def _wait(group: Iterable[Claimed], way: Way) -> list[Aside]:
    """Put on the list for people, or wait until a channel has rested."""
    messages = [(each.message.pk, each.message.attempt) for each in group]
    if way.channel:
        return [Aside(*claim, MessageState.PLANNED, channel=way.channel) for claim in messages]
    if way.until is None:
        return []
    return [Aside(*claim, MessageState.PLANNED, Reason.RESTING, way.until) for claim in messages]


def _hopeless(group: Sequence[Claimed], way: Way, rungs: Sequence[str], shut: Collection[str]) -> list[Hopeless]:
    if way.channel or way.until:
        return []
    point = group[0].message.contact_point
    fitting = {rung for rung in rungs if fits(rung, is_email=point.is_email)}
    return [Hopeless(point, tuple(each.message for each in group), refused=bool(fitting) and fitting <= set(shut))]


def _put_into_words(group: Sequence[Claimed], channel: str, batch: Batch) -> list[Aside]:
    """Write one letter; one that cannot be written stops no other."""
    messages = tuple(each.message for each in group)
    point = messages[0].contact_point
    try:
        wording = write([each.topic for each in group], channel=channel, point=point)
    except DatabaseError:
        raise
    except Exception:
        log.exception("message %s could not be written", messages[0].pk)
        return [Aside(each.pk, each.attempt, MessageState.FAILED, Reason.UNWRITTEN) for each in messages]
    batch.parcels.append(Parcel(channel, Letter(messages[0].key, point.pk, point.number, wording), messages))
    return []


@transaction.atomic
def resume(keeping: Collection[str], *, at: datetime, size: int) -> Batch:
    """Claim again what began and was not answered where keys are kept; the same words leave, or nothing does."""
    ids = claims.resume(keeping, size=size)
    batch = Batch(len(ids))
    groups: dict[int, list[Claimed]] = defaultdict(list)
    for each in look_at(ids, at=at) if ids else []:
        groups[each.message.joined_to_id or each.message.pk].append(each)
    lost: list[Message] = []
    for group in groups.values():
        verdicts = [judge(each.look, at=at) for each in group]
        carrier = group[0].message.joined_to or group[0].message
        if waits := [verdict.due_at - at for verdict in verdicts if verdict.due_at]:
            Message.objects.filter(pk__in=[each.message.pk for each in group]).update(lease_until=Now() + max(waits))
        elif carrier.text and all(verdict is GO for verdict in verdicts):
            batch.parcels.append(_again(group, carrier))
        else:
            lost += [each.message for each in group]
    claims.record_answers([unanswered(message) for message in lost], at=at)
    return batch


def unanswered(message: Message) -> Answer:
    """Leave a message open for reports, look-ups and people: it may have arrived."""
    unknown = MessageState.UNKNOWN
    return Answer(message.pk, message.attempt, unknown, unknown, Reason.NO_ANSWER, tries=message.tries)


def _again(group: Sequence[Claimed], carrier: Message) -> Parcel:
    """Take the words as they were sealed, whatever they would be now."""
    point = group[0].message.contact_point
    now = write([each.topic for each in group], channel=carrier.channel, point=point)
    sealed = Wording(text=carrier.text, link=now.link, language=now.language, units=carrier.units)
    wording = now if now.text == carrier.text else sealed
    messages = sorted((each.message for each in group), key=lambda each: each.pk != carrier.pk)
    return Parcel(carrier.channel, Letter(carrier.key, point.pk, point.number, wording), tuple(messages), again=True)
