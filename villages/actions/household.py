"""A person, how they are reached and what they agreed to, written down in one go."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from villages.actions.consent import give_consent
from villages.actions.contact import add_contact
from villages.actions.person import add_person
from villages.models import Person, Village
from villages.states import Purpose


@transaction.atomic
def welcome_person(
    *,
    village: Village,
    by: User,
    at: datetime,
    number: str = "",
    relation: str = "",
    consent_how: str = "",
    text_version: str = "",
    agreed_at: datetime | None = None,
    **columns: Any,
) -> Person:
    """Add a person with a first number and the agreement to messages, where known; all of it or nothing."""
    person = add_person(village=village, by=by, at=at, **columns)
    if number:
        add_contact(person, number=number, relation=relation, by=by, at=at)
    if consent_how:
        give_consent(
            person,
            purpose=Purpose.MESSAGES,
            how=consent_how,
            text_version=text_version,
            by=by,
            at=at,
            given_at=agreed_at,
        )
    return person
