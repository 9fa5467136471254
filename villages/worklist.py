"""Who of a village cannot be told anything, and why; the coordinator's worklist."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from villages.models import Consent, Person, PersonContact, Village
from villages.states import REACHABLE, Purpose


@dataclass(frozen=True)
class Lacking:
    """How many people of a village, and how many of them a message cannot reach."""

    people: int
    without_number: int  # nobody's number reaches them, not even a village contact's
    without_working_number: int
    without_consent: int


def lacking(village: Village) -> Lacking:
    """Count them in one query."""
    contacts = PersonContact.objects.filter(person=OuterRef("pk"), wrong_at__isnull=True)
    live = Consent.objects.to_messages("pk")
    people = Person.objects.present().filter(village=village)
    return Lacking(
        **people.annotate(
            has=Exists(contacts), works=Exists(contacts.filter(contact_point__state__in=REACHABLE)), agreed=Exists(live)
        ).aggregate(
            people=Count("pk"),
            without_number=Count("pk", filter=Q(has=False)),
            without_working_number=Count("pk", filter=Q(works=False)),
            without_consent=Count("pk", filter=Q(agreed=False)),
        )
    )


def with_reach(people: QuerySet[Person]) -> QuerySet[Person]:
    """Read along how each one is reached (`contacts`) and whether they agreed to messages (`agreed`); 2 queries."""
    contacts = PersonContact.objects.select_related("contact_point").order_by("pk")
    live = Consent.objects.filter(purpose=Purpose.MESSAGES, withdrawn_at__isnull=True)
    return people.prefetch_related(Prefetch("contacts", contacts), Prefetch("consents", live, to_attr="agreed"))
