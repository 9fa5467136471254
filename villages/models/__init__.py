"""Regions, villages, how they are assessed, people and the numbers that reach them."""

from villages.models.assessment import Assessment, CriteriaSet, CriterionDefinition, Score
from villages.models.business import BusinessUnit, Licence, ProductUnit
from villages.models.edition import RegionChange, RegionEdition, TouchedRecord
from villages.models.identity import FormerId, NotDuplicate
from villages.models.person import Consent, ContactPoint, Person, PersonalLink, PersonContact
from villages.models.region import Region
from villages.models.village import Village, VillageRegion

__all__ = [
    "Assessment",
    "BusinessUnit",
    "Consent",
    "ContactPoint",
    "CriteriaSet",
    "CriterionDefinition",
    "FormerId",
    "Licence",
    "NotDuplicate",
    "Person",
    "PersonContact",
    "PersonalLink",
    "ProductUnit",
    "Region",
    "RegionChange",
    "RegionEdition",
    "Score",
    "TouchedRecord",
    "Village",
    "VillageRegion",
]
