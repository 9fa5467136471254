"""One case for each relation that can hang on a person: a row of their own, and a row that meets its counterpart."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import models

from programs.models import Attendance, Enrollment, ImportRow, Session
from programs.states import AttendanceState, EnrollmentState
from tests import factories
from tests.factories import NOW
from villages.models import FormerId, NotDuplicate, Person
from villages.states import Purpose, Relation

Make = Callable[[Person], models.Model]
Both = Callable[[Person, Person], tuple[models.Model, models.Model]]  # the row of who stays, the row of who goes


def begun(person: Person) -> Session:
    """Hold a session of yesterday."""
    cohort = factories.CohortFactory.create(village=person.village)
    return factories.SessionFactory.create(
        program=cohort.program, cohorts=[cohort], venue=None, mode="online", starts_at=NOW - timedelta(days=1)
    )


def enrolled(person: Person, **columns: Any) -> Enrollment:
    """Give a place in a cohort of the village."""
    cohort = columns.pop("cohort", None) or factories.CohortFactory.create(village=person.village)
    return factories.EnrollmentFactory.create(cohort=cohort, person=person, **columns)


def seated(person: Person, session: Session | None = None, **columns: Any) -> Attendance:
    """Give a seat in a session of a cohort of the village."""
    session = session or begun(person)
    cohort = session.cohorts.get()
    place = Enrollment.objects.filter(cohort=cohort, person=person).first() or enrolled(person, cohort=cohort)
    return factories.AttendanceFactory.create(session=session, enrollment=place, **columns)


def covered(person: Person) -> models.Model:
    """Send a message about the person."""
    message = factories.MessageFactory.create(session=begun(person), due_at=NOW - timedelta(days=2))
    message.people.add(person)
    return message.people.through.objects.get(message=message, person=person)


def told(person: Person, **columns: Any) -> models.Model:
    """Tell the person by hand."""
    return factories.ManualContactFactory.create(person=person, **columns)


def former(person: Person) -> FormerId:
    """Remember an id from an earlier merge."""
    return FormerId.objects.create(pk=9_000_000 + person.pk, person=person)


def apart(person: Person) -> NotDuplicate:
    """Tell the person apart from someone written down later."""
    other = factories.PersonFactory.create(pk=900_000, village=person.village)
    return NotDuplicate.objects.create(first=person, second=other, said_by=factories.UserFactory.create(), said_at=NOW)


def apart_from_earlier(person: Person) -> NotDuplicate:
    """Tell the person apart from someone written down before both."""
    other = factories.PersonFactory.create(pk=3, village=person.village)
    return NotDuplicate.objects.create(first=other, second=person, said_by=factories.UserFactory.create(), said_at=NOW)


def marked(person: Person) -> models.Model:
    """Mark the person, and keep the mark in the history of the seat."""
    seat = seated(person, state="late", minutes=60, source="self", marked_at=NOW, version=1)
    return factories.AttendanceMarkFactory.create(seat=seat)


def noted(person: Person) -> models.Model:
    """Speak to the person about an absence."""
    hand = factories.UserFactory.create()
    seat = seated(person, state="absent", source="trainer", marked_at=NOW, marked_by=hand, version=1)
    return factories.AbsenceNoteFactory.create(seat=seat)


def tapped(person: Person) -> models.Model:
    """Be marked on a phone."""
    return factories.ActFactory.create(seat=seated(person))


def answered(person: Person) -> models.Model:
    """Answer for a seat by a word that was written."""
    reply = factories.ReplyFactory.create()
    reply.seats.add(seated(person))
    return reply.seats.through.objects.get(reply=reply)


def certified(person: Person, **columns: Any) -> models.Model:
    """Give a certificate."""
    place = columns.pop("enrollment", None) or enrolled(person)
    return factories.CertificateFactory.create(enrollment=place, **columns)


def listed(person: Person, **columns: Any) -> models.Model:
    """Stand in a list that was imported."""
    return ImportRow.objects.create(batch=factories.ImportBatchFactory.create(), number=2, person=person, **columns)


ALONE: dict[str, Make] = {
    "villages.personcontact.person": lambda person: factories.PersonContactFactory.create(person=person),
    "villages.consent.person": lambda person: factories.ConsentFactory.create(person=person, purpose=Purpose.PHOTOS),
    "villages.formerid.person": former,
    "villages.notduplicate.first": apart,
    "villages.notduplicate.second": apart_from_earlier,
    "programs.enrollment.person": enrolled,
    "programs.attendance.enrollment": seated,
    "attendance.attendancemark.seat": marked,
    "attendance.absencenote.seat": noted,
    "attendance.act.seat": tapped,
    "attendance.act.person": lambda person: factories.ActFactory.create(seat=seated(person), person=person),
    "replies.reply_seats.attendance": answered,
    "papers.certificate.enrollment": certified,
    "programs.importrow.person": listed,
    "programs.importrow.enrollment": lambda person: listed(person, enrollment=enrolled(person)),
    "mentoring.attendee.person": lambda person: factories.AttendeeFactory.create(person=person),
    "reminders.message_people.person": covered,
    "reminders.manualcontact.person": told,
    "reminders.missedcall.person": lambda person: factories.MissedCallFactory.create(person=person),
}


def same_number(keep: Person, gone: Person) -> tuple[models.Model, models.Model]:
    """One says it is her own, the other that it is her husband's."""
    kept = factories.PersonContactFactory.create(person=keep, relation=Relation.SPOUSE)
    return kept, factories.PersonContactFactory.create(person=gone, contact_point=kept.contact_point)


