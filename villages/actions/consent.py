"""What people agree to, and how they take it back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import Refused
from common.events import record
from villages.actions.person import refuse_erased
from villages.models import Consent, Person


@transaction.atomic
def give_consent(
    person: Person, *, purpose: str, how: str, text_version: str, by: User | None, at: datetime
) -> Consent:
    """Record that a person agreed; nothing is sent before."""
    refuse_erased(person)
    if person.consents.filter(purpose=purpose, withdrawn_at__isnull=True).exists():
        raise Refused(_("This person has already agreed to this."))
    consent = Consent(person=person, purpose=purpose, given_at=at, how=how, text_version=text_version, recorded_by=by)
    consent.clean_fields(exclude={"person", "recorded_by"})
    consent.save(force_insert=True)
    record(person, verb="consent_given", by=by, at=at, purpose=purpose, how=how, text_version=text_version)
    return consent


@transaction.atomic
def withdraw_consent(person: Person, *, purpose: str, by: User | None, at: datetime) -> None:
    """Take an agreement back; from this moment nothing more is sent."""
    if not person.consents.filter(purpose=purpose, withdrawn_at__isnull=True).update(withdrawn_at=at):
        raise Refused(_("There is no agreement to take back."))
    record(person, verb="consent_withdrawn", by=by, at=at, purpose=purpose)
