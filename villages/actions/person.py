"""People are added, corrected and, when they ask for it, forgotten."""

from datetime import datetime

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import Refused, RowMoved
from common.events import record
from villages.models import ContactPoint, Person, PersonalLink, Village
from villages.states import ContactState

CHANGEABLE = {"name", "sex", "birth_year", "hamlet", "craft"}


def refuse_erased(person: Person) -> None:
    """Stop before anything is written about someone who asked to be forgotten."""
    if person.erased_at is not None:
        raise Refused(_("This person's data was erased; only the counts remain."))


@transaction.atomic
def add_person(
    *,
    village: Village,
    name: str,
    sex: str,
    by: User,
    at: datetime,
    birth_year: int | None = None,
    hamlet: str = "",
    craft: str = "",
) -> Person:
    """Write down a villager; how they are reached and what they agreed to comes after."""
    person = Person(
        village=village, name=_tidy(name), sex=sex, birth_year=birth_year, hamlet=_tidy(hamlet), craft=_tidy(craft)
    )
    person.full_clean(exclude={"village"})
    person.save(force_insert=True)
    record(person, verb="added", by=by, at=at, village=village.pk)
    return person


@transaction.atomic
def change_person(person: Person, *, by: User, at: datetime, **columns: str | int | None) -> None:
    """Correct what is known; writing the same again records nothing."""
    refuse_erased(person)
    if not CHANGEABLE.issuperset(columns):
        raise TypeError(sorted(columns.keys() - CHANGEABLE))
    tidied = {name: _tidy(value) if isinstance(value, str) else value for name, value in columns.items()}
    changed = [name for name, value in tidied.items() if getattr(person, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(person, name, tidied[name])
    person.full_clean(exclude={"village"})
    _write(person, *changed)
    record(person, verb="changed", by=by, at=at, columns=changed)


@transaction.atomic
def anonymise_person(person: Person, *, by: User, at: datetime) -> None:
    """Forget a person and keep the counts (UU PDP 27/2022): a pseudonym stays, numbers that reach nobody else go."""
    refuse_erased(person)
    numbers = [contact.contact_point_id for contact in person.contacts.all()]
    person.contacts.all().delete()
    for number in ContactPoint.objects.filter(pk__in=numbers, contacts__isnull=True):
        _forget_number(number, at=at)
    person.consents.filter(withdrawn_at__isnull=True).update(withdrawn_at=at)
    person.name, person.birth_year, person.hamlet, person.craft, person.erased_at = pseudonym(person), None, "", "", at
    _write(person, "name", "birth_year", "hamlet", "craft", "erased_at")
    record(person, verb="anonymised", by=by, at=at, village=person.village_id, contact_points=numbers)


def pseudonym(person: Person) -> str:
    """Name a forgotten person, always the same way, so that histories still tell people apart."""
    return f"Warga {salted_hmac('villages.pseudonym', str(person.pk), algorithm='sha256').hexdigest()[:6]}"


def _forget_number(point: ContactPoint, *, at: datetime) -> None:
    """Overwrite a number instead of deleting its row: what was sent to it still counts."""
    point.number, point.state = f"erased-{point.pk}", ContactState.OPTED_OUT
    point.save(update_fields=["number", "state"])
    PersonalLink.objects.update_or_create(contact_point=point, defaults={"revoked_at": at})


def _write(person: Person, *columns: str) -> None:
    """Write these columns, or say that another hand has merged the record away."""
    if not Person.objects.filter(pk=person.pk).update(**{name: getattr(person, name) for name in columns}):
        raise RowMoved(person)


def _tidy(text: str) -> str:
    return " ".join(text.split())
