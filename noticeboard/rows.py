"""The two statements behind the villagers' pages: one page, one query."""

from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

Row = dict[str, Any]

_SESSION = """
    session.id, session.topic, session.module_id, session.state, session.mode, session.zone, session.starts_at,
    session.ends_at, session.reason, session.revision, venue.name AS venue, venue.landmark,
    (SELECT string_agg(trainer.name, ', ' ORDER BY trainer.name)
     FROM programs_booking booking JOIN programs_trainer trainer ON trainer.id = booking.trainer_id
     WHERE booking.session_id = session.id) AS trainers,
    (SELECT max(promise.at) FROM programs_sessionrevision promise WHERE promise.session_id = session.id) AS changed_at,
    earlier.starts_at AS was_starts_at, earlier.ends_at AS was_ends_at, earlier_venue.name AS was_venue
"""
_AROUND = """
    LEFT JOIN programs_venue venue ON venue.id = session.venue_id
    LEFT JOIN programs_sessionrevision earlier
        ON earlier.session_id = session.id AND earlier.number = session.revision - 1
    LEFT JOIN programs_venue earlier_venue ON earlier_venue.id = earlier.venue_id
"""
_AHEAD = "session.state IN ('scheduled', 'cancelled') AND session.ends_at > %(at)s"

_MENTORS = """
LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object('name', mentor.name, 'phone', mentor.phone) ORDER BY mentor.name) AS rows
    FROM mentoring_assignment assignment JOIN accounts_user mentor ON mentor.id = assignment.mentor_id
    WHERE assignment.village_id = village.id AND mentor.is_active AND mentor.phone IS NOT NULL
        AND assignment.starts_on <= %(day)s AND (assignment.ends_on IS NULL OR assignment.ends_on >= %(day)s)
) mentors ON true
"""

# A village, its mentors' numbers, and its next sessions; nobody who lives there.
VILLAGE = f"""
SELECT village.name AS village, village.code, region.name AS desa, district.name AS district, regency.name AS regency,
    regency.kind AS regency_kind, mentors.rows AS mentors, ahead.*
FROM villages_village village
JOIN villages_region region ON region.code = village.region_id
LEFT JOIN villages_region district ON district.code = region.parent_id
LEFT JOIN villages_region regency ON regency.code = district.parent_id
{_MENTORS}LEFT JOIN LATERAL (
    SELECT {_SESSION}
    FROM programs_session session {_AROUND}
    WHERE {_AHEAD} AND session.id IN (
        SELECT booking.session_id
        FROM programs_booking booking JOIN programs_cohort cohort ON cohort.id = booking.cohort_id
        WHERE cohort.village_id = village.id AND booking.ends_at > %(at)s
    )
    ORDER BY session.starts_at, session.id
    LIMIT 4
) ahead ON true
WHERE village.code = %(code)s
ORDER BY ahead.starts_at, ahead.id
"""  # noqa: S608  put together from our own words

_AWARDS = """
(SELECT json_agg(json_build_object('key', paper.id, 'number', paper.number, 'course', paper.facts->>'program',
    'cohort', paper.facts->>'cohort') ORDER BY paper.number)
 FROM papers_certificate paper JOIN programs_enrollment earned ON earned.id = paper.enrollment_id
 WHERE earned.person_id = person.id AND paper.state = 'issued') AS awards
"""

# A number, its link, who shares it, what they take part in and have earned, and what lies ahead of each.
HOUSEHOLD = f"""
SELECT point.state AS number_state, link.version, link.revoked_at, person.id AS person, person.name, person.sex,
    enrollment.id AS enrollment, village.code, seat.id AS seat, seat.rsvp, seat.state AS seat_state,
    EXISTS (SELECT 1 FROM attendance_checkin WHERE session_id = session.id AND closed_at IS NULL) AS door,
    mentors.rows AS mentors, {_AWARDS}, {_SESSION}
FROM villages_contactpoint point
LEFT JOIN villages_personallink link ON link.contact_point_id = point.id
LEFT JOIN villages_personcontact contact ON contact.contact_point_id = point.id AND contact.wrong_at IS NULL
LEFT JOIN villages_person person ON person.id = contact.person_id AND person.erased_at IS NULL
LEFT JOIN programs_enrollment enrollment
    ON enrollment.person_id = person.id AND enrollment.state IN ('accepted', 'active')
LEFT JOIN programs_cohort cohort ON cohort.id = enrollment.cohort_id
LEFT JOIN villages_village village ON village.id = cohort.village_id
{_MENTORS}
LEFT JOIN (programs_attendance seat JOIN programs_session session ON session.id = seat.session_id AND {_AHEAD})
    ON seat.enrollment_id = enrollment.id
{_AROUND}
WHERE point.id = %(number)s
ORDER BY session.starts_at, session.id, person.name, person.id
"""  # noqa: S608  put together from our own words


def read(statement: str, **given: Any) -> list[Row]:
    """Run one of the statements and return its rows by name."""
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def place_of(venue: str | None, landmark: str | None) -> str:
    """Name a place with the landmark by which it is found."""
    if venue is None:
        return _("Online")
    return f"{venue} ({landmark})" if landmark else venue
