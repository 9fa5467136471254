"""A whole office at once: plans, moves, series, shifts, lists, consents and answers, all about the same few things.

Whatever is refused is refused in a sentence. Nothing waits for something that waits for it, no hour is given twice, and
no cohort has more people than places.
"""

import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import combinations, count
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from common.errors import Refused
from programs.actions import (
    admit_enrollment,
    answer_session,
    cancel_session,
    change_cohort,
    change_program,
    enroll_person,
    plan_series,
    reschedule_session,
    schedule_session,
    shift_sessions,
    withdraw_enrollment,
)
from programs.actions.intake import check_import, commit_import, open_import, undo_import
from programs.models import Attendance, Booking, Cohort, Enrollment, ImportBatch, Program, Session
from programs.series import Span
from programs.states import ModuleCode, SessionMode, SessionState
from tests import factories
from tests.factories import NOW, module
from tests.programs.intake.lists import lettered, text
from tests.programs.plans import START, TWO_HOURS, draft, scheduled
from tests.programs.test_races import Act, at_once
from villages.actions import give_consent, opt_in, opt_out, withdraw_consent
from villages.models import ContactPoint, Person, Village

pytestmark = pytest.mark.django_db(transaction=True)

HANDS, SECONDS, PLACES = 12, 6.0, 9
DAY = timedelta(days=1)
Turn = Callable[[random.Random], object]


class Office:
    """Three cohorts, two halls, two trainers, sessions that cross, numbers that are shared; and what hands do to it."""

    def __init__(self, program: Program, villages: list[Village], by: User) -> None:
        """Lay all of it out; later sessions come first, so that no order of keys is an order of days."""
        self.by, self.lists, self.program = by, count(), program
        self.cohorts = [factories.CohortFactory.create(program=program, village=v, capacity=PLACES) for v in villages]
        self.halls = [factories.VenueFactory.create() for _ in range(2)]
        self.trainers = [factories.TrainerFactory.create() for _ in range(2)]
        shared = [factories.ContactPointFactory.create() for _ in range(3)]
        for cohort in self.cohorts:
            for place in range(8):
                person = factories.reachable_person(cohort.village, number=shared[place % 3])
                enroll_person(cohort, person=person, by=by, at=NOW)
        for place in range(8):
            group = [self.cohorts[place % 3], *([self.cohorts[(place + 1) % 3]] if place % 2 else [])]
            given: dict[str, Any] = {
                "cohorts": group,
                "trainers": [self.trainers[place % 2]],
                "starts_at": START + (9 - place) * DAY,
            }
            scheduled(group[0], self.halls[place % 2], by=by, **given)

    def session(self, dice: random.Random) -> Session:
        """Read one that is to come."""
        rows = Session.objects.select_related("program", "module").filter(starts_at__gt=NOW)
        return dice.choice(list(rows.order_by("pk")))

    def cohort(self, dice: random.Random) -> Cohort:
        """Read a cohort as it stands."""
        return Cohort.objects.select_related("program", "village").get(pk=dice.choice(self.cohorts).pk)

    def hour(self, dice: random.Random) -> datetime:
        """Choose one of few hours."""
        return START + dice.randrange(14) * DAY + timedelta(hours=dice.choice((0, 1)))

    def schedule(self, dice: random.Random) -> None:
        """Draft and promise."""
        group = dice.sample(self.cohorts, dice.choice((1, 2)))
        given: dict[str, Any] = {
            "cohorts": group,
            "trainers": [dice.choice(self.trainers)],
            "starts_at": self.hour(dice),
        }
        schedule_session(draft(group[0], dice.choice(self.halls), by=self.by, **given), by=self.by, at=NOW)

    def reschedule(self, dice: random.Random) -> None:
        """Promise another time."""
        row, start = self.session(dice), self.hour(dice)
        given: dict[str, Any] = {"starts_at": start, "ends_at": start + TWO_HOURS, "venue": dice.choice(self.halls)}
        reschedule_session(row, reason="Rain", by=self.by, at=NOW, **given)

    def cancel(self, dice: random.Random) -> None:
        """Call off, seldom."""
        if not dice.randrange(4):
            cancel_session(self.session(dice), reason="Rain", by=self.by, at=NOW)

    def series(self, dice: random.Random) -> None:
        """Plan three at once."""
        starts = [START + (14 + dice.randrange(30)) * DAY + place * DAY for place in range(3)]
        given: dict[str, Any] = {"cohorts": dice.sample(self.cohorts, 2), "trainers": [dice.choice(self.trainers)]}
        plan_series(
            spans=[Span(start, start + TWO_HOURS) for start in starts],
            program=self.program,
            module=module(ModuleCode.DESIGN),
            venue=dice.choice(self.halls),
            mode=SessionMode.IN_PERSON,
            by=self.by,
            at=NOW,
            **given,
        )

    def shift(self, dice: random.Random) -> None:
        """Move a row."""
        ahead = Session.objects.select_related("program", "module").filter(starts_at__gt=NOW, state="scheduled")
        rows = list(ahead.order_by("pk"))
        chosen = dice.sample(rows, min(len(rows), 3))
        shift_sessions(chosen, days=dice.choice((-1, 1, 2)), reason="Harvest", by=self.by, at=NOW)

    def enroll(self, dice: random.Random) -> None:
        """Bring somebody new."""
        cohort = self.cohort(dice)
        number = dice.choice(list(ContactPoint.objects.order_by("pk")[:3]))
        person = factories.reachable_person(cohort.village, number=number)
        enroll_person(cohort, person=person, by=self.by, at=NOW)

    def withdraw(self, dice: random.Random) -> None:
        """Let somebody go, and the next one in."""
        row = dice.choice(list(Enrollment.objects.seated().select_related("cohort", "person").order_by("pk")))
        withdraw_enrollment(row, reason="Work", by=self.by, at=NOW)

    def admit(self, dice: random.Random) -> None:
        """Give a place to who waits."""
        row = dice.choice(list(Enrollment.objects.waiting().select_related("cohort", "person")) or [None])
        if row is not None:
            admit_enrollment(row, to="accepted", by=self.by, at=NOW)

    def places(self, dice: random.Random) -> None:
        """Write the same cohort anew."""
        change_cohort(self.cohort(dice), capacity=PLACES, name=f"Name {dice.random()}", by=self.by, at=NOW)

    def bring(self, dice: random.Random) -> None:
        """Import a list for several villages, and take every second one back."""
        mark = next(self.lists)
        rows: list[Any] = [("Nama Lengkap", "L/P", "Desa", "No. HP", "Setuju")]
        for place, cohort in enumerate(dice.sample(self.cohorts, 3)):
            number = f"0812{30000100 + dice.randrange(4)}"
            rows.append((f"Siti {lettered(mark * 3 + place)}", "P", cohort.village.name, number, "ya"))
        batch = open_import(program=self.program, data=text(rows), file_name="a.csv", by=self.by, at=NOW)
        check_import(batch, by=self.by, at=NOW)
        commit_import(batch, by=self.by, at=NOW, text_version="1")
        if mark % 2:
            undo_import(ImportBatch.objects.get(pk=batch.pk), by=self.by, at=NOW)

    def consent(self, dice: random.Random) -> None:
        """Agree or take it back."""
        person = dice.choice(list(Person.objects.order_by("pk")[:24]))
        if dice.randrange(2):
            withdraw_consent(person, purpose="messages", by=self.by, at=NOW)
        else:
            give_consent(person, purpose="messages", how="spoken", text_version="1", by=self.by, at=NOW)

    def number(self, dice: random.Random) -> None:
        """Stop a shared number, or let it speak again."""
        point = dice.choice(list(ContactPoint.objects.order_by("pk")[:3]))
        (opt_out if dice.randrange(2) else opt_in)(point, by=self.by, at=NOW)

    def switch(self, dice: random.Random) -> None:
        """Switch a reminder of the program."""
        change_program(Program.objects.get(pk=self.program.pk), sends_h3=bool(dice.randrange(2)), by=self.by, at=NOW)

    def answer(self, dice: random.Random) -> None:
        """Answer an invitation."""
        seat = dice.choice(list(Attendance.objects.select_related("session").order_by("pk")))
        answer_session(seat, rsvp=dice.choice(("yes", "no")), at=NOW)

    def turns(self) -> list[Turn]:
        """List what a hand may do."""
        seats = [self.enroll, self.withdraw, self.admit, self.places, self.bring, self.answer]
        plans = [self.schedule, self.reschedule, self.cancel, self.series, self.shift, self.shift]
        return [*seats, *plans, self.consent, self.number, self.switch]


