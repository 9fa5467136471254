"""What becomes of what phones say: the latest act wins each seat, whatever the order in which acts arrive.

Acts compare by the moment that they were made; at the very same moment the desk comes before a phone, and of two phones
the greater key. What loses is kept. Whoever judges holds the session.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import User
from attendance.actions.marking import Hand, Mark, Said, read_mark, said_by, write_each
from attendance.content import ActContent, PhoneClock
from attendance.door import EARLY
from attendance.models import Act
from attendance.models.act import Moment
from attendance.states import ActOutcome, ActWait
from common.errors import Refused
from common.events import record
from programs.models import Attendance, Session
from programs.states import AttendanceSource, AttendanceState, SessionState

NO_KEY: Final = UUID(int=0)
Line = tuple[Attendance, Said, Hand]


class Verdict(StrEnum):
    """What the phone is told."""

    STORED = "stored"
    HAD_IT = "had_it"
    OVERTAKEN = "overtaken"
    HELD = "held"
    REFUSED = "refused"


VERDICTS: Final = {
    ActOutcome.STORED: Verdict.STORED,
    ActOutcome.AGREED: Verdict.STORED,
    ActOutcome.OVERTAKEN: Verdict.OVERTAKEN,
    ActOutcome.WAITING: Verdict.HELD,
    ActOutcome.KEY_TAKEN: Verdict.REFUSED,
}


@dataclass(frozen=True)
class Kept:
    """What became of one act, in words where there is something to say, and the seat as it stands."""

    verdict: str
    detail: str = ""
    seat: Attendance | None = None


@dataclass(frozen=True)
class Sender:
    """Who made the acts, by which clock; and who brought them in a file, when it was somebody else."""

    by: User
    clock: PhoneClock
    brought_by: User | None = None

    @property
    def reader(self) -> User:
        """Tell whose sight counts."""
        return self.brought_by or self.by

    @property
    def at(self) -> datetime:
        """Tell when it all arrived."""
        return self.clock.received_at


def refused(sentence: str) -> Kept:
    """Leave an act on its phone, and say why."""
    return Kept(Verdict.REFUSED, sentence)


def hold_sheets(keys: Collection[int], reader: User) -> dict[int, Session]:
    """Hold the sessions that this user sees, in one order; any other is as unknown as one that never was. 1 query."""
    seen = Session.objects.visible_to(reader).filter(pk__in=keys).order_by("pk")
    return {session.pk: session for session in seen.select_for_update(no_key=True)}


def with_moments(seats: QuerySet[Attendance]) -> QuerySet[Any]:
    """Read along which act made the mark that stands, which one came last, and whether any waits."""
    acts = Act.objects.filter(seat=OuterRef("pk")).exclude(outcome=ActOutcome.KEY_TAKEN)
    last = acts.order_by("-acted_at", "-id")
    stood = Act.objects.filter(
        mark__seat=OuterRef("pk"), mark__version=OuterRef("version"), mark__at=OuterRef("marked_at")
    ).filter(outcome=ActOutcome.STORED)
    named: QuerySet[Any] = seats.select_related("enrollment__person").annotate(
        stood_at=Subquery(stood.values("acted_at")[:1]),
        stood_key=Subquery(stood.values("id")[:1]),
        last_at=Subquery(last.values("acted_at")[:1]),
        last_key=Subquery(last.values("id")[:1]),
        waits=Exists(acts.filter(outcome=ActOutcome.WAITING)),
    )
    return named


def twin_key(content: ActContent, sender: Sender) -> UUID:
    """Name what came under a key that was taken: the same key for the same content."""
    return uuid5(content.id, f"{sender.by.pk} {content.digest}")


def known_acts(contents: Iterable[ActContent], sender: Sender) -> dict[UUID, Act]:
    """Find what is here already under these keys. 1 query."""
    given = list(contents)
    rows = Act.objects.in_bulk([each.id for each in given] + [twin_key(each, sender) for each in given])
    return {key: row for key, row in rows.items() if isinstance(key, UUID)}


def is_same(act: Act, content: ActContent, sender: Sender) -> bool:
    """Tell whether this very act came once more."""
    return (act.by_id, act.digest) == (sender.by.pk, content.digest)


def act_of(content: ActContent, sender: Sender, *, known: dict[UUID, Act], session: Session, **about: Any) -> Act:
    """Write an act down, not yet judged; under a key that is taken it gets one of its own and is only kept."""
    taken = content.id in known
    act = Act(
        pk=twin_key(content, sender) if taken else content.id,
        kind=content.kind,
        session=session,
        name=" ".join(content.name.split()),
        sex=content.sex,
        state=content.state,
        minutes=content.minutes,
        excuse=content.excuse,
        digest=content.digest,
        made_at=content.made_at,
        skew=sender.clock.skew,
        acted_at=sender.clock.true(content.made_at),
        received_at=sender.at,
        by=sender.by,
        brought_by=sender.brought_by,
        outcome=ActOutcome.KEY_TAKEN if taken else "",
        **about,
    )
    act.wait = "" if taken else wait_of(session, act.acted_at, at=sender.at)
    return act


def wait_of(session: Session, acted_at: datetime, *, at: datetime) -> str:
    """Say why a sheet cannot take an act as it stands; empty when it can. Too early to be sent is Refused."""
    early = acted_at < session.starts_at - EARLY
    if session.state == SessionState.DRAFT:
        raise Refused(_("This session is still a draft."))
    if session.state == SessionState.CLOSED:
        return ActWait.CLOSED
    if session.state == SessionState.CANCELLED:
        return ActWait.CANCELLED
    if early and session.revision > 1:
        return ActWait.MOVED
    if at < session.starts_at:
        raise Refused(_("This session has not begun yet."))
    if early:
        return ActWait.EARLY
    return ActWait.NOBODY_CAME if session.nobody_came else ActWait.NONE


def said_in(content: ActContent, session: Session) -> Said:
    """Read what an act says; a mark is changed and never taken back."""
    if content.state == AttendanceState.EXPECTED:
        raise ValidationError(_("A mark is changed, never taken back."), code="state")
    return read_mark(Mark(content.enrollment or 0, content.state, content.minutes, content.excuse), session)


def judge(acts: Sequence[Act], sender: Sender) -> None:
    """Settle new acts about seats and write what wins; the sessions are held, each seat came `with_moments`."""
    lines: list[tuple[Act, Line]] = []
    outdone: list[int] = []
    for group in _by_seat(acts):
        seat: Any = group[0].seat
        lines += _onto_sheet(seat, [act for act in group if not act.wait], sender)
        _aside(seat, [act for act in group if act.wait])
        outdone += [seat.pk] if seat.waits and any(act.outcome != ActOutcome.OVERTAKEN for act in group) else []
    if outdone:
        Act.objects.waiting().filter(seat__in=outdone).update(outcome=ActOutcome.OVERTAKEN)
    for (act, _line), mark in zip(lines, write_each([line for _act, line in lines]) if lines else (), strict=True):
        act.mark = mark
    Act.objects.bulk_create(acts)
    _tell(acts, sender)


def _by_seat(acts: Sequence[Act]) -> Iterable[list[Act]]:
    groups: dict[int | None, list[Act]] = defaultdict(list)
    for act in acts:
        if not act.outcome:
            groups[act.seat_id].append(act)
    return groups.values()


def _onto_sheet(seat: Any, acts: list[Act], sender: Sender) -> list[tuple[Act, Line]]:
    """Let the latest of these acts mark the seat, unless a later mark stands there."""
    best = _latest(acts)
    if best is None or (seat.state != AttendanceState.EXPECTED and _standing(seat) > best.moment):
        return []
    best.outcome = ActOutcome.STORED
    marked_at = max(best.acted_at, best.session.starts_at)
    return [(best, (seat, _said(best), Hand(sender.by, marked_at, AttendanceSource.PHONE)))]


def _aside(seat: Any, acts: list[Act]) -> None:
    """Let the latest of these acts wait for a hand, unless a later one came or the sheet says the same."""
    best = _latest(acts)
    if best is None or (seat.last_at and (seat.last_at, False, seat.last_key) > best.moment):
        return
    best.outcome = ActOutcome.AGREED if _said(best) == said_by(seat) else ActOutcome.WAITING


def _latest(acts: list[Act]) -> Act | None:
    for act in acts:
        act.outcome = ActOutcome.OVERTAKEN
    return max(acts, key=lambda act: act.moment, default=None)


def _said(act: Act) -> Said:
    return read_mark(Mark(0, act.state, act.minutes, act.excuse), act.session)


def _standing(seat: Any) -> Moment:
    """Tell when the mark that stands was made."""
    return (seat.stood_at, False, seat.stood_key) if seat.stood_at else (seat.marked_at, True, NO_KEY)


def _tell(acts: Sequence[Act], sender: Sender) -> None:
    """Put it in the history of each session: what was marked, and what waits."""
    told: dict[Session, list[Act]] = defaultdict(list)
    for act in acts:
        told[act.session].append(act)
    for session, mine in told.items():
        stored = [act for act in mine if act.outcome == ActOutcome.STORED]
        waiting = [act for act in mine if act.outcome == ActOutcome.WAITING]
        by: Any = {"by": sender.by, "at": sender.at, "source": AttendanceSource.PHONE}
        if stored:
            made = max(act.acted_at for act in stored).isoformat()
            counts = dict(Counter(str(act.state) for act in stored))
            record(session, verb="attendance_marked", counts=counts, made_at=made, **by)
        if waiting:
            record(session, verb="marks_wait", count=len(waiting), wait=str(waiting[0].wait), **by)


def answer_of(act: Act, seat: Attendance | None, *, again: bool = False) -> Kept:
    """Say what became of an act; that it came once more, when it did."""
    outcome = ActOutcome(act.outcome)
    verdict = VERDICTS.get(outcome, Verdict.HAD_IT)
    if again and verdict != Verdict.REFUSED:
        verdict = Verdict.HAD_IT
    return Kept(verdict, _words(act, outcome), seat)


def _words(act: Act, outcome: ActOutcome) -> str:
    match outcome:
        case ActOutcome.OVERTAKEN:
            return _("A later mark stands. Yours is kept in the history.")
        case ActOutcome.WAITING:
            return f"{ActWait(act.wait).label} {_('It waits for the coordinator.')}"
        case ActOutcome.KEY_TAKEN:
            return _("Another mark has this key already. Yours is kept and not written.")
        case ActOutcome.DISMISSED:
            return _("The coordinator did not take it: %(reason)s") % {"reason": act.reason}
        case ActOutcome.STORED if act.double:
            return _("Somebody of this name is known in the village already. Look whether it is the same person.")
        case _:
            return ""
