"""What spans tables and must always hold: a balance follows its ledger, and claims fit the ceiling of their program."""

from django.db import migrations

# Every program has its balance from the first day, so that whoever adds a line finds one row to wait for.
BALANCES = """
INSERT INTO exports_budget (program_id, committed, spent)
    SELECT program.id,
        coalesce(sum(CASE entry.kind WHEN 'committed' THEN entry.amount ELSE -entry.amount END), 0),
        coalesce(sum(entry.amount) FILTER (WHERE entry.kind = 'spent'), 0)
    FROM programs_program program LEFT JOIN exports_budgetentry entry ON entry.program_id = program.id
    GROUP BY program.id
    ON CONFLICT (program_id) DO UPDATE SET committed = excluded.committed, spent = excluded.spent;

CREATE FUNCTION program_has_its_budget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO exports_budget (program_id, committed, spent) VALUES (NEW.id, 0, 0);
    RETURN NULL;
END $$;
CREATE TRIGGER program_has_its_budget AFTER INSERT ON programs_program
    FOR EACH ROW EXECUTE FUNCTION program_has_its_budget();

CREATE FUNCTION budget_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'a balance is written by its ledger' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'balance_follows_its_ledger', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budget_is_kept BEFORE INSERT OR UPDATE OR DELETE ON exports_budget
    FOR EACH ROW EXECUTE FUNCTION budget_is_kept();
"""
LEDGER = """
CREATE FUNCTION ledger_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a line of the ledger is never changed' USING
        ERRCODE = 'check_violation', CONSTRAINT = 'ledger_is_never_changed', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER ledger_is_kept BEFORE UPDATE OR DELETE ON exports_budgetentry
    FOR EACH ROW EXECUTE FUNCTION ledger_is_kept();

CREATE FUNCTION budget_follows_its_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind <> 'committed' AND NOT EXISTS (
        SELECT FROM exports_budgetentry WHERE kind = 'committed'
        AND claim_id = NEW.claim_id AND program_id = NEW.program_id AND amount = NEW.amount
    ) THEN
        RAISE EXCEPTION 'only what was committed is spent or released' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'ledger_settles_what_was_committed', TABLE = TG_TABLE_NAME;
    END IF;
    UPDATE exports_budget SET
        committed = committed + CASE NEW.kind WHEN 'committed' THEN NEW.amount ELSE -NEW.amount END,
        spent = spent + CASE NEW.kind WHEN 'spent' THEN NEW.amount ELSE 0 END
    WHERE program_id = NEW.program_id;
    RETURN NULL;
END $$;
CREATE TRIGGER budget_follows_its_ledger AFTER INSERT ON exports_budgetentry
    FOR EACH ROW EXECUTE FUNCTION budget_follows_its_ledger();
"""
# Whoever adds a line holds the program, and a lower ceiling waits for them; so each sees what the other wrote.
CEILING = """
CREATE FUNCTION budget_fits_its_ceiling() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ceiling numeric;
BEGIN
    SELECT subsidy_ceiling INTO ceiling FROM programs_program WHERE id = NEW.program_id FOR SHARE;
    IF NEW.committed + NEW.spent > greatest(ceiling, OLD.committed + OLD.spent) THEN
        RAISE EXCEPTION 'claims are more than the ceiling of their program' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'claims_fit_the_ceiling', TABLE = TG_TABLE_NAME,
            DETAIL = (ceiling - OLD.committed - OLD.spent)::text;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budget_fits_its_ceiling BEFORE UPDATE ON exports_budget
    FOR EACH ROW EXECUTE FUNCTION budget_fits_its_ceiling();

CREATE FUNCTION ceiling_covers_its_claims() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE given numeric;
BEGIN
    SELECT committed + spent INTO given FROM exports_budget WHERE program_id = NEW.id;
    IF given > NEW.subsidy_ceiling THEN
        RAISE EXCEPTION 'a ceiling covers what is committed and spent' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'ceiling_covers_the_claims', TABLE = TG_TABLE_NAME,
            DETAIL = given::text;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ceiling_covers_its_claims AFTER UPDATE OF subsidy_ceiling ON programs_program
    FOR EACH ROW WHEN (NEW.subsidy_ceiling < OLD.subsidy_ceiling) EXECUTE FUNCTION ceiling_covers_its_claims();
"""


def _undo(**functions: str) -> str:
    return "; ".join(f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}" for name, table in functions.items())


class Migration(migrations.Migration):
    """Triggers, and the balances of programs that are already there."""

    dependencies = [("exports", "0001_initial")]
    operations = [
        migrations.RunSQL(BALANCES, _undo(program_has_its_budget="programs_program", budget_is_kept="exports_budget")),
        migrations.RunSQL(
            LEDGER, _undo(ledger_is_kept="exports_budgetentry", budget_follows_its_ledger="exports_budgetentry")
        ),
        migrations.RunSQL(
            CEILING, _undo(budget_fits_its_ceiling="exports_budget", ceiling_covers_its_claims="programs_program")
        ),
    ]
