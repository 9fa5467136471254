"""Many people enrolled at once: what `enroll_person` does for one, at the price of a few statements."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from common.events import record_all
from common.sets import insert_select
from programs.actions.enrollment import hold, places_left
from programs.models import Attendance, Cohort, Enrollment
from programs.states import AttendanceState, EnrollmentState, SessionState

AHEAD = """
    FROM programs_enrollment e
    JOIN programs_booking b ON b.cohort_id = e.cohort_id
    JOIN programs_session s ON s.id = b.session_id AND s.state = %(scheduled)s AND s.starts_at > %(at)s
    WHERE e.cohort_id = %(cohort)s AND e.person_id = ANY(%(people)s::bigint[]) AND e.state = %(accepted)s
"""


ENROLLED = """
    SELECT e.id, jsonb_build_object('cohort', e.cohort_id) AS facts FROM programs_enrollment e
    WHERE e.cohort_id = %(cohort)s AND e.person_id = ANY(%(people)s::bigint[]) AND e.state = %(state)s
"""


@transaction.atomic
def enroll_crowd(cohort: Cohort, *, people: Sequence[int], by: User, at: datetime) -> int:
    """Enroll people of the cohort's village and seat them in what it has ahead; tell how many are new to it.

    They take the free places in this order, and who comes after the last one waits. Who is in the cohort already, in
    whatever state, stays as they are. Each has an event; whoever calls records the one that listeners hear.
    """
    held = hold(cohort)
    known = set(Enrollment.objects.filter(cohort=cohort, person__in=people).values_list("person_id", flat=True))
    fresh = [key for key in dict.fromkeys(people) if key not in known]
    left = places_left(held)
    values = {
        "cohort": cohort.pk,
        "people": fresh,
        "places": len(fresh) if left is None else left,
        "at": at,
        "accepted": EnrollmentState.ACCEPTED,
        "waits": EnrollmentState.WAITLISTED,
        "scheduled": SessionState.SCHEDULED,
        "expected": AttendanceState.EXPECTED,
    }
    state = "CASE WHEN turn <= %(places)s THEN %(accepted)s ELSE %(waits)s END"
    columns = {"cohort_id": "%(cohort)s::bigint", "person_id": "one", "state": state, "enrolled_at": "%(at)s"}
    source = "FROM unnest(%(people)s::bigint[]) WITH ORDINALITY crowd(one, turn) ORDER BY turn"
    count = insert_select(Enrollment, columns=columns, source=source, params=values)
    seat = {"session_id": "s.id", "enrollment_id": "e.id", "state": "%(expected)s"}
    tail = "ORDER BY s.id, e.id ON CONFLICT (session_id, enrollment_id) DO NOTHING"
    insert_select(Attendance, columns=seat, source=AHEAD, params=values, tail=tail)
    for goal in (EnrollmentState.ACCEPTED, EnrollmentState.WAITLISTED):
        given = {**values, "state": goal}
        record_all(Enrollment, verb="enrolled", by=by, at=at, goal=goal, source=ENROLLED, params=given)
    return count
