"""What matching asks of PostgreSQL: three tables for the time of one transaction, and a few statements over them."""

# ruff: noqa: E501, S608  statements read better whole, and only constants of this house stand in them
from typing import Final

from programs.states import EnrollmentState, RowState
from villages.states import Purpose

TITLES: Final = "bu|ibu|ny|nyonya|sdri|saudari|pak|bapak|bpk|bp|tn|tuan|sdr|saudara|hj|hajah|hajjah|h|haji|mbak|mas|drs|dra|dr|ir|kh|ust"
MOST_PAIRS: Final = 500_000


def _key(column: str) -> str:
    """Write the expression that reduces a name to its words."""
    words = f"btrim(regexp_replace(lower(split_part({column}, ',', 1)), '[^[:alnum:]]+', ' ', 'g'))"
    return f"COALESCE(NULLIF(regexp_replace({words}, '^(({TITLES}) )+', ''), ''), lower({column}))"


ARRIVED: Final = f"""
    CREATE TEMPORARY TABLE arrived ON COMMIT DROP AS
    SELECT r.id, r.number, r.village_id, r.cohort_id, {_key("r.name")} AS key, r.sex, COALESCE(r.birth_year, 0) AS born,
        lower(r.hamlet) AS hamlet, lower(r.craft) AS craft, r.phone, NULL::bigint AS person_id, NULL::int AS twin,
        false AS elsewhere, r.phone <> '' AND count(*) OVER (PARTITION BY r.phone) > 1 AS shares
    FROM programs_importrow r WHERE r.batch_id = %(batch)s AND r.errors = '[]'
"""
KNOWN: Final = f"""
    CREATE TEMPORARY TABLE known ON COMMIT DROP AS
    SELECT * FROM (
        SELECT p.id, p.village_id, {_key("p.name")} AS key, p.sex, COALESCE(p.birth_year, 0) AS born,
            lower(p.hamlet) AS hamlet, lower(p.craft) AS craft
        FROM villages_person p
        WHERE p.erased_at IS NULL AND p.village_id IN (SELECT village_id FROM arrived)
    ) p WHERE (p.village_id, p.key) IN (SELECT village_id, key FROM arrived)
"""
REACHED: Final = """
    CREATE TEMPORARY TABLE reached ON COMMIT DROP AS
    SELECT k.id, n.number FROM known k
    JOIN villages_personcontact c ON c.person_id = k.id JOIN villages_contactpoint n ON n.id = c.contact_point_id
"""
PREPARED: Final = (
    "DROP TABLE IF EXISTS arrived, known, reached",
    ARRIVED,
    "CREATE INDEX ON arrived (village_id, key)",
    "ANALYZE arrived",
    KNOWN,
    "CREATE INDEX ON known (village_id, key)",
    "ANALYZE known",
    REACHED,
    "CREATE INDEX ON reached (id)",
    "ANALYZE reached",
)
NAMESAKES: Final = """
    SELECT village_id, key, number, cohort_id, sex, born, hamlet, craft, phone FROM arrived
    WHERE (village_id, key) IN (SELECT village_id, key FROM arrived GROUP BY village_id, key HAVING count(*) > 1)
    ORDER BY village_id, key, number
"""
FREE: Final = (
    "a.person_id IS NULL AND a.twin IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM arrived t WHERE t.person_id = k.id AND t.person_id IS NOT NULL)"
)
SAME: Final = ("village_id", "key", "sex", "born", "hamlet", "craft", "phone")
EXACT: Final = f"""
    SELECT a.id, k.id FROM (
        SELECT *, row_number() OVER (PARTITION BY {", ".join(SAME)} ORDER BY number) AS n FROM arrived WHERE twin IS NULL
    ) a JOIN (
        SELECT *, row_number() OVER (PARTITION BY {", ".join(SAME)} ORDER BY id) AS n FROM (
            SELECT o.*, COALESCE(r.number, '') AS phone FROM known o LEFT JOIN reached r ON r.id = o.id
        ) o
    ) k ON a.n = k.n AND {" AND ".join(f"a.{name} = k.{name}" for name in SAME)} ORDER BY a.number, k.id
"""
STAGES: Final = (
    EXACT,
    *(
        f"""
        SELECT a.id, k.id FROM arrived a JOIN known k ON k.village_id = a.village_id AND k.key = a.key {joined}
        WHERE {FREE} AND {evidence}
        ORDER BY (a.born = k.born)::int + (a.sex = k.sex)::int + (a.hamlet = k.hamlet)::int DESC, a.number, k.id
        LIMIT {MOST_PAIRS}
        """
        for joined, evidence in (
            ("JOIN reached r ON r.id = k.id AND r.number = a.phone", "a.phone <> ''"),
            ("", "a.born <> 0 AND a.born = k.born AND a.sex = k.sex"),
            ("", "a.hamlet <> '' AND a.hamlet = k.hamlet AND a.sex = k.sex AND (a.born = 0 OR k.born = 0)"),
        )
    ),
)
PAIRED: Final = """
    UPDATE arrived a SET person_id = t.person
    FROM unnest(%(rows)s::bigint[], %(people)s::bigint[]) AS t (row, person) WHERE a.id = t.row
"""
TWINNED: Final = """
    UPDATE arrived a SET twin = t.twin, elsewhere = t.elsewhere
    FROM unnest(%(rows)s::int[], %(twins)s::int[], %(elsewhere)s::boolean[]) AS t (row, twin, elsewhere)
    WHERE a.number = t.row
"""


