"""Accounts, villages, people and their numbers."""

from datetime import date, timedelta
from typing import Any

from accounts.models import User
from accounts.states import Role
from tests.factories.base import NOW, PASSWORD, RowFactory, counted, from_row, lay_region, one
from villages.models import (
    Consent,
    ContactPoint,
    Person,
    PersonalLink,
    PersonContact,
    Village,
    VillageRegion,
)
from villages.states import ConsentHow, Purpose, Relation, Sex, VillageStage


class UserFactory(RowFactory[User]):
    """A coordinator unless told otherwise, who reads English so that sentences can be compared."""

    class Meta:
        model = User

    name = counted(lambda n: f"Staff {n}")
    email = counted(lambda n: f"staff{n}@example.org")
    role = Role.COORDINATOR
    language = "en"

    @classmethod
    def _create(cls, model_class: type[User], *_: Any, **columns: Any) -> User:
        return model_class.objects.create_user(**{"password": PASSWORD, **columns})


# -- villages ---------------------------------------------------------------------------------------------------------


class VillageFactory(RowFactory[Village]):
    """A village with its seat as the desa it covers."""

    class Meta:
        model = Village

    name = counted(lambda n: f"Village {n}")
    code = counted(lambda n: f"village-{n}")
    region = counted(lambda n: lay_region(f"35.24.11.{2001 + n % 7000}"))
    commodity = "Ikat cloth"
    stage = VillageStage.DESIGNATED


class VillageRegionFactory(RowFactory[VillageRegion]):
    """A desa that a village covers."""

    class Meta:
        model = VillageRegion

    village = one(VillageFactory)
    region = from_row(lambda row: row.village.region)
    joined_on = date(2026, 1, 1)


class PersonFactory(RowFactory[Person]):
    """A weaver without a number."""

    class Meta:
        model = Person

    village = one(VillageFactory)
    name = counted(lambda n: f"Weaver {n:04}")
    sex = Sex.FEMALE
    craft = "tenun"


class ContactPointFactory(RowFactory[ContactPoint]):
    """A number nobody has."""

    class Meta:
        model = ContactPoint

    number = counted(lambda n: f"+62812{30000000 + n}")


class PersonContactFactory(RowFactory[PersonContact]):
    """A person joined to a number."""

    class Meta:
        model = PersonContact

    person = one(PersonFactory)
    contact_point = one(ContactPointFactory)
    relation = Relation.OWN


class ConsentFactory(RowFactory[Consent]):
    """A live agreement to messages."""

    class Meta:
        model = Consent

    person = one(PersonFactory)
    purpose = Purpose.MESSAGES
    given_at = NOW - timedelta(days=60)
    how = ConsentHow.SPOKEN
    text_version = "2026-01"


class PersonalLinkFactory(RowFactory[PersonalLink]):
    """A link row, as made when one is renewed or revoked."""

    class Meta:
        model = PersonalLink

    contact_point = one(ContactPointFactory)


def reachable_person(village: Village, *, number: ContactPoint | None = None, **columns: Any) -> Person:
    """Make a person who agreed to messages and has a number (a shared one when given)."""
    person = PersonFactory.create(village=village, **columns)
    PersonContactFactory.create(person=person, contact_point=number or ContactPointFactory.create())
    ConsentFactory.create(person=person)
    return person


# -- programs ---------------------------------------------------------------------------------------------------------
