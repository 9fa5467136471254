"""Who takes part in a cohort: everyone while there are places, then by turn.

Whoever writes about a cohort's participants holds the cohort first, so that two hands never give the same place.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import Refused
from common.events import record
from common.models import Event
from programs.actions.seats import seat_ahead, unseat_ahead
from programs.models import Cohort, Enrollment
from programs.states import SEATED, EnrollmentState
from villages.models import Person

ERASED: Final = "–"


@transaction.atomic
def enroll_person(cohort: Cohort, *, person: Person, by: User, at: datetime) -> Enrollment:
    """Accept a person into a cohort and give them a seat in what it has ahead; without a free place they wait."""
    refuse_stranger(cohort, person)
    return enroll(cohort, person=person, by=by, at=at)


def enroll(cohort: Cohort, *, person: Person, by: User, at: datetime, waits: bool = True) -> Enrollment:
    """Write an enrollment with its seats; scheduling and enrolling wait for each other, so that nobody is forgotten.

    Who is already in the room (`waits=False`) takes part whatever the number of places.
    """
    held = hold(cohort)
    known = Enrollment.objects.filter(cohort=cohort, person=person).first()
    if known is not None:
        _refuse_known(known)
    state = EnrollmentState.WAITLISTED if waits and places_left(held) == 0 else EnrollmentState.ACCEPTED
    columns = {"cohort": cohort, "person": person, "state": state, "enrolled_at": at}
    enrollment = Enrollment.objects.create(**columns)
    seats = seat_ahead(enrollment, at=at) if state in SEATED else 0
    record(enrollment, verb="enrolled", by=by, at=at, goal=state, cohort=cohort.pk, seats=seats)
    return enrollment


@transaction.atomic
def enroll_people(cohort: Cohort, *, people: Iterable[Person], by: User, at: datetime) -> list[Enrollment]:
    """Enroll several people at once, or none of them; they take the places in this order."""
    return [enroll_person(cohort, person=person, by=by, at=at) for person in people]


@transaction.atomic
def admit_enrollment(enrollment: Enrollment, *, to: str, by: User, at: datetime) -> None:
    """Decide about someone who applied or waits; who is accepted takes a free place and a seat in what is ahead."""
    held = hold(enrollment.cohort)
    if to == EnrollmentState.WITHDRAWN:
        raise ValidationError(_("Say why this person withdrew."), code="reason")
    if to in SEATED and enrollment.state not in SEATED and places_left(held) == 0:
        raise Refused(_("Every place of this cohort is taken. Add places, or wait until somebody withdraws."))
    _admit(enrollment, to=to, by=by, at=at)


@transaction.atomic
def withdraw_enrollment(enrollment: Enrollment, *, reason: str, by: User, at: datetime) -> None:
    """Let someone go, say why, and free their seats ahead for who waits; what they attended stays."""
    why = reason.strip()
    if not why:
        raise ValidationError(_("Say why this person withdrew."), code="reason")
    held = hold(enrollment.cohort)
    origin, enrollment.reason = enrollment.state, why
    enrollment.clean_fields(exclude={"cohort", "person"})
    Enrollment.objects.move(enrollment, EnrollmentState.WITHDRAWN, reason=why)
    freed = unseat_ahead(enrollment, at=at)
    record(enrollment, verb="withdrawn", by=by, at=at, origin=origin, goal=EnrollmentState.WITHDRAWN, seats=freed)
    fill_places(held, by=by, at=at)


def forget_reasons(person: Person, _event: Event) -> None:
    """Take out why somebody withdrew when they ask to be forgotten; that they withdrew, and when, still counts."""
    Enrollment.objects.filter(person=person).exclude(reason="").update(reason=ERASED)


def hold(cohort: Cohort) -> Cohort:
    """Hold a cohort until the transaction ends, and read it as it stands."""
    return Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)


def places_left(cohort: Cohort) -> int | None:
    """Count the free places of a held cohort; None when there is no end of them."""
    if cohort.capacity is None:
        return None
    return max(0, cohort.capacity - Enrollment.objects.seated().filter(cohort=cohort).count())


def fill_places(cohort: Cohort, *, by: User, at: datetime) -> int:
    """Give the free places of a held cohort to who waits, in turn; tell how many came in."""
    turn = Enrollment.objects.waiting().filter(cohort=cohort, person__erased_at__isnull=True)
    promoted = list(turn.select_related("cohort")[: places_left(cohort)])
    for enrollment in promoted:
        _admit(enrollment, to=EnrollmentState.ACCEPTED, by=by, at=at)
    return len(promoted)


def refuse_stranger(cohort: Cohort, person: Person) -> None:
    """Refuse who does not live in the cohort's village, or asked to be forgotten."""
    if person.village_id != cohort.village_id:
        raise ValidationError(_("A cohort's participants come from its village."), code="person")
    if person.erased_at is not None:
        raise Refused(_("This person's data were erased."))


def _admit(enrollment: Enrollment, *, to: str, by: User, at: datetime) -> None:
    origin = enrollment.state
    Enrollment.objects.move(enrollment, to)
    seats = seat_ahead(enrollment, at=at) if to in SEATED else 0
    record(enrollment, verb="admitted", by=by, at=at, origin=origin, goal=to, seats=seats)


def _refuse_known(enrollment: Enrollment) -> None:
    if enrollment.state == EnrollmentState.WITHDRAWN:
        raise Refused(_("This person withdrew from this cohort; a withdrawal is final."))
    raise Refused(_("This person is already in this cohort."))
