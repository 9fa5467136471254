"""DAFTAR: who writes first agrees to be told; who is not known yet waits for a person."""

from collections.abc import Sequence
from datetime import datetime

from villages.actions import give_consent, opt_in
from villages.consents import VERSION
from villages.models import Consent, ContactPoint, Person, Village
from villages.states import ConsentHow, ContactState, Purpose, Relation

HOUSEHOLD = (Relation.OWN, Relation.SPOUSE, Relation.CHILD)  # nobody agrees for a neighbour


def village_named(words: Sequence[str]) -> Village | None:
    """Find the village whose code somebody wrote, with or without more words after it; the longest code that fits."""
    spoken = words[1:] if words[:1] == ("desa",) else words
    codes = [sign.join(spoken[:length]) for length in range(len(spoken), 0, -1) for sign in ("-", "")]
    found = {village.code: village for village in Village.objects.filter(code__in=codes)}
    return next((found[code] for code in codes if code in found), None)


def household_of(point: ContactPoint, village: Village) -> list[Person]:
    """List who of a village shares this number as a household."""
    people = Person.objects.present().filter(
        village=village,
        contacts__contact_point=point,
        contacts__relation__in=HOUSEHOLD,
        contacts__wrong_at__isnull=True,
    )
    return list(people.select_related("village").order_by("name", "pk"))


def agree(people: Sequence[Person], point: ContactPoint, *, at: datetime, given_at: datetime) -> None:
    """Keep that these people asked to be told, and let messages go to their number again."""
    agreed = Consent.objects.filter(person__in=people, purpose=Purpose.MESSAGES, withdrawn_at__isnull=True)
    known = set(agreed.values_list("person_id", flat=True))
    for person in people:
        if person.pk not in known:
            give_consent(
                person,
                purpose=Purpose.MESSAGES,
                how=ConsentHow.MESSAGE,
                text_version=VERSION,
                by=None,
                at=at,
                given_at=given_at,
            )
    if point.state == ContactState.OPTED_OUT:
        opt_in(point, by=None, at=at)
