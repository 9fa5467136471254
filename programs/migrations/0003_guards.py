"""What spans two tables and must always hold: minutes fit their session, marks come after it began, revisions stay."""

from django.db import migrations

FITS = """
CREATE FUNCTION attendance_fits_its_session() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held programs_session%ROWTYPE;
BEGIN
    IF NEW.state = 'expected' THEN RETURN NEW; END IF;
    SELECT * INTO held FROM programs_session WHERE id = NEW.session_id FOR SHARE;
    IF held.state IN ('draft', 'cancelled') OR NEW.marked_at < held.starts_at THEN
        RAISE EXCEPTION 'attendance of a session that has not begun' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'attendance_after_the_session_began', TABLE = TG_TABLE_NAME;
    END IF;
    IF NEW.minutes > EXTRACT(EPOCH FROM held.ends_at - held.starts_at) / 60 THEN
        RAISE EXCEPTION 'more minutes than the session has' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'attendance_fits_the_session', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER attendance_fits_its_session BEFORE INSERT OR UPDATE ON programs_attendance
    FOR EACH ROW EXECUTE FUNCTION attendance_fits_its_session();
"""
KEEPS = """
CREATE FUNCTION revision_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a revision is never changed' USING
        ERRCODE = 'check_violation', CONSTRAINT = 'revision_is_never_changed', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER revision_is_kept BEFORE UPDATE OR DELETE ON programs_sessionrevision
    FOR EACH ROW EXECUTE FUNCTION revision_is_kept();
"""


class Migration(migrations.Migration):
    """Triggers only."""

    dependencies = [("programs", "0002_the_eleven_modules")]
    operations = [
        migrations.RunSQL(
            FITS,
            "DROP TRIGGER attendance_fits_its_session ON programs_attendance; DROP FUNCTION attendance_fits_its_session",
        ),
        migrations.RunSQL(
            KEEPS, "DROP TRIGGER revision_is_kept ON programs_sessionrevision; DROP FUNCTION revision_is_kept"
        ),
    ]
