"""Forms of villages, people, assessments and business units; they turn what was typed into plain values."""

from villages.forms.assessment import AssessmentStartForm, CriteriaSetForm, CriteriaSetStartForm, ScoresForm
from villages.forms.person import (
    ConsentForm,
    ConsentsForm,
    ContactForm,
    MarkForm,
    MergeForm,
    NewPersonForm,
    OtherForm,
    PersonForm,
    PurposeForm,
)
from villages.forms.unit import (
    CitySearchForm,
    DismissForm,
    ExporterForm,
    LicenceForm,
    LotForm,
    NameForm,
    OutsideForm,
    PiecesForm,
    UnitForm,
)
from villages.forms.village import DecreeForm, PlaceSearchForm, StageForm, VillageForm
from villages.forms.words import AddressField, PhoneField, Words

__all__ = [
    "AddressField",
    "AssessmentStartForm",
    "CitySearchForm",
    "ConsentForm",
    "ConsentsForm",
    "ContactForm",
    "CriteriaSetForm",
    "CriteriaSetStartForm",
    "DecreeForm",
    "DismissForm",
    "ExporterForm",
    "LicenceForm",
    "LotForm",
    "MarkForm",
    "MergeForm",
    "NameForm",
    "NewPersonForm",
    "OtherForm",
    "OutsideForm",
    "PersonForm",
    "PhoneField",
    "PiecesForm",
    "PlaceSearchForm",
    "PurposeForm",
    "ScoresForm",
    "StageForm",
    "UnitForm",
    "VillageForm",
    "Words",
]