def same_agreement(keep: Person, gone: Person) -> tuple[models.Model, models.Model]:
    """Both agreed to messages, the one that goes later and to newer words."""
    kept = factories.ConsentFactory.create(person=keep)
    return kept, factories.ConsentFactory.create(person=gone, given_at=NOW, text_version="2026-9")


def same_cohort(keep: Person, gone: Person) -> tuple[models.Model, models.Model]:
    """Both are in one cohort; the one that stays had withdrawn."""
    kept = enrolled(keep, state=EnrollmentState.WITHDRAWN, reason="Moved away")
    return kept, enrolled(gone, cohort=kept.cohort, enrolled_at=NOW - timedelta(days=70))


def same_session(keep: Person, gone: Person) -> tuple[models.Model, models.Model]:
    """Both have a seat; only the one that goes was marked, only the one that stays answered."""
    session = begun(keep)
    kept = seated(keep, session, rsvp="yes", rsvp_at=NOW - timedelta(days=3))
    mark = {"minutes": 90, "source": "paper", "marked_at": NOW, "marked_by": factories.UserFactory.create()}
    return kept, seated(gone, session, state=AttendanceState.PRESENT, **mark)


def same_visit(keep: Person, gone: Person) -> tuple[models.Model, models.Model]:
    """Both were there."""
    kept = factories.AttendeeFactory.create(person=keep)
    return kept, factories.AttendeeFactory.create(visit=kept.visit, person=gone)


def same_message(keep: Person, gone: Person) -> tuple[models.Model, models.Model]:
    """One message was for both."""
    kept: Any = covered(keep)
    kept.message.people.add(gone)
    return kept, kept.message.people.through.objects.get(person=gone)


def same_word(keep: Person, gone: Person) -> tuple[models.Model, models.Model]:
    """Both were told of one revision; the one that goes a day before."""
    kept: Any = told(keep)
    return kept, told(gone, session=kept.session, revision=kept.revision, at=NOW - timedelta(days=1))


def same_reply(keep: Person, gone: Person) -> tuple[models.Model, models.Model]:
    """One word answered for both, in one session."""
    kept, other = same_session(keep, gone)
    reply = factories.ReplyFactory.create()
    reply.seats.add(kept.pk, other.pk)
    rows = reply.seats.through.objects
    return rows.get(attendance=kept.pk), rows.get(attendance=other.pk)


MEETING: dict[str, Both] = {
    "villages.personcontact.person": same_number,
    "villages.consent.person": same_agreement,
    "programs.enrollment.person": same_cohort,
    "programs.attendance.enrollment": same_session,
    "mentoring.attendee.person": same_visit,
    "reminders.message_people.person": same_message,
    "reminders.manualcontact.person": same_word,
    "replies.reply_seats.attendance": same_reply,
}


def both_certified(keep: Person, gone: Person) -> tuple[models.Model, models.Model]:
    """Both completed one cohort, and both certificates are valid."""
    kept, other = same_cohort(keep, gone)
    return certified(keep, enrollment=kept), certified(gone, enrollment=other)


# Both have what only one can have, and the model has no rule: a human settles it before the merge.
REFUSED: dict[str, Both] = {"papers.certificate.enrollment": both_certified}
NEVER_MEET = {"villages.formerid.person", "villages.notduplicate.first", "villages.notduplicate.second"}
NEVER_MEET |= {"attendance.attendancemark.seat", "attendance.absencenote.seat"}  # numbered on, and simply moved
NEVER_MEET |= {"attendance.act.seat", "attendance.act.person"}  # by their own keys
NEVER_MEET |= {"programs.importrow.person", "programs.importrow.enrollment", "reminders.missedcall.person"}
