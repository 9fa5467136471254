"""What is done about each new reply: one act, one answer, in one transaction; a person reads what no machine can.

Several processes may do this at once: each takes a reply that nobody holds, of each number the earliest first.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db import OperationalError, transaction

from common.events import record
from programs.actions import answer_session
from programs.models import Attendance, Session
from programs.states import Rsvp, SessionState
from replies.intents import FREE, Meaning, meaning_of
from replies.joining import agree, household_of, village_named
from replies.matching import Asked, Match, asked_of, match_of, people_behind, prove, seats_of
from replies.mentors import mentors_of
from replies.models import Reply
from replies.planning import answered_lately, plan_answer, worn_out
from replies.states import Intent, Outcome, ReplyState
from villages.actions import doubt_contact, mark_number, opt_in, opt_out
from villages.models import ContactPoint, Person, PersonContact, Village
from villages.states import REACHABLE, ContactState

AT_ONCE = 50  # in one tick, so that what is due does not wait long
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Case:
    """One reply with what it means and whom it is from."""

    reply: Reply
    meaning: Meaning
    match: Match
    at: datetime

    @property
    def point(self) -> ContactPoint | None:
        """Give the number that wrote."""
        return self.match.point

    @property
    def people(self) -> list[Person]:
        """List who is reached by that number."""
        return people_behind(self.point)


@dataclass(frozen=True)
class Result:
    """What was done, and what there is to say about it."""

    outcome: Outcome
    waits: bool = False  # a person goes on with it
    says: bool = True  # an answer leaves
    session: Session | None = None
    seats: Sequence[Attendance] = ()
    village: Village | None = None
    people: Sequence[int] = ()


def answer_new(*, at: datetime, most: int = AT_ONCE) -> int:
    """Answer what came in, one reply at a time, until nothing is left; returns how many."""
    count = 0
    while count < most and answer_next(at=at):
        count += 1
    return count


def answer_at(at: datetime) -> None:
    """Do it as a chore of the tick."""
    answer_new(at=at)


@transaction.atomic
def answer_next(*, at: datetime) -> bool:
    """Take one reply and do what it asks for; one that cannot be answered goes to a person and holds up nobody."""
    reply = take()
    if reply is None:
        return False
    try:
        with transaction.atomic():
            answer(reply, at=at)
    except OperationalError:  # the database was busy or away: the next tick takes it
        raise
    except Exception as error:  # noqa: BLE001  whatever it is, the words are not lost and the others go on
        logger.error("reply %s was left to a person: %s", reply.pk, type(error).__name__)  # noqa: TRY400
        reply.refresh_from_db()
        settle(Case(reply, FREE, Match(), at), Result(Outcome.WAITING, waits=True, says=False))
    return True


def take() -> Reply | None:
    """Hold the next reply that nobody else holds."""
    return Reply.objects.to_be_read().select_for_update(of=("self",), skip_locked=True).first()


def answer(reply: Reply, *, at: datetime) -> None:
    """Read one reply, act on it and plan the answer."""
    meaning = meaning_of(reply.text, reply.payload)
    match = match_of(reply, meaning)
    case = Case(reply, meaning, match, at)
    if match.point:
        prove(match.point, channel=reply.channel, intent=meaning.intent, at=at)
    settle(case, ACTS[meaning.intent](case))


def settle(case: Case, result: Result) -> None:
    """Write down what became of a reply and plan what there is to say; who asked and may not hear is called."""
    reply, point, intent = case.reply, case.point, case.meaning.intent
    allowed = point is not None and may_hear(point, intent, result.outcome) and not worn_out(point, at=case.at)
    unheard = result.says and not allowed and intent not in RSVP
    state = ReplyState.OPEN if result.waits or case.meaning.more or unheard else ReplyState.ANSWERED
    Reply.objects.move(
        reply,
        state,
        intent=intent,
        outcome=result.outcome,
        contact_point=point,
        message=case.match.message,
        session=result.session,
        village=result.village,
    )
    reply.seats.set(result.seats)
    record(reply, verb="read", by=None, at=case.at, goal=state, intent=intent, seats=[seat.pk for seat in result.seats])
    if result.says and allowed and point is not None:
        plan_answer(reply, point, at=case.at, people=result.people)


def may_hear(point: ContactPoint, intent: Intent, outcome: Outcome) -> bool:
    """Say whether a number may have an answer: the last word to one that asked for silence, the apology to a stranger.

    Everything else goes only where messages may go.
    """
    last = outcome == Outcome.DONE and intent in (Intent.STOP, Intent.WRONG_NUMBER)
    return last or point.state in REACHABLE


def _rsvp(case: Case) -> Result:
    """Note who comes and who does not, for the sessions that were asked about and still hold."""
    asked = _held(asked_of(case.match, at=case.at))
    live = [each for each in asked if each.live(case.at)]
    current = [each for each in live if each.revision == each.session.revision]
    if not current:
        return _gone(asked, live)
    sessions = [each.session for each in current]
    later = Reply.objects.filter(contact_point=case.point, intent__in=RSVP, seats__session__in=sessions)
    if later.filter(at__gt=case.reply.at).exists():
        return Result(Outcome.AGAIN, says=False, session=sessions[0])
    seats = [seat for each in current for seat in seats_of(each)]
    for seat in seats:
        answer_session(seat, rsvp=RSVP[case.meaning.intent], at=case.at, reason=case.meaning.reason)
    if not seats:
        return Result(Outcome.NOTHING, waits=True, session=sessions[0])
    taught = any(message.trainer_id for message in case.match.messages)
    people = sorted({person for each in current for person in each.people})
    return Result(Outcome.DONE, waits=taught, session=sessions[0], seats=seats, people=people)


def _held(asked: Sequence[Asked]) -> list[Asked]:
    """Hold the sessions as they stand, so that none moves between the look and the answer."""
    rows = Session.objects.select_for_update(no_key=True).filter(pk__in=[each.session.pk for each in asked])
    held = {session.pk: session for session in rows.order_by("pk")}
    return [replace(each, session=held[each.session.pk]) for each in asked]


def _gone(asked: Sequence[Asked], live: Sequence[Asked]) -> Result:
    """Say kindly why an answer comes too late, or ask again for the new time."""
    if not asked:
        return Result(Outcome.NOTHING, waits=True)
    session = (live or asked)[0].session
    people = sorted((live or asked)[0].people)
    cancelled = session.state == SessionState.CANCELLED
    outcome = Outcome.CHANGED if live else Outcome.CANCELLED if cancelled else Outcome.LATE
    return Result(outcome, session=session, people=people)


def _schedule(case: Case) -> Result:
    people = [person.pk for person in case.people]
    return Result(Outcome.DONE if people else Outcome.NOTHING, waits=not people, people=people)


def _stop(case: Case) -> Result:
    """Stop every message at once; the answer to this is the last one."""
    if case.point is None:
        return Result(Outcome.WAITING, waits=True, says=False)
    if case.point.state not in REACHABLE or _overruled(case):
        return Result(Outcome.AGAIN, says=False)
    opt_out(case.point, by=None, at=case.at)
    return Result(Outcome.DONE)


def _start(case: Case) -> Result:
    people = case.people
    if case.point is None or not people:
        return Result(Outcome.NOTHING, waits=True)
    if _overruled(case):
        return Result(Outcome.AGAIN, says=False)
    opt_in(case.point, by=None, at=case.at)
    return Result(Outcome.DONE, village=people[0].village, people=[person.pk for person in people])


def _overruled(case: Case) -> bool:
    """Say whether the same number wrote STOP or START later, and we read that first."""
    words = Reply.objects.filter(contact_point=case.point, intent__in=(Intent.STOP, Intent.START))
    return words.filter(at__gt=case.reply.at).exists()


def _help(case: Case) -> Result:
    """Name the mentor; where there is none, a person calls."""
    people = case.people
    found = bool(mentors_of({person.village_id for person in people}, at=case.at))
    outcome = Outcome.DONE if found else Outcome.WAITING
    return Result(outcome, waits=not found, people=[person.pk for person in people])


def _join(case: Case) -> Result:
    """Keep that known people agreed; who is not known is registered by a person."""
    village = village_named(case.meaning.code)
    if village is None:
        return Result(Outcome.NOTHING, waits=True)
    known = case.point is not None and case.point.state != ContactState.WRONG_PERSON
    people = household_of(case.point, village) if case.point and known else []
    if not people or case.point is None:
        return Result(Outcome.WAITING, waits=True, village=village)
    agree(people, case.point, at=case.at, given_at=case.reply.at)
    return Result(Outcome.DONE, village=village, people=[person.pk for person in people])


def _wrong_number(case: Case) -> Result:
    """Take the number from whom the text was for; from everybody, when it serves nobody else."""
    point = case.point
    if point is None or point.state not in REACHABLE:
        return Result(Outcome.NOTHING, waits=True, says=False)
    right = PersonContact.objects.filter(contact_point=point, wrong_at__isnull=True, person__erased_at__isnull=True)
    told = {person.pk for message in case.match.messages for person in message.people.all()}
    meant = right.filter(person__in=told) if told else right
    doubted = list(meant.select_related("person").order_by("person_id"))
    people = [contact.person_id for contact in doubted]
    if not people:
        return Result(Outcome.NOTHING, waits=True, says=False)
    if right.exclude(person__in=people).exists():
        for contact in doubted:
            doubt_contact(contact.person, contact_point=point, by=None, at=case.at)
    else:
        mark_number(point, to=ContactState.WRONG_PERSON, by=None, at=case.at)
    return Result(Outcome.DONE, waits=True, session=_session_of(case), people=people)


def _session_of(case: Case) -> Session | None:
    return next((message.session for message in case.match.messages if message.session), None)


def _free(case: Case) -> Result:
    """Leave it to a person, and say so once a day."""
    quiet = case.point is not None and answered_lately(case.point, at=case.at)
    return Result(Outcome.WAITING, waits=True, says=not quiet, people=[person.pk for person in case.people])


RSVP: Final = {Intent.YES: Rsvp.YES, Intent.NO: Rsvp.NO}
ACTS: Final[dict[Intent, Callable[[Case], Result]]] = {
    Intent.YES: _rsvp,
    Intent.NO: _rsvp,
    Intent.SCHEDULE: _schedule,
    Intent.STOP: _stop,
    Intent.START: _start,
    Intent.HELP: _help,
    Intent.JOIN: _join,
    Intent.WRONG_NUMBER: _wrong_number,
    Intent.FREE: _free,
}
