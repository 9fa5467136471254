"""Taking what a phone says about sheets: each act once, and no bad one blocks the others."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
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
    said_in,
    with_moments,
)
from attendance.actions.unasked import keep_walk_in
from attendance.content import ActContent, PhoneClock
from attendance.models import Act
from common.constraints import sentence_of
from common.errors import Refused
from common.models import Event
from programs.models import Attendance, Session

MOST: Final = 200  # acts at a time
Looked = tuple[Act, Attendance | None, bool]  # a mark, its seat, and whether it came once more
Seats = dict[tuple[int, int | None], Any]


def keep_acts(
    acts: Sequence[ActContent],
    *,
    by: User,
    at: datetime,
    sent_at: datetime | None = None,
    brought_by: User | None = None,
) -> list[Kept]:
    """Keep what a phone says, and say in the same order what became of each act.

    `by` made them; whoever brings them in a file (`brought_by`) lends their own sight, and no clock is compared.
    """
    sender = Sender(by, PhoneClock(at, None if brought_by else sent_at), brought_by)
    marks = [act for act in acts if act.marks]
    kept = iter(_keep_marks(marks, sender))
    walk_ins = iter([keep_walk_in(act, sender) for act in acts if not act.marks])
    return [next(kept) if act.marks else next(walk_ins) for act in acts]


def _keep_marks(marks: Sequence[ActContent], sender: Sender) -> list[Kept]:
    """Keep marks together; when the database refuses them, one by one."""
    if not marks:
        return []
    try:
        return _Batch(sender).keep(marks)
    except IntegrityError as error:
        if len(marks) == 1:
            return [refused(sentence_of(error))]
        return [one for mark in marks for one in _keep_marks([mark], sender)]


def former_enrollments(keys: Collection[int]) -> dict[int, int]:
    """Tell which enrollment each of these became when two people turned out to be one. 1 query."""
    joined = [Q(facts__joined__contains=[{"row": "programs.enrollment", "id": str(key)}]) for key in keys]
    merges = Event.objects.filter(reduce(or_, joined), subject_type="villages.person", verb="merged")
    told = [each for facts in merges.order_by("pk").values_list("facts", flat=True) for each in facts["joined"]]
    became = {int(each["id"]): int(each["into"]) for each in told if each["row"] == "programs.enrollment"}
    return {key: became[key] for key in keys if key in became}


class _Batch:
    """Marks of one request, in the same number of queries for any number of them."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
        self.sheets: dict[int, Session] = {}
        self.seats: Seats = {}
        self.known: dict[UUID, Act] = {}
        self.new: list[Act] = []

    @transaction.atomic
    def keep(self, marks: Sequence[ActContent]) -> list[Kept]:
        """Hold the sheets, look at each mark, write what wins, and answer."""
        reader = self.sender.reader
        self.sheets = hold_sheets({mark.session for mark in marks}, reader)
        self.known = known_acts(marks, self.sender)
        wanted = {"session__in": self.sheets, "enrollment__in": {mark.enrollment for mark in marks}}
        rows = with_moments(Attendance.objects.visible_to(reader).filter(**wanted))
        self.seats = {(seat.session_id, seat.enrollment_id): seat for seat in rows}
        self._follow([mark for mark in marks if mark.session in self.sheets])
        looked = [self._look(mark) for mark in marks]
        judge(self.new, self.sender)
        return [each if isinstance(each, Kept) else answer_of(*each[:2], again=each[2]) for each in looked]

    def _follow(self, marks: Sequence[ActContent]) -> None:
        """Find the seats of people who became one with another since the phone read them; seldom, 2 queries."""
        missing = [mark for mark in marks if (mark.session, mark.enrollment) not in self.seats]
        former = former_enrollments({mark.enrollment for mark in missing if mark.enrollment}) if missing else {}
        if not former:
            return
        wanted = {"session__in": {mark.session for mark in missing}, "enrollment__in": former.values()}
        rows = with_moments(Attendance.objects.visible_to(self.sender.reader).filter(**wanted))
        found = {(seat.session_id, seat.enrollment_id): seat for seat in rows}
        for mark in missing:
            seat = found.get((mark.session, former.get(mark.enrollment or 0, 0)))
            if seat is not None:
                self.seats.setdefault(
                    (mark.session, mark.enrollment), self.seats.get((mark.session, seat.enrollment_id), seat)
                )

    def _look(self, mark: ActContent) -> Kept | Looked:
        """Find a mark, or say why it stays on its phone."""
        try:
            return self._find(mark)
        except ValidationError as error:
            return refused(" ".join(error.messages))
        except Refused as error:
            return refused(str(error))

    def _find(self, mark: ActContent) -> Looked:
        """Find a mark that is here, or write it down."""
        seat = self.seats.get((mark.session, mark.enrollment))
        same = self.known.get(mark.id)
        if same and is_same(same, mark, self.sender):
            return same, seat, True
        session = self.sheets.get(mark.session)
        if session is None:
            raise Refused(_("There is no such session for you."))
        if seat is None:
            raise Refused(_("This person has no seat in this session."))
        said_in(mark, session)
        act = act_of(mark, self.sender, known=self.known, session=session, seat=seat)
        if act.pk in self.known:  # the other content under this key, once more
            return self.known[act.pk], seat, True
        self.known[act.pk] = act
        self.new.append(act)
        return act, seat, False