def _if(condition: str, name: str, before: str = "true") -> str:
    return f"CASE WHEN {condition} THEN jsonb_build_object('{name}', {before}) ELSE '{{}}'::jsonb END"


def _remark(condition: str, column: str, code: str, value: str = "''") -> str:
    return f"CASE WHEN {condition} THEN jsonb_build_array(jsonb_build_array('{column}', '{code}', {value})) ELSE '[]'::jsonb END"


CHANGES: Final = " || ".join(
    (
        _if("r.sex <> p.sex", "sex", "p.sex"),
        _if("r.birth_year IS NOT NULL AND r.birth_year IS DISTINCT FROM p.birth_year", "birth_year", "p.birth_year"),
        _if("a.hamlet <> '' AND a.hamlet <> lower(p.hamlet)", "hamlet", "p.hamlet"),
        _if("a.craft <> '' AND a.craft <> lower(p.craft)", "craft", "p.craft"),
        _if("a.phone <> '' AND mine.person_id IS NULL", "number"),
        _if("r.consent_how <> '' AND agreed.id IS NULL", "consent"),
        _if("e.id IS NULL", "enrollment"),
    )
)
OF_KNOWN: Final = f"""
    UPDATE programs_importrow r SET person_id = a.person_id, changes = f.changes,
        state = CASE WHEN f.changes = '{{}}' THEN '{RowState.DUPLICATE}' ELSE '{RowState.CHANGED}' END,
        remarks = f.remarks
    FROM arrived a, LATERAL (
        SELECT {CHANGES} AS changes,
            {_remark(f"e.state = '{EnrollmentState.WITHDRAWN}'", "cohort", "withdrawn")}
            || {_remark("a.phone <> '' AND mine.person_id IS NULL AND has.id IS NOT NULL", "phone", "other_number")}
            || {_remark("a.phone = '' AND has.id IS NULL", "phone", "no_number")} AS remarks
        FROM programs_importrow r
        JOIN villages_person p ON p.id = a.person_id
        LEFT JOIN villages_contactpoint n ON n.number = a.phone
        LEFT JOIN villages_personcontact mine ON mine.person_id = p.id AND mine.contact_point_id = n.id
        LEFT JOIN LATERAL (SELECT c.id FROM villages_personcontact c WHERE c.person_id = p.id LIMIT 1) has ON true
        LEFT JOIN villages_consent agreed
            ON agreed.person_id = p.id AND agreed.purpose = '{Purpose.MESSAGES}' AND agreed.withdrawn_at IS NULL
        LEFT JOIN programs_enrollment e ON e.cohort_id = a.cohort_id AND e.person_id = p.id
        WHERE r.id = a.id
    ) f
    WHERE r.id = a.id AND a.person_id IS NOT NULL
"""
OF_NEW: Final = f"""
    UPDATE programs_importrow r SET person_id = NULL, changes = '{{}}',
        state = CASE WHEN a.twin IS NULL THEN '{RowState.NEW}' WHEN a.elsewhere THEN '{RowState.WRONG}'
            ELSE '{RowState.DUPLICATE}' END,
        remarks = CASE WHEN a.twin IS NOT NULL THEN
            jsonb_build_array(jsonb_build_array('name', CASE WHEN a.elsewhere THEN 'twice_elsewhere' ELSE 'twice' END,
                a.twin::text))
        ELSE {_remark("EXISTS (SELECT 1 FROM known k WHERE k.village_id = a.village_id AND k.key = a.key)", "name", "namesake")}
            || {_remark("a.shares OR EXISTS (SELECT 1 FROM villages_contactpoint n JOIN villages_personcontact c ON c.contact_point_id = n.id WHERE n.number = a.phone)", "phone", "shared")}
            || {_remark("a.phone = ''", "phone", "no_number")} END
    FROM arrived a WHERE r.id = a.id AND a.person_id IS NULL
"""


PEOPLE: Final = """
    SELECT person_id, village_id, name, sex, birth_year, hamlet, craft, phone, relation, consent_how, changes
    FROM programs_importrow WHERE batch_id = %(batch)s AND state = '{state}'
"""
NUMBERED: Final = f"""
    UPDATE programs_importrow r SET person_id = o.key FROM (
        SELECT id, nextval(pg_get_serial_sequence('villages_person', 'id')) AS key
        FROM (SELECT id FROM programs_importrow WHERE batch_id = %(batch)s AND state = '{RowState.NEW}' ORDER BY number) n
    ) o WHERE r.id = o.id
"""
FIRST: Final = f"""
    UPDATE programs_importrow r SET first_number = true
    WHERE r.batch_id = %(batch)s AND r.phone <> '' AND (r.state = '{RowState.NEW}' OR r.changes ? 'number')
        AND NOT EXISTS (SELECT 1 FROM villages_contactpoint n WHERE n.number = r.phone)
"""
JOINED: Final = f"""
    UPDATE programs_importrow r SET enrollment_id = e.id FROM programs_enrollment e
    WHERE r.batch_id = %(batch)s AND (r.state = '{RowState.NEW}' OR r.changes ? 'enrollment')
        AND e.cohort_id = r.cohort_id AND e.person_id = r.person_id
"""
