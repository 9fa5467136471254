"""Many people written down at once: what `welcome_person` does for one, at the price of a few statements.

A crowd is a SELECT that gives, for each person, `person_id, village_id, name, sex, birth_year, hamlet, craft, phone,
relation, consent_how, changes`; `changes` holds, by name, what a known person gains or what stood there before. Each
event is written, and whoever calls records the one that listeners hear.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from accounts.models import User
from common.events import record_all
from common.sets import insert_select, run
from villages.models import Consent, ContactPoint, Person, PersonContact
from villages.states import ContactState, Purpose

# What a list may correct; an empty cell corrects nothing.
CORRECTED: Final = ("sex", "birth_year", "hamlet", "craft")


@dataclass(frozen=True)
class Crowd:
    """Some people of a list, who brings them and when."""

    people: str
    by: User
    at: datetime
    params: dict[str, Any] = field(default_factory=dict)

    def those(self, condition: str = "true") -> str:
        """Select the people of whom this holds."""
        return f"(SELECT * FROM ({self.people}) every WHERE {condition}) p"  # noqa: S608  written in this house

    def record(self, model: Any, verb: str, *, facts: str, condition: str = "true", key: str = "person_id") -> None:
        """Write the event of each."""
        source = f"SELECT p.{key} AS id, {facts} AS facts FROM {self.those(condition)}"  # noqa: S608
        record_all(model, verb=verb, by=self.by, at=self.at, source=source, params=self.params)


def add_people(crowd: Crowd) -> None:
    """Write people down under the keys they were given."""
    columns = ("village_id", "name", "sex", "birth_year", "hamlet", "craft")
    chosen = {"id": "p.person_id", **{column: f"p.{column}" for column in columns}}
    insert_select(Person, columns=chosen, source=f"FROM {crowd.those()} ORDER BY p.person_id", params=crowd.params)
    crowd.record(Person, "added", facts="jsonb_build_object('village', p.village_id)")


def correct_people(crowd: Crowd) -> None:
    """Write what the list knows better; what it leaves empty stays."""
    setting = ", ".join(
        f"{name} = CASE WHEN p.changes ? '{name}' THEN p.{name} ELSE o.{name} END" for name in CORRECTED
    )
    known = crowd.those(_any(CORRECTED))
    run(f"UPDATE villages_person o SET {setting} FROM {known} WHERE o.id = p.person_id", crowd.params)  # noqa: S608
    names = f"(SELECT jsonb_agg(c) FROM unnest(ARRAY{[*CORRECTED]}) c WHERE p.changes ? c)"  # noqa: S608
    crowd.record(Person, "changed", condition=_any(CORRECTED), facts=f"jsonb_build_object('columns', {names})")


def add_numbers(crowd: Crowd, *, condition: str) -> None:
    """Say by which number each is reached; a number that others have is shared."""
    having = f"({condition}) AND phone <> ''"
    insert_select(
        ContactPoint,
        columns={"number": "p.phone", "state": f"'{ContactState.UNVERIFIED}'"},
        source=f"FROM (SELECT DISTINCT phone FROM {crowd.those(having)} ORDER BY phone) p",  # noqa: S608
        params=crowd.params,
        tail="ON CONFLICT (number) DO NOTHING",
    )
    joined = f"FROM {crowd.those(having)} JOIN villages_contactpoint n ON n.number = p.phone"
    insert_select(
        PersonContact,
        columns={"person_id": "p.person_id", "contact_point_id": "n.id", "relation": "p.relation"},
        source=f"{joined} ORDER BY p.person_id",
        params=crowd.params,
        tail="ON CONFLICT (person_id, contact_point_id) DO NOTHING",
    )
    facts = "jsonb_build_object('contact_point', n.id, 'relation', p.relation) AS facts"
    source = f"SELECT p.person_id AS id, {facts} {joined}"
    record_all(Person, verb="contact_added", by=crowd.by, at=crowd.at, source=source, params=crowd.params)


def give_consents(crowd: Crowd, *, condition: str, text_version: str) -> None:
    """Record who agreed to messages."""
    agreed, values = f"({condition}) AND consent_how <> ''", {**crowd.params, "text_version": text_version}
    columns = {
        "person_id": "p.person_id",
        "purpose": f"'{Purpose.MESSAGES}'",
        "given_at": "%(given_at)s",
        "how": "p.consent_how",
        "text_version": "%(text_version)s",
        "recorded_by_id": "%(given_by)s::bigint",
    }
    given = {**values, "given_at": crowd.at, "given_by": crowd.by.pk}
    insert_select(
        Consent,
        columns=columns,
        source=f"FROM {crowd.those(agreed)} ORDER BY p.person_id",
        params=given,
        tail="ON CONFLICT DO NOTHING",
    )
    facts = (
        f"jsonb_build_object('purpose', '{Purpose.MESSAGES}', 'how', p.consent_how,"
        " 'text_version', %(text_version)s::text) AS facts"
    )
    source = f"SELECT p.person_id AS id, {facts} FROM {crowd.those(agreed)}"  # noqa: S608
    record_all(Person, verb="consent_given", by=crowd.by, at=crowd.at, source=source, params=values)


def _any(names: tuple[str, ...]) -> str:
    return f"changes ?| ARRAY{[*names]}"