def hand(office: Office, seed: int, until: float, done: Counter[str]) -> Act:
    """Keep one hand busy; what is refused in a sentence is no failure."""

    def busy() -> None:
        dice, turns = random.Random(seed), office.turns()  # noqa: S311
        while time.monotonic() < until:
            turn = dice.choice(turns)
            try:
                turn(dice)
            except (Refused, ValidationError):
                continue
            done[turn.__name__] += 1

    return busy


def test_busy_office_never_deadlocks_and_gives_nothing_twice(
    program: Program, parengan: Village, elsewhere: Village, sari: User
) -> None:
    office = Office(program, [parengan, elsewhere, factories.VillageFactory.create()], sari)
    done: Counter[str] = Counter()
    until = time.monotonic() + SECONDS
    raised = at_once(*(hand(office, seed, until, done) for seed in range(HANDS)))
    assert raised == [None] * HANDS
    assert done.total() > HANDS
    for cohort in office.cohorts:
        assert Enrollment.objects.seated().filter(cohort=cohort).count() <= PLACES
    assert seats() == expected_seats()
    live = Booking.objects.filter(live=True).order_by("starts_at", "pk")
    for taken in ("venue", "trainer", "cohort"):
        spans = live.filter(**{f"{taken}__isnull": False}).values_list(taken, "starts_at", "ends_at")
        for one, other in combinations(spans, 2):
            assert one[0] != other[0] or one[2] <= other[1], taken


def seats() -> set[tuple[int, int]]:
    """List who has a seat where."""
    ahead = Attendance.objects.filter(session__state=SessionState.SCHEDULED)
    return set(ahead.values_list("session_id", "enrollment_id"))


def expected_seats() -> set[tuple[int, int]]:
    """List who ought to have one: whoever takes part in a cohort of the session."""
    booked = Booking.objects.filter(cohort__isnull=False, session__state=SessionState.SCHEDULED)
    seated = Enrollment.objects.seated()
    return {
        (session, one)
        for session, cohort in booked.values_list("session_id", "cohort_id")
        for one in seated.filter(cohort=cohort).values_list("pk", flat=True)
    }
