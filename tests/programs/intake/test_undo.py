"""A list goes again: undone for a day, forgotten after it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from attendance.actions import Mark, mark_attendance
from common.errors import MoveRefused, Refused
from programs.actions import change_cohort, enroll_person
from programs.actions.intake import (
    discard_import,
    export_rows,
    forget_imports,
    undo_import,
)
from programs.models import Attendance, Cohort, Enrollment, ImportBatch, ImportRow, Session, Venue
from programs.states import ImportState
from reminders.models import Message
from tests import factories
from tests.programs.intake.conftest import Bring, counts
from tests.programs.intake.lists import HEAD, people, xlsx
from tests.programs.plans import history, scheduled
from villages.actions import change_person
from villages.models import Consent, ContactPoint, Person, PersonContact, Village

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def row(batch: ImportBatch, number: int) -> ImportRow:
    return batch.rows.get(number=number)


def standing() -> tuple[int, ...]:
    models: tuple[Any, ...] = (Person, ContactPoint, PersonContact, Consent, Enrollment, Attendance)
    return tuple(model.objects.count() for model in models)


# -- Undoing ----------------------------------------------------------------------------------------------------------


def test_undo_leaves_everything_as_it_was(
    bring: Bring, commit: Bring, parengan: Village, cohort: Cohort, venue: Venue, sari: User, at: datetime
) -> None:
    ani = factories.PersonFactory.create(village=parengan, name="Ani", birth_year=1980, hamlet="Krajan")
    scheduled(cohort, venue, by=sari)
    before = standing()
    data = xlsx([HEAD, *people(20), (21, None, "Ani", "P", "1/1/1980", "Wedi", "0812 9000 0001", "ya")])
    batch = undo_import(commit(bring(data)), by=sari, at=at + timedelta(hours=23))
    assert (batch.kept, batch.state) == (0, ImportState.UNDONE)
    people_now, numbers, *others = standing()
    assert (people_now, *others) == (before[0], *before[2:])
    assert not ContactPoint.objects.exclude(number__startswith="erased-").exists()
    assert numbers <= 21
    ani.refresh_from_db()
    assert (ani.hamlet, ani.birth_year) == ("Krajan", 1980)
    assert counts(bring(data)) == (20, 1, 0, 0)


def test_places_go_to_a_list_in_its_order_and_come_back_when_it_is_undone(
    bring: Bring, commit: Bring, cohort: Cohort, sari: User, at: datetime
) -> None:
    change_cohort(cohort, capacity=2, by=sari, at=at)
    batch = commit(bring(xlsx([HEAD, *people(3)])))
    in_order = cohort.enrollments.order_by("pk").values_list("state", flat=True)
    assert [*in_order] == ["accepted", "accepted", "waitlisted"]
    behind = enroll_person(cohort, person=factories.PersonFactory.create(village=cohort.village), by=sari, at=at)
    assert behind.state == "waitlisted"
    undo_import(batch, by=sari, at=at)
    assert [*cohort.enrollments.values_list("pk", "state")] == [(behind.pk, "accepted")]


def test_undo_asks_nothing_for_each_row(
    bring: Bring, commit: Bring, cohort: Cohort, venue: Venue, sari: User, at: datetime
) -> None:
    scheduled(cohort, venue, by=sari)
    counts_of = []
    for size in (20, 320):
        batch = commit(bring(xlsx([HEAD, *people(size)])))
        with CaptureQueriesContext(connection) as queries:
            undo_import(batch, by=sari, at=at)
        counts_of.append(len(queries))
    assert counts_of[1] - counts_of[0] <= 3 * 4, "Django deletes by the hundred"


def test_undo_keeps_what_was_written_about_since(
    bring: Bring, commit: Bring, cohort: Cohort, venue: Venue, sari: User, at: datetime
) -> None:
    session = scheduled(cohort, venue, by=sari)
    batch = commit(bring(xlsx([HEAD, *people(6)])))
    changed, marked, other, told = (row(batch, number).person for number in (2, 3, 4, 5))
    assert changed is not None
    assert marked is not None
    assert other is not None
    assert told is not None
    change_person(changed, hamlet="Tengah", by=sari, at=at)
    Session.objects.filter(pk=session.pk).update(starts_at=at - timedelta(hours=1), ends_at=at + timedelta(hours=1))
    enrollment = marked.enrollments.get()
    mark_attendance(session, marks=[Mark(enrollment.pk, "present")], by=sari, at=at)
    factories.EnrollmentFactory.create(cohort=factories.CohortFactory.create(village=cohort.village), person=other)
    Message.objects.filter(people=told).update(state="sent")
    undo_import(batch, by=sari, at=at)
    assert batch.kept == 4
    assert set(Person.objects.values_list("pk", flat=True)) == {changed.pk, marked.pk, other.pk, told.pk}
    assert Enrollment.objects.filter(cohort=cohort).count() == 4


def test_undo_is_refused_after_a_day_and_before_a_commit(bring: Bring, commit: Bring, sari: User, at: datetime) -> None:
    batch = bring(xlsx([HEAD, *people(2)]))
    with pytest.raises(MoveRefused):
        undo_import(batch, by=sari, at=at)
    commit(batch)
    with pytest.raises(Refused, match="24"):
        undo_import(batch, by=sari, at=at + timedelta(hours=25))
    undo_import(batch, by=sari, at=at)
    with pytest.raises(MoveRefused):
        undo_import(batch, by=sari, at=at)


# -- Forgetting -------------------------------------------------------------------------------------------------------


def test_rows_are_forgotten_after_a_day(bring: Bring, commit: Bring, sari: User, at: datetime) -> None:
    done, left = commit(bring(xlsx([HEAD, *people(2)]))), bring(xlsx([HEAD, *people(2, start=5)]))
    forget_imports(at=at + timedelta(hours=23))
    assert ImportRow.objects.count() == 4
    later = at + timedelta(hours=24)
    forget_imports(at=later)
    assert not ImportRow.objects.exists()
    done.refresh_from_db()
    left.refresh_from_db()
    assert (done.state, done.new, left.state) == (ImportState.COMMITTED, 2, ImportState.DISCARDED)
    assert done.forgotten_at == left.forgotten_at == later
    assert forget_imports(at=later) == 0
    assert Person.objects.count() == 2


def test_discarded_list_is_gone_at_once(bring: Bring, sari: User, at: datetime) -> None:
    batch = bring(xlsx([HEAD, *people(2)]))
    discard_import(batch, by=sari, at=at)
    assert not batch.rows.exists()
    with pytest.raises(MoveRefused):
        discard_import(batch, by=sari, at=at)


def test_file_of_errors_has_the_row_and_what_is_wrong(bring: Bring, sari: User, at: datetime) -> None:
    batch = bring(xlsx([("Nama", "L/P", "HP"), ("Ani", "P", "0812"), ("Ina", "P", "081230000001")]))
    assert [*export_rows(batch, everything=False, by=sari, at=at)] == [
        ["2", "Ani", "P", "0812", "Mobile number 0812 is too short."]
    ]
    assert len([*export_rows(batch, everything=True, by=sari, at=at)]) == 2
    assert history(batch)[-1] == "rows_exported"
