"""What was kept aside until now waits with the other versions."""

from django.db import migrations

MOVE = """
INSERT INTO mentoring_heldversion
    (key, visit_id, village_id, program_id, content, digest, reason, sent_by_id, received_at, state, comment)
SELECT c.visit_id, CASE WHEN c.sent_by_id = v.mentor_id THEN v.id END,
    CASE WHEN c.sent_by_id = v.mentor_id THEN v.village_id ELSE coalesce(s.id, v.village_id) END,
    CASE WHEN c.sent_by_id = v.mentor_id THEN v.program_id ELSE coalesce(p.id, v.program_id) END,
    c.content, c.digest, CASE WHEN c.sent_by_id = v.mentor_id THEN 'other_version' ELSE 'key_taken' END,
    c.sent_by_id, c.received_at, 'waiting', ''
FROM mentoring_visitconflict c
JOIN mentoring_visit v ON v.id = c.visit_id
LEFT JOIN villages_village s ON s.id = (c.content ->> 'village')::bigint
LEFT JOIN programs_program p ON p.id = (c.content ->> 'program')::bigint
"""


class Migration(migrations.Migration):
    dependencies = [("mentoring", "0003_versions_wait_for_a_person")]

    operations = [
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        migrations.DeleteModel(name="VisitConflict"),
    ]
