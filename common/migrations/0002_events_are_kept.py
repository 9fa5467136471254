"""Make the table of events append-only."""

from django.db import migrations

KEEPS = """
CREATE FUNCTION event_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an event is never changed' USING
        ERRCODE = 'check_violation', CONSTRAINT = 'event_is_never_changed', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER event_is_kept BEFORE UPDATE OR DELETE ON common_event
    FOR EACH ROW EXECUTE FUNCTION event_is_kept();
"""


class Migration(migrations.Migration):
    """A trigger only."""

    dependencies = [("common", "0001_initial")]
    operations = [migrations.RunSQL(KEEPS, "DROP TRIGGER event_is_kept ON common_event; DROP FUNCTION event_is_kept")]
