"""Numbers are added, shared, read, silenced; each has one link that opens a household's page."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import Refused
from common.events import record
from common.phones import parse_address
from villages.actions.person import refuse_erased
from villages.models import ContactPoint, Person, PersonalLink, PersonContact
from villages.states import ContactState


@transaction.atomic
def add_contact(person: Person, *, number: str, relation: str, by: User, at: datetime) -> ContactPoint:
    """Say by which number a person is reached; a number that others in the house use is shared, not doubled."""
    refuse_erased(person)
    point, _new = ContactPoint.objects.get_or_create(number=parse_address(number))
    contact = PersonContact(person=person, contact_point=point, relation=relation)
    contact.clean_fields(exclude={"person", "contact_point"})
    contact.save(force_insert=True)
    record(person, verb="contact_added", by=by, at=at, contact_point=point.pk, relation=relation)
    return point


@transaction.atomic
def remove_contact(person: Person, *, contact_point: ContactPoint, by: User, at: datetime) -> None:
    """Take one number from one person; the others who share it keep it."""
    gone, _kinds = person.contacts.filter(contact_point=contact_point).delete()
    if not gone:
        raise Refused(_("This number is no longer a contact of this person."))
    record(person, verb="contact_removed", by=by, at=at, contact_point=contact_point.pk)


@transaction.atomic
def doubt_contact(person: Person, *, contact_point: ContactPoint, by: User | None, at: datetime) -> None:
    """Keep that somebody said this number is not this person's; others are still reached by it."""
    if person.contacts.filter(contact_point=contact_point, wrong_at__isnull=True).update(wrong_at=at):
        record(person, verb="contact_doubted", by=by, at=at, contact_point=contact_point.pk)


@transaction.atomic
def trust_contact(person: Person, *, contact_point: ContactPoint, by: User, at: datetime) -> None:
    """Reach a person by this number again after all."""
    refuse_erased(person)
    if person.contacts.filter(contact_point=contact_point, wrong_at__isnull=False).update(wrong_at=None):
        record(person, verb="contact_trusted", by=by, at=at, contact_point=contact_point.pk)


@transaction.atomic
def read_numbers(person: Person, *, by: User, at: datetime) -> list[PersonContact]:
    """Show someone a person's numbers, and write down that they looked."""
    contacts = list(person.contacts.select_related("contact_point").order_by("pk"))
    record(person, verb="read_numbers", by=by, at=at, contact_points=[contact.contact_point_id for contact in contacts])
    return contacts


@transaction.atomic
def mark_number(contact_point: ContactPoint, *, to: str, by: User | None, at: datetime) -> None:
    """Say what turned out about a number: it works, nobody answers, or a stranger does."""
    origin = contact_point.state
    ContactPoint.objects.move(contact_point, to)
    record(contact_point, verb="marked", by=by, at=at, origin=origin, goal=to)


@transaction.atomic
def opt_out(contact_point: ContactPoint, *, by: User | None, at: datetime) -> None:
    """Stop every message to a number at once; asking twice is the same wish."""
    if contact_point.state == ContactState.OPTED_OUT:
        return
    origin = contact_point.state
    ContactPoint.objects.move(contact_point, ContactState.OPTED_OUT)
    record(contact_point, verb="opted_out", by=by, at=at, origin=origin, goal=ContactState.OPTED_OUT)


@transaction.atomic
def opt_in(contact_point: ContactPoint, *, by: User | None, at: datetime) -> None:
    """Let messages go to a number again; only who had stopped them can begin again."""
    if contact_point.state != ContactState.OPTED_OUT:
        return
    ContactPoint.objects.move(contact_point, ContactState.VALID)
    record(contact_point, verb="opted_in", by=by, at=at, origin=ContactState.OPTED_OUT, goal=ContactState.VALID)


@transaction.atomic
def renew_link(contact_point: ContactPoint, *, by: User, at: datetime) -> PersonalLink:
    """End the number's old address and open a new one."""
    link, _new = PersonalLink.objects.get_or_create(contact_point=contact_point)
    PersonalLink.objects.filter(pk=link.pk).update(version=F("version") + 1, revoked_at=None)
    link.refresh_from_db()
    record(contact_point, verb="link_renewed", by=by, at=at, version=link.version)
    return link


@transaction.atomic
def revoke_link(contact_point: ContactPoint, *, by: User, at: datetime) -> PersonalLink:
    """Close the number's address; it answers nobody until it is renewed."""
    link, _new = PersonalLink.objects.update_or_create(contact_point=contact_point, defaults={"revoked_at": at})
    record(contact_point, verb="link_revoked", by=by, at=at, version=link.version)
    return link
