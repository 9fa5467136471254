"""Seats get their row numbers, from now on by a trigger; who marks themselves may do so before the beginning."""

from django.db import migrations, models

NUMBERS = """
CREATE FUNCTION attendance_gets_its_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number = 0 THEN
        UPDATE programs_session SET numbered = numbered + 1 WHERE id = NEW.session_id RETURNING numbered INTO NEW.number;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER attendance_gets_its_number BEFORE INSERT ON programs_attendance
    FOR EACH ROW EXECUTE FUNCTION attendance_gets_its_number();
"""
FITS = """
CREATE OR REPLACE FUNCTION attendance_fits_its_session() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held programs_session%%ROWTYPE;
BEGIN
    IF NEW.state = 'expected' THEN RETURN NEW; END IF;
    SELECT * INTO held FROM programs_session WHERE id = NEW.session_id FOR SHARE;
    IF held.state IN ('draft', 'cancelled') OR NEW.marked_at < held.starts_at - %s THEN
        RAISE EXCEPTION 'attendance of a session that has not begun' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'attendance_after_the_session_began', TABLE = TG_TABLE_NAME;
    END IF;
    IF NEW.minutes > EXTRACT(EPOCH FROM held.ends_at - held.starts_at) / 60 THEN
        RAISE EXCEPTION 'more minutes than the session has' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'attendance_fits_the_session', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
"""
EARLY = "(NEW.source = 'self')::int * interval '30 minutes'"
FILL = """
UPDATE programs_attendance seat SET number = found.place, version = (seat.state <> 'expected')::int
FROM (
    SELECT seated.id, row_number() OVER (PARTITION BY seated.session_id ORDER BY person.name, seated.id) AS place
    FROM programs_attendance seated
    JOIN programs_enrollment enrollment ON enrollment.id = seated.enrollment_id
    JOIN villages_person person ON person.id = enrollment.person_id
) found WHERE found.id = seat.id;
UPDATE programs_session session SET numbered = found.many
FROM (SELECT session_id, count(*) AS many FROM programs_attendance GROUP BY session_id) found
WHERE found.session_id = session.id;
"""


class Migration(migrations.Migration):
    """Data, triggers, and the constraint that needs the data."""

    dependencies = [("programs", "0006_attendance_is_numbered_and_kept")]
    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(
            NUMBERS,
            "DROP TRIGGER attendance_gets_its_number ON programs_attendance; DROP FUNCTION attendance_gets_its_number",
        ),
        migrations.RunSQL(FITS % EARLY, FITS % "interval '0'"),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(
                fields=("session", "number"),
                name="one_row_number_per_session",
                violation_error_message="This row of the sheet belongs to somebody else.",
            ),
        ),
    ]
