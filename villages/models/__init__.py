"""Regions, villages, people and the numbers that reach them."""

from villages.models.identity import FormerId, NotDuplicate
from villages.models.person import Consent, ContactPoint, Person, PersonalLink, PersonContact
from villages.models.region import Region
from villages.models.village import Village, VillageRegion

__all__ = [
    "Consent",
    "ContactPoint",
    "FormerId",
    "NotDuplicate",
    "Person",
    "PersonContact",
    "PersonalLink",
    "Region",
    "Village",
    "VillageRegion",
]
