"""A trigger keeps what phones said.

What waits is settled once. An act may change hands when two people turn out to be one, and lose the name of somebody
who asks to be forgotten; nothing else ever changes.
"""

from django.db import migrations

KEEPS = """
CREATE FUNCTION act_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
        AND ROW(NEW.id, NEW.kind, NEW.session_id, NEW.sex, NEW.state, NEW.minutes, NEW.excuse, NEW.digest, NEW.made_at,
            NEW.skew, NEW.acted_at, NEW.received_at, NEW.by_id, NEW.brought_by_id, NEW.wait, NEW.double)
        IS NOT DISTINCT FROM ROW(OLD.id, OLD.kind, OLD.session_id, OLD.sex, OLD.state, OLD.minutes, OLD.excuse,
            OLD.digest, OLD.made_at, OLD.skew, OLD.acted_at, OLD.received_at, OLD.by_id, OLD.brought_by_id, OLD.wait,
            OLD.double)
        AND (NEW.name = OLD.name OR NEW.name = '–')
        AND (OLD.outcome = 'waiting' OR ROW(NEW.outcome, NEW.mark_id, NEW.settled_at, NEW.settled_by_id, NEW.reason)
            IS NOT DISTINCT FROM ROW(OLD.outcome, OLD.mark_id, OLD.settled_at, OLD.settled_by_id, OLD.reason))
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'what a phone said is never changed' USING
        ERRCODE = 'check_violation', CONSTRAINT = 'act_is_never_changed', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER act_is_kept BEFORE UPDATE OR DELETE ON attendance_act FOR EACH ROW EXECUTE FUNCTION act_is_kept();
"""


class Migration(migrations.Migration):
    """The trigger only."""

    dependencies = [("attendance", "0003_phones_say_who_came")]
    operations = [
        migrations.RunSQL(KEEPS, "DROP TRIGGER act_is_kept ON attendance_act; DROP FUNCTION act_is_kept"),
    ]
