"""Which events change what ought to be told, and to whom: the sessions that are planned again after each."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models
from django.db.models import Q

from common.events import Listener, listen
from common.models import Event
from programs.models import Attendance, Enrollment, ImportBatch, Program, Session, Trainer
from programs.states import RowState
from reminders.forgetting import forget_words
from reminders.models import Refusal
from reminders.planning import hold_back, let_go, plan_sessions, recall
from reminders.states import UNSENT, MessageState
from villages.models import ContactPoint, Person, Village
from villages.states import REACHABLE

Ids = Callable[[Any], Iterable[int]]


def of_session(session: Session) -> Iterable[int]:
    """One session."""
    return [session.pk]


def of_attendance(seat: Attendance) -> Iterable[int]:
    """The session that was answered."""
    return [seat.session_id]


def of_enrollment(enrollment: Enrollment) -> Iterable[int]:
    """The sessions of the cohort, and those that were to be told to the person."""
    return _sessions(Q(bookings__cohort=enrollment.cohort_id) | _told_to([enrollment.person_id]))


def of_program(program: Program) -> Iterable[int]:
    """Every session of the program: its switches may have changed."""
    return _sessions(Q(program=program.pk))


def of_import(batch: ImportBatch) -> Iterable[int]:
    """The sessions of the cohorts that a list filled and of the people whose reach it changed, once for all."""
    changed = batch.rows.filter(state=RowState.CHANGED, person__isnull=False).values("person")
    cohorts = list(batch.rows.order_by("cohort").values_list("cohort", flat=True).distinct())
    return {*_sessions(Q(bookings__cohort__in=cohorts)), *_sessions(Q(seats__enrollment__person__in=changed))}


def of_person(person: Person) -> Iterable[int]:
    """The sessions a person has a seat in or was to be told of."""
    return _of_people([person.pk])


def of_village(village: Village) -> Iterable[int]:
    """The sessions of everybody who lives there: many of them may have agreed at once."""
    return _sessions(Q(seats__enrollment__person__village=village.pk))


def of_contact_point(point: ContactPoint) -> Iterable[int]:
    """The sessions of everybody whom the number reaches."""
    people = list(point.contacts.values_list("person_id", flat=True))
    told = Q(messages__contact_point=point.pk, messages__state__in=(*UNSENT, MessageState.CLAIMED))
    return {*_of_people(people), *_sessions(told)}


def of_trainer(trainer: Trainer) -> Iterable[int]:
    """The sessions someone teaches."""
    return _sessions(Q(bookings__trainer=trainer.pk))


def _of_people(people: list[int]) -> Iterable[int]:
    return _sessions(Q(seats__enrollment__person__in=people) | _told_to(people))


def _told_to(people: list[int]) -> Q:
    return Q(messages__people__in=people, messages__state__in=UNSENT)


def _sessions(which: Q) -> Iterable[int]:
    return Session.objects.filter(which).order_by("pk").values_list("pk", flat=True).distinct()


REASONS: dict[str, tuple[Ids, tuple[str, ...]]] = {
    "programs.session": (
        of_session,
        ("scheduled", "rescheduled", "cancelled", "held", "closed", "walk_in_added", "trainers_assigned"),
    ),
    "programs.enrollment": (of_enrollment, ("enrolled", "admitted", "withdrawn")),
    "programs.attendance": (of_attendance, ("answered",)),
    "programs.importbatch": (of_import, ("committed", "undone")),
    "programs.trainer": (of_trainer, ("changed",)),
    "programs.program": (of_program, ("changed",)),
    "villages.person": (
        of_person,
        (
            *("contact_added", "contact_removed", "contact_doubted", "contact_trusted"),
            *("consent_given", "consent_withdrawn", "anonymised", "merged"),
        ),
    ),
    "villages.village": (of_village, ("consents_given",)),
    "villages.contactpoint": (of_contact_point, ("opted_out", "opted_in", "marked")),
}


def _replan(sessions: Ids) -> Listener:
    def plan_again(subject: models.Model, event: Event) -> None:
        plan_sessions(list(sessions(subject)), at=event.at)

    return plan_again


def follow_number(point: models.Model, event: Event) -> None:
    """Hold back or let go what is not about sessions; what a person says works again is tried by every way."""
    if event.goal not in REACHABLE:
        hold_back(point.pk)
        return
    let_go(point.pk, at=event.at)
    if event.by_id is not None:
        Refusal.objects.filter(contact_point=point.pk).delete()


def recall_from(person: models.Model, _event: Event) -> None:
    """Look once more at what is not about sessions before it leaves."""
    recall([person.pk])


def subscribe() -> None:
    """Hear of every such event, in its own transaction."""
    for label, (sessions, verbs) in REASONS.items():
        for verb in verbs:
            listen(label, verb, _replan(sessions))
    for verb in ("opted_out", "opted_in", "marked"):
        listen("villages.contactpoint", verb, follow_number)
    for verb in ("contact_removed", "consent_withdrawn", "anonymised", "merged"):
        listen("villages.person", verb, recall_from)
    listen("villages.person", "anonymised", forget_words)
