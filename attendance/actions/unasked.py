"""Who came unasked, as a phone says it: known by key, or written by name; the same person twice is one.

Two phones that wrote the same name and sex at one session mean one person. Somebody of that name who lives in the
village and was not there may be another: they are told as a possible double.
"""

import re
from collections.abc import Iterable
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from attendance.actions.judging import (
    Kept,
    Sender,
    act_of,
    answer_of,
    hold_sheets,
    is_same,
    judge,
    known_acts,
    refused,
    with_moments,
)
from attendance.actions.marking import Hand, add_new_walk_in, add_walk_in
from attendance.content import ActContent
from attendance.models import Act
from attendance.sheet import walk_ins
from attendance.states import ActKind, ActOutcome
from common.constraints import sentence_of
from common.errors import Refused
from common.events import record
from programs.actions.intake.statements import TITLES
from programs.models import Attendance, Booking, Cohort, Session
from programs.states import AttendanceSource
from villages.models import Person
from villages.states import Sex

_TITLED: Final = re.compile(rf"^(?:(?:{TITLES}) )+")
NOBODY: Final[Any] = None


def keep_walk_in(content: ActContent, sender: Sender) -> Kept:
    """Keep one walk-in, or say why not."""
    try:
        return _keep(content, sender)
    except ValidationError as error:
        return refused(" ".join(error.messages))
    except Refused as error:
        return refused(str(error))
    except IntegrityError as error:
        return refused(sentence_of(error))


def name_key(name: str) -> str:
    """Reduce a name to its words as lists do: titles, case and signs do not count."""
    words = re.sub(r"[\W_]+", " ", name.lower().partition(",")[0]).strip()
    return _TITLED.sub("", words) or name.lower()


def hold_cohort(key: int | None, reader: User) -> Cohort | None:
    """Hold a cohort before the session, as everyone does: so two phones never write one person down twice."""
    return Cohort.objects.visible_to(reader).select_for_update(no_key=True).filter(pk=key or 0).first()


@transaction.atomic
def _keep(content: ActContent, sender: Sender) -> Kept:
    reader = sender.reader
    cohort = hold_cohort(content.cohort, reader)
    session = hold_sheets([content.session], reader).get(content.session)
    known = known_acts([content], sender)
    same = known.get(content.id)
    if same and is_same(same, content, sender):
        return answer_of(same, same.seat if session else None, again=True)
    if cohort is None or session is None:
        raise Refused(_("There is no such session for you."))
    if not Booking.objects.filter(session=session, cohort=cohort).exists():
        raise ValidationError(_("This cohort does not take part in the session."), code="cohort")
    person = _known_person(content, sender) if content.person else same_person(session, cohort, content)
    about = {"cohort": cohort, "person": person if content.person else None}
    act = act_of(content, sender, known=known, session=session, **about)
    if act.pk in known:
        return answer_of(known[act.pk], None, again=True)
    return answer_of(act, _judge(act, person, sender))


def _known_person(content: ActContent, sender: Sender) -> Person:
    """Find somebody by key, also by one they had before they were merged."""
    key = Person.objects.once([content.person or 0]).get(content.person or 0)
    found = Person.objects.visible_to(sender.reader).filter(pk=key or 0).first()
    if found is None:
        raise Refused(_("There is no such person for you."))
    return found


def same_person(session: Session, cohort: Cohort, said: ActContent | Act) -> Person | None:
    """Find the one who came unasked to this session under this name; two of that name are told apart by nobody."""
    came = Person.objects.present().filter(
        sex=said.sex, enrollments__cohort=cohort, enrollments__in=walk_ins(session), enrollments__seats__session=session
    )
    found = [person for person in came.order_by("pk") if name_key(person.name) == name_key(said.name)]
    return found[0] if len(found) == 1 else None


def _judge(act: Act, person: Person | None, sender: Sender) -> Attendance | None:
    """Seat them, mark the seat they have, or let it wait."""
    seats: Any = act.session.seats.filter(enrollment__person=person, enrollment__cohort=act.cohort)
    seat = with_moments(seats).first() if person else None
    if act.outcome == ActOutcome.KEY_TAKEN:
        act.save(force_insert=True)
        return None
    if seat is not None:
        act.seat = seat
        judge([act], sender)
        return act.seat
    if act.wait:
        _set_aside(act, sender)
        return None
    act.double = not act.person and person is None and has_namesake(act)
    marked_at = max(act.acted_at, act.session.starts_at)
    seat_walk_in(act, person, Hand(sender.by, marked_at, AttendanceSource.PHONE), at=sender.at)
    act.outcome = ActOutcome.STORED
    act.save(force_insert=True)
    return act.seat


def seat_walk_in(act: Act, person: Person | None, hand: Hand, *, at: Any) -> None:
    """Seat who came unasked by this hand, and write down somebody nobody knew; the act keeps seat and mark."""
    given: dict[str, Any] = {"cohort": act.cohort, "by": hand.by, "at": at, "hand": hand}
    if person is not None:
        act.seat = add_walk_in(act.session, person=person, **given)
    elif act.sex not in Sex.values:
        raise ValidationError(_("Say whether it is a woman or a man."), code="sex")
    else:
        act.seat = add_new_walk_in(act.session, name=act.name, sex=act.sex, **given)
    act.mark = act.seat.marks.get()


def has_namesake(act: Act) -> bool:
    """Tell whether somebody of this name lives in the village. 1 query."""
    names = Person.objects.present().filter(village=act.cohort.village_id if act.cohort else None)
    return any(name_key(name) == name_key(act.name) for name in names.values_list("name", flat=True))


def _set_aside(act: Act, sender: Sender) -> None:
    """Let the latest of the acts about this person wait."""
    waiting = Act.objects.waiting().filter(session=act.session, cohort=act.cohort, kind=ActKind.WALK_IN, seat=NOBODY)
    others = [other for other in waiting.order_by("pk") if _whom(other) == _whom(act)]
    later = any(other.moment > act.moment for other in others)
    act.outcome = ActOutcome.OVERTAKEN if later else ActOutcome.WAITING
    if not later:
        _outdo(others)
        given: Any = {"source": AttendanceSource.PHONE, "count": 1, "wait": str(act.wait)}
        record(act.session, verb="marks_wait", by=sender.by, at=sender.at, **given)
    act.save(force_insert=True)


def _outdo(acts: Iterable[Act]) -> None:
    keys = [act.pk for act in acts]
    if keys:
        Act.objects.waiting().filter(pk__in=keys).update(outcome=ActOutcome.OVERTAKEN)


def _whom(act: Act) -> tuple[object, ...]:
    return (act.person_id,) if act.person_id else (name_key(act.name), act.sex)
