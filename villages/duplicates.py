"""Pairs of records of one village that are probably one person, the surest first, each with its reasons.

Two names are the same when they differ in case, spaces, dots and titles only (Bu, Pak, H., Hj., Sdr. ...). Such a pair
needs one more thing in common: a number, the birth year or the hamlet. Names that differ by one letter, or by the order
of their words, need a common number. One statement, in plain SQL; what was told apart is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.db import connection
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from villages.models import Person, PersonContact

MOST: Final = 50  # pairs shown at a time: merging some brings up the next
CERTAIN, LIKELY = 7, 5
TITLES: Final = ["bu", "ibu", "pak", "bapak", "bpk", "h", "hj", "haji", "hajah", "sdr", "sdri"]

STATEMENT: Final = """
WITH seen (id) AS ({seen}),
words AS (
    SELECT person.id, person.village_id, person.sex, person.birth_year,
        lower(btrim(person.hamlet)) AS hamlet,
        array(
            SELECT word FROM unnest(string_to_array(
                translate(lower(person.name), E'.,;:-/()"\\t\\n''’`', '           '), ' '
            )) WITH ORDINALITY AS part (word, place)
            WHERE word <> '' AND word <> ALL (%s) ORDER BY place
        ) AS parts
    FROM villages_person person JOIN seen ON seen.id = person.id
),
named AS (
    SELECT words.*, name, (length(name) - 2) / 2 AS half  -- one letter apart: the first or the last half is the same
    FROM words, array_to_string(parts, ' ') AS name WHERE cardinality(parts) > 0
),
namesakes AS (
    SELECT a.id AS first, b.id AS second FROM named a JOIN named b
        ON a.village_id = b.village_id AND a.name = b.name AND a.id < b.id
),
sharing AS (
    SELECT DISTINCT one.person_id AS first, two.person_id AS second
    FROM villages_personcontact one JOIN villages_personcontact two
        ON one.contact_point_id = two.contact_point_id AND one.person_id < two.person_id
    JOIN seen ON seen.id = one.person_id
),
pairs AS (
    SELECT first, second FROM namesakes
    UNION
    SELECT first, second FROM sharing
        JOIN named a ON a.id = first JOIN named b ON b.id = second AND b.village_id = a.village_id
    WHERE a.parts @> b.parts AND b.parts @> a.parts OR (
        abs(length(a.name) - length(b.name)) <= 1
        AND least(length(a.name), length(b.name)) > 3
        AND (left(a.name, a.half) = left(b.name, a.half) OR right(a.name, a.half) = right(b.name, a.half))
        AND EXISTS (
            SELECT FROM generate_series(1, greatest(length(a.name), length(b.name))) AS spot
            WHERE left(a.name, spot - 1) = left(b.name, spot - 1) AND (
                substr(a.name, spot + 1) = substr(b.name, spot + 1)
                OR substr(a.name, spot + 1) = substr(b.name, spot)
                OR substr(a.name, spot) = substr(b.name, spot + 1)
            )
        )
    )
),
weighed AS (
    SELECT pairs.first, pairs.second,
        a.name = b.name AS same_name, a.parts @> b.parts AND b.parts @> a.parts AS same_words,
        sharing.first IS NOT NULL AS number,
        COALESCE(a.birth_year = b.birth_year, false) AS birth_year,
        a.hamlet <> '' AND a.hamlet = b.hamlet AS hamlet,
        COALESCE(a.birth_year <> b.birth_year, false)::int + (a.sex <> b.sex)::int AS against
    FROM pairs JOIN named a ON a.id = pairs.first JOIN named b ON b.id = pairs.second
    LEFT JOIN sharing ON sharing.first = pairs.first AND sharing.second = pairs.second
    WHERE NOT EXISTS (
        SELECT FROM villages_notduplicate told WHERE told.first_id = pairs.first AND told.second_id = pairs.second
    )
)
SELECT first, second, same_name, same_words, number, birth_year, hamlet, against,
    2 + 2 * same_name::int + 3 * number::int + 2 * birth_year::int + hamlet::int - 2 * against AS weight
FROM weighed WHERE number OR birth_year OR hamlet
ORDER BY weight DESC, first, second
LIMIT %s
"""


class Found(NamedTuple):
    """One pair as the statement finds it."""

    first: int
    second: int
    same_name: bool
    same_words: bool
    number: bool
    birth_year: bool
    hamlet: bool
    against: int
    weight: int


@dataclass(frozen=True)
class Alike:
    """Two records that look like one person: the older first."""

    first: Person
    second: Person
    reasons: tuple[str, ...]
    weight: int

    @property
    def keys(self) -> tuple[int, int]:
        """Name both by key."""
        return self.first.pk, self.second.pk

    @property
    def sure(self) -> str:
        """Say how sure it is, as a value: certain, likely or possible."""
        if self.weight >= CERTAIN:
            return "certain"
        return "likely" if self.weight >= LIKELY else "possible"


def alike_among(people: QuerySet[Person], *, most: int = MOST) -> list[Alike]:
    """Find the pairs among these people, at most `most`, with how each one is reached; three queries."""
    sql, given = people.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT.replace("{seen}", sql), [*given, TITLES, most])
        found = [Found(*row) for row in cursor.fetchall()]
    contacts = Prefetch("contacts", PersonContact.objects.select_related("contact_point").order_by("pk"))
    named = Person.objects.filter(pk__in={key for row in found for key in row[:2]}).select_related("village")
    known = {person.pk: person for person in named.prefetch_related(contacts)}
    return [
        Alike(known[row.first], known[row.second], tuple(_reasons(row)), row.weight)
        for row in found
        if {row.first, row.second} <= known.keys()
    ]


def _reasons(found: Found) -> Iterator[str]:
    """Say in words what speaks for it, and what against."""
    name = _("the same name") if found.same_name else _("the same words in another order")
    said = (
        (True, name if found.same_words else _("one letter apart")),
        (found.number, _("the same number")),
        (found.birth_year, _("the same birth year")),
        (found.hamlet, _("the same hamlet")),
        (found.against > 0, _("but another birth year or sex")),
    )
    return (words for holds, words in said if holds)
