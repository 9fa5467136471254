"""Who came unasked, as phones write it: the same person twice is one, and a namesake is told."""

from datetime import datetime, timedelta
from time import sleep
from typing import Any

import pytest

from accounts.models import User
from attendance.actions import Mark, close_session, hold_session, keep_acts, mark_attendance
from attendance.actions import unasked as writing
from attendance.actions.unasked import name_key
from attendance.models import Act
from common.models import Event
from programs.actions import cancel_session
from programs.models import Cohort, Enrollment, Session, Venue
from programs.states import AttendanceState, EnrollmentState
from tests.attendance.phones import came, minutes, send, tap, verdicts
from tests.factories import CohortFactory, EnrollmentFactory, PersonFactory
from tests.programs.plans import history, scheduled
from tests.programs.test_races import Act as Deed
from tests.programs.test_races import at_once
from villages.actions import anonymise_person, merge_people
from villages.models import Person, Village

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(english: None) -> None:
    """Sentences are compared."""


@pytest.fixture
def running(cohort: Cohort, venue: Venue, sari: User, at: datetime) -> Session:
    """A session that began an hour ago, with one seat."""
    EnrollmentFactory.create(cohort=cohort)
    return scheduled(cohort, venue, starts_at=at - timedelta(hours=1), by=sari)


@pytest.fixture
def tini(parengan: Village) -> Person:
    """Lives in the village, and is in no cohort."""
    return PersonFactory.create(village=parengan, name="Tini Astuti", sex="female")


def new(session: Session, cohort: Cohort, name: str = "Bu Rukmini", **said: Any) -> Any:
    return came(session, cohort, **{"name": name, "sex": "female", **said})


def test_somebody_known_is_enrolled_seated_and_present(
    running: Session, cohort: Cohort, tini: Person, made: User
) -> None:
    act = came(running, cohort, person=tini.pk, made=-20)
    (kept,) = send([act], by=made)
    assert kept.verdict == "stored"
    assert kept.seat is not None
    assert (kept.seat.state, kept.seat.source, kept.seat.marked_at) == ("present", "phone", minutes(-20))
    assert Enrollment.objects.get(person=tini).state == EnrollmentState.ACTIVE
    assert history(running)[-1] == "walk_in_added"
    assert Act.objects.get().mark == kept.seat.marks.get()
    (again,) = send([act], by=made)
    assert (again.verdict, again.seat) == ("had_it", kept.seat)


def test_somebody_nobody_knew_is_written_down(running: Session, cohort: Cohort, made: User) -> None:
    (kept,) = send([new(running, cohort)], by=made)
    assert (kept.verdict, kept.detail) == ("stored", "")
    person = Person.objects.get(name="Bu Rukmini")
    assert running.seats.get(enrollment__person=person).state == "present"


def test_two_phones_that_wrote_the_same_name_mean_one_person(
    running: Session, cohort: Cohort, made: User, sari: User
) -> None:
    send([new(running, cohort, made=-20)], by=made)
    (kept,) = send([new(running, cohort, "  RUKMINI", made=-10)], by=sari)
    assert kept.verdict == "stored"
    assert Person.objects.filter(name__icontains="rukmini").count() == 1
    assert running.seats.count() == 2
    assert Act.objects.filter(seat=kept.seat).count() == 2


