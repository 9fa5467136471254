"""For a day an import can be taken back; whatever something was written about since then stays."""

from collections.abc import Iterator
from datetime import datetime
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any, Final

from django.db import models, transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import Refused
from common.events import record, record_all
from common.models import Event
from programs.actions.booking import hold_sessions
from programs.actions.enrollment import fill_places
from programs.actions.intake.committing import hold_places
from programs.intake.reading import UNDOABLE
from programs.models import Attendance, Booking, Cohort, Enrollment, ImportBatch, ImportRow
from programs.states import AttendanceState, ImportState, RowState, Rsvp
from villages.actions.crowd import Crowd
from villages.actions.leaving import let_go, put_back, remove_people, take_consents, take_numbers
from villages.models import ContactPoint, Person

WRITTEN: Final = (RowState.NEW, RowState.CHANGED)
CHUNK: Final = 2_000
# What the import itself brings, or what goes with the person without a trace.
OWN: Final = {
    *("contacts", "contact_points", "consents", "messages", "import_rows"),
    *("enrollments", "cohorts", "seats"),
}
# States of messages that left, or may have left.
TOLD: Final = ("claimed", "accepted", "sent", "delivered", "read", "joined", "unknown", "failed")
PEOPLE: Final = """
    SELECT person_id, phone, changes FROM programs_importrow WHERE id = ANY(%(rows)s::bigint[]) AND state = 'changed'
"""


@transaction.atomic
def undo_import(batch: ImportBatch, *, by: User, at: datetime) -> ImportBatch:
    """Take back what the list wrote; rows about which something was written since are kept and counted."""
    if batch.committed_at and at > batch.committed_at + UNDOABLE:
        raise Refused(_("An import can be undone for 24 hours. Correct people one by one now."))
    ImportBatch.objects.move(batch, ImportState.UNDONE, undone_at=at, undone_by=by)
    hold_places(batch)
    written = batch.rows.filter(state__in=WRITTEN)
    batch.kept = _keep(batch, written)
    batch.save(update_fields=["kept"])
    for rows in _chunks(written.filter(kept=False)):
        _take_back(batch, rows, by=by, at=at)
    let_go(written.filter(kept=False, first_number=True).values("phone"))
    cohorts = Cohort.objects.filter(pk__in=batch.rows.values("cohort")).order_by("pk")
    hold_sessions(Booking.objects.filter(cohort__in=cohorts.order_by()).values_list("session_id", flat=True))
    for cohort in cohorts:
        fill_places(cohort, by=by, at=at)  # who waited behind the list comes in
    record(batch, verb="undone", by=by, at=at, goal=ImportState.UNDONE, program=batch.program_id, kept=batch.kept)
    return batch


def _keep(batch: ImportBatch, written: QuerySet[ImportRow]) -> int:
    """Mark the rows about which anything was written after the import."""
    last = Event.objects.about(batch).filter(verb="committed").latest("pk").pk
    since = Event.objects.filter(pk__gt=last).exclude(verb="read_numbers")
    reasons = [
        Q(Exists(_about(since, Person, "person_id"))),
        Q(enrollment__isnull=False) & Q(Exists(_about(since, Enrollment, "enrollment_id"))),
        Q(first_number=True) & Q(Exists(_about_number(since))),
        Q(Exists(_marked())),
        *(Q(state=RowState.NEW) & Q(Exists(rows)) for rows in _others(Person, "person_id")),
        *(Q(enrollment__isnull=False) & Q(Exists(rows)) for rows in _others(Enrollment, "enrollment_id")),
        Q(state=RowState.NEW) & Q(Exists(_elsewhere())),
        Q(state=RowState.NEW) & Q(Exists(_told())),
    ]
    kept = written.filter(reduce(or_, reasons)).values("pk")
    return ImportRow.objects.filter(pk__in=kept).update(kept=True)


def _about(since: QuerySet[Event], model: type[models.Model], key: str) -> QuerySet[Event]:
    return since.filter(subject_type=model._meta.label_lower, subject_id=Cast(OuterRef(key), CharField()))


def _about_number(since: QuerySet[Event]) -> QuerySet[ContactPoint]:
    events = _about(since, ContactPoint, "pk")
    return ContactPoint.objects.filter(Exists(events), number=OuterRef("phone"))


def _marked() -> QuerySet[Attendance]:
    """Find seats that say more than that somebody is expected."""
    untouched = Q(state=AttendanceState.EXPECTED, rsvp=Rsvp.NONE, version=0)
    return Attendance.objects.filter(~untouched, enrollment=OuterRef("enrollment"))


def _elsewhere() -> QuerySet[Enrollment]:
    """Find the person in another cohort."""
    return Enrollment.objects.filter(person=OuterRef("person")).exclude(pk=OuterRef("enrollment"))


def _told() -> QuerySet[Person]:
    """Find people who were told something; messages stand on a higher floor and are named by their path."""
    return Person.objects.filter(pk=OuterRef("person"), messages__state__in=TOLD)


def _others(model: type[models.Model], key: str) -> Iterator[QuerySet[Any]]:
    """Give the rows of every other table that speaks of one of these, on whatever floor it stands."""
    for relation in model._meta.related_objects:
        if relation.get_accessor_name() not in OWN:
            yield relation.field.model._default_manager.filter(**{relation.field.name: OuterRef(key)})


def _chunks(rows: QuerySet[ImportRow]) -> Iterator[list[ImportRow]]:
    walk = rows.order_by("number").iterator(CHUNK)
    while chunk := list(islice(walk, CHUNK)):
        yield chunk


def _take_back(batch: ImportBatch, rows: list[ImportRow], *, by: User, at: datetime) -> None:
    values = {"rows": [row.pk for row in rows]}
    gone = [row.person_id for row in rows if row.state == RowState.NEW and row.person_id]
    enrollments = [row.enrollment_id for row in rows if row.enrollment_id]
    facts = f"jsonb_build_object('import', {int(batch.pk)}) AS facts"
    source = f"SELECT person_id AS id, {facts} FROM programs_importrow WHERE id = ANY(%(rows)s::bigint[])"  # noqa: S608
    record_all(Person, verb="import_undone", by=by, at=at, source=source, params=values)
    crowd = Crowd(PEOPLE, by=by, at=at, params=values)
    put_back(crowd)
    take_numbers(crowd)
    assert batch.committed_at is not None  # noqa: S101  it was committed, or the move had refused
    take_consents(crowd, given_at=batch.committed_at)
    Attendance.objects.filter(enrollment__in=enrollments).delete()
    Enrollment.objects.filter(pk__in=enrollments).delete()
    remove_people(gone)
