"""Keep frozen reports as they are."""

from django.db import migrations

KEEPS = """
CREATE FUNCTION report_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a frozen report is never changed' USING
        ERRCODE = 'check_violation', CONSTRAINT = 'report_is_never_changed', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER report_is_kept BEFORE UPDATE OR DELETE ON reports_regionreport
    FOR EACH ROW EXECUTE FUNCTION report_is_kept();
"""


class Migration(migrations.Migration):
    """A trigger only."""

    dependencies = [("reports", "0001_initial")]
    operations = [
        migrations.RunSQL(KEEPS, "DROP TRIGGER report_is_kept ON reports_regionreport; DROP FUNCTION report_is_kept")
    ]
