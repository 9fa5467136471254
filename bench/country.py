"""An invented country of any size, written set by set; rows hang together as the product would have written them."""

# ruff: noqa: E501, statements read better whole
import argparse
import sys
import time

from django.core.management import call_command
from django.db import connection, transaction

from accounts.models import User

# One program has up to 100 villages, each with one cohort; a session belongs to one cohort, a day apart from the next.
PER_PROGRAM = 100
STATEMENTS = (
    (
        "regions",
        """
        INSERT INTO villages_region (code, name, level, kind, parent_id, zone, gone)
        VALUES ('35', 'Provinsi', 1, 'provinsi', NULL, 'Asia/Jakarta', false);
        INSERT INTO villages_region (code, name, level, kind, parent_id, zone, gone)
        SELECT '35.' || lpad(k::text, 2, '0'), 'Kabupaten ' || k, 2, 'kabupaten', '35', 'Asia/Jakarta', false
        FROM generate_series(1, 70) k;
        INSERT INTO villages_region (code, name, level, kind, parent_id, zone, gone)
        SELECT r.code || '.' || lpad(d::text, 2, '0'), 'Kecamatan ' || d, 3, 'kecamatan', r.code, r.zone, false
        FROM villages_region r, generate_series(1, 40) d WHERE r.level = 2;
        INSERT INTO villages_region (code, name, level, kind, parent_id, zone, gone)
        SELECT r.code || '.' || (2000 + v), 'Desa ' || v, 4, 'desa', r.code, r.zone, false
        FROM villages_region r, generate_series(1, 30) v WHERE r.level = 3;
        """,
    ),
    (
        "villages",
        """
        INSERT INTO villages_village (name, code, region_id, commodity, stage, stage_reason, decree_number, registered_by_id)
        SELECT name, 'v' || n, code, 'tenun', 'active', '', '', NULL
        FROM (SELECT name, code, row_number() OVER (ORDER BY code) n FROM villages_region WHERE level = 4) r
        WHERE n <= %(villages)s;
        INSERT INTO programs_program (name, organiser, funding_source, fiscal_year, starts_on, ends_on, subsidy_ceiling,
            sends_invitation, sends_h3, sends_h1, sends_h0, travel_buffer)
        SELECT 'Program ' || n, 'LPEI', '', extract(year FROM now()), now() - interval '300 days', now() + interval '300 days',
            0, true, true, true, true, 60
        FROM generate_series(1, ceil(%(villages)s / %(per_program)s::numeric)::int) n;
        INSERT INTO programs_cohort (name, program_id, village_id, starts_on, ends_on)
        SELECT 'Angkatan 1', first.id + (v.id - low.id) / %(per_program)s, v.id, now() - interval '300 days',
            now() + interval '300 days'
        FROM villages_village v, (SELECT min(id) id FROM villages_village) low, (SELECT min(id) id FROM programs_program) first;
        INSERT INTO programs_requirement (cohort_id, module_id, required, minimum_attendance)
        SELECT c.id, m.code, CASE m.mode WHEN 'training' THEN 600 ELSE 4 END, 80 FROM programs_cohort c, programs_module m;
        """,
    ),
    (
        "people",
        """
        INSERT INTO villages_person (village_id, name, sex, hamlet, craft)
        SELECT low.id + n %% %(villages)s, 'Orang ' || n, CASE n %% 3 WHEN 0 THEN 'male' ELSE 'female' END, '', 'tenun'
        FROM generate_series(0, %(people)s - 1) n, (SELECT min(id) id FROM villages_village) low;
        INSERT INTO villages_contactpoint (number, state)
        SELECT '+62811' || lpad(id::text, 8, '0'), 'valid' FROM villages_person;
        INSERT INTO villages_personcontact (person_id, contact_point_id, relation)
        SELECT p.id, c.id, 'own' FROM villages_person p
        JOIN villages_contactpoint c ON c.number = '+62811' || lpad(p.id::text, 8, '0');
        INSERT INTO villages_consent (person_id, purpose, given_at, how, text_version)
        SELECT id, 'messages', now(), 'paper', '1' FROM villages_person;
        INSERT INTO villages_personallink (contact_point_id, version) SELECT id, 1 FROM villages_contactpoint;
        INSERT INTO programs_enrollment (cohort_id, person_id, state, reason, enrolled_at)
        SELECT c.id, p.id, 'accepted', '', now() FROM villages_person p JOIN programs_cohort c ON c.village_id = p.village_id;
        """,
    ),
    (
        "sessions",
        """
        INSERT INTO programs_session (program_id, module_id, topic, venue_id, zone, mode, starts_at, ends_at, revision, state,
            reason, override_reason, nobody_came)
        SELECT c.program_id, m.code, c.id::text, NULL, 'Asia/Jakarta', 'online', start, start + interval '150 minutes', 1,
            CASE WHEN start < now() THEN 'closed' ELSE 'scheduled' END, '', '', false
        FROM (SELECT n, low.id + n %% %(villages)s AS cohort,
                date_trunc('day', now()) + (n / %(villages)s - %(sessions)s / %(villages)s + 3) * interval '1 day' + interval '2 hours' AS start
              FROM generate_series(0, %(sessions)s - 1) n, (SELECT min(id) id FROM programs_cohort) low) s
        JOIN programs_cohort c ON c.id = s.cohort
        JOIN programs_module m ON m.mode = 'training' AND m.position = (ARRAY[1, 2, 3, 6, 7, 8, 9])[1 + n / %(villages)s %% 7];
        INSERT INTO programs_booking (session_id, cohort_id, starts_at, ends_at, live)
        SELECT id, topic::bigint, starts_at, ends_at, true FROM programs_session;
        UPDATE programs_session SET topic = '';
        """,
    ),
    (
        "attendance",
        """
        INSERT INTO programs_attendance (session_id, enrollment_id, rsvp, state, minutes, excuse, source, marked_at, marked_by_id)
        SELECT s.id, e.id, '', CASE WHEN s.state = 'closed' THEN 'present' ELSE 'expected' END,
            CASE WHEN s.state = 'closed' THEN 150 ELSE 0 END, '', '',
            CASE WHEN s.state = 'closed' THEN s.ends_at END, CASE WHEN s.state = 'closed' THEN %(admin)s END
        FROM programs_session s JOIN programs_booking b ON b.session_id = s.id JOIN programs_enrollment e ON e.cohort_id = b.cohort_id
        ORDER BY s.id, e.id LIMIT %(attendance)s;
        """,
    ),
)


def main(arguments: argparse.Namespace) -> None:
    """Empty the bench's database and fill it; prints what each set took."""
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE accounts_user, villages_region, villages_contactpoint, common_event CASCADE")
    admin = User.objects.create_user(
        name="Admin",
        role="administrator",
        email="admin@bench.test",
        password="desa-devisa-bench",  # noqa: S106
    )
    sizes = {**vars(arguments), "per_program": PER_PROGRAM, "admin": admin.pk}
    for name, statement in STATEMENTS:
        began = time.monotonic()
        with transaction.atomic(), connection.cursor() as cursor:
            for part in filter(str.strip, statement.split(";")):
                cursor.execute(part, sizes if "%(" in part else None)
        sys.stdout.write(f"{name:<12}{time.monotonic() - began:6.1f} s\n")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
