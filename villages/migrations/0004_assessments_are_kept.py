"""What spans tables and must always hold: a published set is whole and kept, scores fit their set, final stays final."""

from django.db import migrations

# Whoever writes a line holds the set, and publishing waits for them; so the sum it looks at is the sum that stays.
SETS = """
CREATE FUNCTION criteria_set_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE lines integer; weighed integer; spoken integer;
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.state = 'published' THEN
        RAISE EXCEPTION 'a published set of criteria is never changed' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'criteria_set_is_never_changed', TABLE = TG_TABLE_NAME;
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF NEW.state <> 'published' THEN RETURN NEW; END IF;
    SELECT count(*), coalesce(sum(weight), 0), count(*) FILTER (
        WHERE array_length(anchors_id, 1) = NEW.highest - NEW.lowest + 1 AND '' <> ALL (anchors_id)
        AND array_length(anchors_en, 1) = NEW.highest - NEW.lowest + 1 AND '' <> ALL (anchors_en)
    ) INTO lines, weighed, spoken FROM villages_criteriondefinition WHERE criteria_set_id = NEW.id;
    IF lines <> 8 OR spoken <> 8 THEN
        RAISE EXCEPTION 'a published set has eight criteria with every value explained' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'criteria_set_is_complete', TABLE = TG_TABLE_NAME;
    END IF;
    IF weighed <> 10000 THEN
        RAISE EXCEPTION 'weights sum to a hundred percent' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'weights_sum_to_a_hundred', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER criteria_set_is_whole BEFORE INSERT OR UPDATE OR DELETE ON villages_criteriaset
    FOR EACH ROW EXECUTE FUNCTION criteria_set_is_whole();

CREATE FUNCTION criterion_definition_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE line villages_criteriondefinition%ROWTYPE; was text;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.criteria_set_id <> NEW.criteria_set_id THEN
        RAISE EXCEPTION 'a criterion stays in its set' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'criteria_set_is_never_changed', TABLE = TG_TABLE_NAME;
    END IF;
    IF TG_OP = 'DELETE' THEN line := OLD; ELSE line := NEW; END IF;
    SELECT state INTO was FROM villages_criteriaset WHERE id = line.criteria_set_id FOR SHARE;
    IF was = 'published' THEN
        RAISE EXCEPTION 'a published set of criteria is never changed' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'criteria_set_is_never_changed', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN line;
END $$;
CREATE TRIGGER criterion_definition_is_kept BEFORE INSERT OR UPDATE OR DELETE ON villages_criteriondefinition
    FOR EACH ROW EXECUTE FUNCTION criterion_definition_is_kept();
"""
ASSESSMENTS = """
CREATE FUNCTION assessment_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE shown integer;
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.state = 'final' THEN
        RAISE EXCEPTION 'a final assessment is never changed' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'final_assessment_is_never_changed', TABLE = TG_TABLE_NAME;
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF TG_OP = 'UPDATE' AND OLD.criteria_set_id <> NEW.criteria_set_id THEN
        RAISE EXCEPTION 'an assessment stays with its set of criteria' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'assessment_stays_with_its_set', TABLE = TG_TABLE_NAME;
    END IF;
    IF TG_OP = 'INSERT' AND NOT EXISTS (
        SELECT FROM villages_criteriaset WHERE id = NEW.criteria_set_id AND state = 'published'
    ) THEN
        RAISE EXCEPTION 'an assessment follows a published set' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'assessment_follows_a_published_set', TABLE = TG_TABLE_NAME;
    END IF;
    IF NEW.state = 'draft' THEN RETURN NEW; END IF;
    SELECT count(*) INTO shown FROM villages_score
        WHERE assessment_id = NEW.id AND value IS NOT NULL AND btrim(evidence) <> '';
    IF shown <> 8 THEN
        RAISE EXCEPTION 'a submitted assessment has eight scores with their evidence' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'submitted_assessment_is_complete', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assessment_is_kept BEFORE INSERT OR UPDATE OR DELETE ON villages_assessment
    FOR EACH ROW EXECUTE FUNCTION assessment_is_kept();

CREATE FUNCTION score_fits_its_set() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE line villages_score%ROWTYPE; held record;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.assessment_id <> NEW.assessment_id THEN
        RAISE EXCEPTION 'a score stays in its assessment' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'scores_change_in_drafts_only', TABLE = TG_TABLE_NAME;
    END IF;
    IF TG_OP = 'DELETE' THEN line := OLD; ELSE line := NEW; END IF;
    SELECT assessed.state, scale.lowest, scale.highest INTO held
        FROM villages_assessment assessed JOIN villages_criteriaset scale ON scale.id = assessed.criteria_set_id
        WHERE assessed.id = line.assessment_id FOR SHARE OF assessed;
    IF held.state <> 'draft' THEN
        RAISE EXCEPTION 'scores change in drafts only' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'scores_change_in_drafts_only', TABLE = TG_TABLE_NAME;
    END IF;
    IF TG_OP <> 'DELETE' AND line.value NOT BETWEEN held.lowest AND held.highest THEN
        RAISE EXCEPTION 'a score lies within the scale of its set' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'score_lies_within_the_scale', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN line;
END $$;
CREATE TRIGGER score_fits_its_set BEFORE INSERT OR UPDATE OR DELETE ON villages_score
    FOR EACH ROW EXECUTE FUNCTION score_fits_its_set();
"""


def _undo(**functions: str) -> str:
    return "; ".join(f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}" for name, table in functions.items())


class Migration(migrations.Migration):
    """Triggers only."""

    dependencies = [("villages", "0003_assessments")]
    operations = [
        migrations.RunSQL(
            SETS,
            _undo(
                criteria_set_is_whole="villages_criteriaset",
                criterion_definition_is_kept="villages_criteriondefinition",
            ),
        ),
        migrations.RunSQL(
            ASSESSMENTS, _undo(assessment_is_kept="villages_assessment", score_fits_its_set="villages_score")
        ),
    ]
