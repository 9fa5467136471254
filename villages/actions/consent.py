"""What people agree to, and how they take it back."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import Refused
from common.events import record, record_all
from villages.actions.person import refuse_erased
from villages.models import Consent, Person, Village
from villages.states import Purpose

AGREED: Final = """
SELECT id, jsonb_build_object('purpose', %(purpose)s::text, 'how', %(how)s::text, 'text_version', %(version)s::text)
    AS facts
FROM unnest(%(ids)s::bigint[]) AS id
"""


@transaction.atomic
def give_consent(
    person: Person,
    *,
    purpose: str,
    how: str,
    text_version: str,
    by: User | None,
    at: datetime,
    given_at: datetime | None = None,
) -> Consent:
    """Record that a person agreed, now or at the moment that is given; nothing is sent before."""
    refuse_erased(person)
    if person.consents.filter(purpose=purpose, withdrawn_at__isnull=True).exists():
        raise Refused(_("This person has already agreed to this."))
    consent = Consent(
        person=person,
        purpose=purpose,
        given_at=min(given_at or at, at),
        how=how,
        text_version=text_version,
        recorded_by=by,
    )
    consent.clean_fields(exclude={"person", "recorded_by"})
    consent.save(force_insert=True)
    record(person, verb="consent_given", by=by, at=at, purpose=purpose, how=how, text_version=text_version)
    return consent


@transaction.atomic
def record_consents(
    village: Village,
    *,
    people: Collection[int],
    how: str,
    text_version: str,
    given_at: datetime,
    by: User,
    at: datetime,
) -> int:
    """Record that these people of a village agreed to messages; who had agreed already keeps that. Tell how many."""
    if given_at > at:
        raise ValidationError(_("A list is not signed in the future."), code="given_on")
    facts = {"purpose": Purpose.MESSAGES, "given_at": given_at, "how": how, "text_version": text_version}
    here = Person.objects.present().filter(village=village, pk__in=people).order_by("pk")
    keys = list(here.select_for_update(no_key=True).values_list("pk", flat=True))
    agreed = Consent.objects.filter(person__in=keys, purpose=Purpose.MESSAGES, withdrawn_at__isnull=True)
    known = set(agreed.values_list("person_id", flat=True))
    new = [key for key in keys if key not in known]
    Consent.objects.bulk_create(Consent(person_id=key, recorded_by=by, **facts) for key in new)
    if new:
        params = {"ids": new, "purpose": Purpose.MESSAGES, "how": how, "version": text_version}
        record_all(Person, verb="consent_given", by=by, at=at, source=AGREED, params=params)
        record(village, verb="consents_given", by=by, at=at, people=new, how=how)
    return len(new)


@transaction.atomic
def withdraw_consent(person: Person, *, purpose: str, by: User | None, at: datetime) -> None:
    """Take an agreement back; from this moment nothing more is sent."""
    if not person.consents.filter(purpose=purpose, withdrawn_at__isnull=True).update(withdrawn_at=at):
        raise Refused(_("There is no agreement to take back."))
    record(person, verb="consent_withdrawn", by=by, at=at, purpose=purpose)