def test_another_sex_or_another_session_is_another_person(
    running: Session, cohort: Cohort, made: User, sari: User, venue: Venue
) -> None:
    before = scheduled(cohort, venue, starts_at=minutes(-300), by=sari)
    first, second, third = send(
        [new(before, cohort, made=-250), new(running, cohort, sex="male"), new(running, cohort)], by=made
    )
    assert [each.verdict for each in (first, second, third)] == ["stored"] * 3
    assert first.detail == ""
    doubt = "Somebody of this name is known in the village already. Look whether it is the same person."
    assert second.detail == third.detail == doubt
    assert Person.objects.filter(name="Bu Rukmini").count() == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [("Bu Hj. Rukmini", "rukmini"), ("Rukmini, S.Pd.", "RUKMINI"), ("Siti-Aminah", "Siti  Aminah"), ("Ibu", "ibu")],
)
def test_titles_case_and_signs_of_a_name_do_not_count(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_who_has_a_seat_is_marked_there_by_the_latest_act(
    running: Session, cohort: Cohort, tini: Person, made: User, sari: User
) -> None:
    seat = running.seats.select_related("enrollment").get()
    known = seat.enrollment.person_id
    assert verdicts(send([came(running, cohort, person=known, made=-30)], by=made)) == ["stored"]
    assert verdicts(send([tap(running, seat.enrollment, AttendanceState.ABSENT, made=-40)], by=sari)) == ["overtaken"]
    assert verdicts(send([tap(running, seat.enrollment, AttendanceState.LATE, made=-20)], by=sari)) == ["stored"]
    assert verdicts(send([came(running, cohort, person=known, made=-25)], by=made)) == ["overtaken"]


def test_a_phone_may_still_know_somebody_by_a_former_id(
    running: Session, cohort: Cohort, tini: Person, made: User, sari: User, at: datetime
) -> None:
    twin = PersonFactory.create(village=tini.village, name="Tini Astuti", sex="female")
    gone = twin.pk
    merge_people(tini, gone=twin, by=sari, at=at)
    assert verdicts(send([came(running, cohort, person=gone)], by=made)) == ["stored"]
    assert running.seats.filter(enrollment__person=tini).exists()


def test_walk_ins_that_make_no_sense_stay_on_the_phone(
    running: Session, cohort: Cohort, made: User, elsewhere: Village, tini: Person, sari: User
) -> None:
    foreign = CohortFactory.create(program=running.program, village=elsewhere)
    second = CohortFactory.create(program=running.program, village=cohort.village)
    gone = EnrollmentFactory.create(cohort=cohort, state="withdrawn", reason="Moved")
    kept = send(
        [
            new(running, foreign),
            new(Session(pk=10**9), cohort),
            new(running, second),
            new(running, cohort, sex=""),
            new(running, cohort, "\t"),
            came(running, cohort, person=PersonFactory.create(village=elsewhere).pk),
            came(running, cohort, person=10**9),
            came(running, cohort, person=gone.person_id),
        ],
        by=made,
    )
    assert verdicts(kept) == ["refused"] * 8
    assert kept[0].detail == kept[1].detail == "There is no such session for you."
    assert kept[5].detail == kept[6].detail == "There is no such person for you."
    assert all(each.detail for each in kept)
    assert not Act.objects.exists()
    assert running.seats.count() == 1


def test_other_content_under_a_known_key_is_kept_and_seats_nobody(running: Session, cohort: Cohort, made: User) -> None:
    act = new(running, cohort)
    send([act], by=made)
    for _again in range(2):
        assert verdicts(send([new(running, cohort, "Sulastri", id=act.id)], by=made)) == ["refused"]
    assert sorted(Act.objects.values_list("outcome", flat=True)) == ["key_taken", "stored"]
    assert not Person.objects.filter(name="Sulastri").exists()


def test_what_comes_too_late_waits_once_for_each_person(
    running: Session, cohort: Cohort, tini: Person, made: User, sari: User, at: datetime
) -> None:
    cancel_session(running, reason="Flood", by=sari, at=at)
    acts = [
        new(running, cohort, made=-20),
        new(running, cohort, "RUKMINI", made=-10),
        came(running, cohort, person=tini.pk, made=-10),
        new(running, cohort, made=-30),
        came(running, cohort, person=tini.pk, made=-15),
    ]
    assert verdicts(send(acts, by=made)) == ["held", "held", "held", "overtaken", "overtaken"]
    assert Act.objects.waiting().count() == 2
    assert running.seats.count() == 1


def test_the_name_goes_when_somebody_asks_to_be_forgotten(
    running: Session, cohort: Cohort, made: User, sari: User, at: datetime
) -> None:
    send([new(running, cohort)], by=made)
    anonymise_person(Person.objects.get(name="Bu Rukmini"), by=sari, at=at)
    assert Act.objects.get().name == "–"


def test_acts_go_along_when_two_people_turn_out_to_be_one(
    running: Session, cohort: Cohort, tini: Person, made: User, sari: User, at: datetime
) -> None:
    first, second = send([came(running, cohort, person=tini.pk), new(running, cohort, "Tini A")], by=made)
    assert first.seat is not None
    assert second.seat is not None
    merge_people(tini, gone=second.seat.enrollment.person, by=sari, at=at)
    assert Act.objects.filter(seat=first.seat).count() == 2
    assert first.seat.marks.count() == 2
    late = tap(running, first.seat.enrollment, AttendanceState.LATE, made=-1)
    assert verdicts(send([late], by=made)) == ["stored"]


def test_a_phone_may_still_know_the_seat_of_who_became_one_with_another(
    running: Session, cohort: Cohort, made: User, sari: User, at: datetime
) -> None:
    keep = running.seats.select_related("enrollment__person").get().enrollment
    twin = EnrollmentFactory.create(cohort=cohort)
    running.seats.create(enrollment=twin)
    gone = Enrollment(pk=twin.pk)
    merge_people(keep.person, gone=twin.person, by=sari, at=at)
    kept = send([tap(running, gone, made=-20), tap(running, keep, AttendanceState.LATE), tap(running, gone)], by=made)
    assert sorted(verdicts(kept)) == ["overtaken", "overtaken", "stored"]
    assert {each.seat.enrollment_id for each in kept if each.seat} == {keep.pk}
    assert verdicts(send([tap(running, Enrollment(pk=10**9))], by=made)) == ["refused"]


def test_a_closed_sheet_holds_a_walk_in(
    running: Session, cohort: Cohort, tini: Person, made: User, sari: User, at: datetime
) -> None:
    seat = running.seats.get()
    mark_attendance(running, marks=[Mark(seat.enrollment_id, AttendanceState.PRESENT)], by=sari, at=at)
    hold_session(running, by=sari, at=at)
    close_session(running, by=sari, at=at)
    (kept,) = send([came(running, cohort, person=tini.pk)], by=made)
    assert (kept.verdict, kept.seat) == ("held", None)
    assert Event.objects.about(running).latest("pk").verb == "marks_wait"


# -- Two phones at once -----------------------------------------------------------------------------------------------


def rivals(running: Session, cohort: Cohort, made: User, sari: User, at: datetime) -> tuple[Deed, Deed]:
    """Two phones with the same new name."""
    acts = [(new(running, cohort), made), (new(running, cohort, "RUKMINI"), sari)]
    first, second = (lambda act=act, by=by: keep_acts([act], by=by, at=at) for act, by in acts)
    return first, second


@pytest.fixture
def slow_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between looking for somebody and writing them down."""
    seat = writing.seat_walk_in

    def later(*given: Any, **named: Any) -> None:
        sleep(0.4)
        seat(*given, **named)

    monkeypatch.setattr(writing, "seat_walk_in", later)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("slow_hand")
def test_the_same_new_person_at_once_is_written_down_once(
    running: Session, cohort: Cohort, made: User, sari: User, at: datetime
) -> None:
    assert at_once(*rivals(running, cohort, made, sari, at)) == [None, None]
    assert Person.objects.filter(name__icontains="rukmini").count() == 1
    assert Act.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("slow_hand")
def test_without_holding_cohort_and_sheet_they_are_two(
    running: Session, cohort: Cohort, made: User, sari: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(keys: Any, reader: User) -> dict[int, Session]:
        return Session.objects.visible_to(reader).in_bulk(list(keys))

    monkeypatch.setattr(writing, "hold_sheets", look)
    monkeypatch.setattr(writing, "hold_cohort", lambda key, _reader: Cohort.objects.filter(pk=key).first())
    at_once(*rivals(running, cohort, made, sari, at))
    assert Person.objects.filter(name__icontains="rukmini").count() == 2
