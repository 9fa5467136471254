"""Marks that were made before get their history; from now on a trigger keeps every mark.

A mark may change its seat, and with it its version, and nothing else: two people who turn out to be one bring their
marks together.
"""

from django.db import migrations

FILL = """
INSERT INTO attendance_attendancemark (seat_id, version, state, minutes, excuse, source, reason, at, by_id)
SELECT id, 1, state, minutes, excuse, source, '', marked_at, marked_by_id FROM programs_attendance WHERE state <> 'expected';
"""
KEEPS = """
CREATE FUNCTION mark_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND ROW(NEW.id, NEW.state, NEW.minutes, NEW.excuse, NEW.source, NEW.reason, NEW.at, NEW.by_id)
        IS NOT DISTINCT FROM ROW(OLD.id, OLD.state, OLD.minutes, OLD.excuse, OLD.source, OLD.reason, OLD.at, OLD.by_id)
        AND (NEW.version = OLD.version OR NEW.seat_id <> OLD.seat_id)
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'a mark is never changed' USING
        ERRCODE = 'check_violation', CONSTRAINT = 'mark_is_never_changed', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER mark_is_kept BEFORE UPDATE OR DELETE ON attendance_attendancemark
    FOR EACH ROW EXECUTE FUNCTION mark_is_kept();
"""


class Migration(migrations.Migration):
    """Data, and the trigger that keeps it."""

    dependencies = [("attendance", "0001_initial")]
    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(
            KEEPS, "DROP TRIGGER mark_is_kept ON attendance_attendancemark; DROP FUNCTION mark_is_kept"
        ),
    ]
