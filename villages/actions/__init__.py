"""What happens to villages, their assessments, people and the numbers that reach them."""

from villages.actions.assessment import (
    change_assessment,
    finalise_assessment,
    score_assessment,
    start_assessment,
    submit_assessment,
)
from villages.actions.consent import give_consent, record_consents, withdraw_consent
from villages.actions.contact import (
    add_contact,
    doubt_contact,
    mark_number,
    opt_in,
    opt_out,
    read_numbers,
    remove_contact,
    renew_link,
    revoke_link,
    trust_contact,
)
from villages.actions.criteria import (
    Wording,
    change_criteria_set,
    draft_criteria_set,
    publish_criteria_set,
)
from villages.actions.household import welcome_person
from villages.actions.licence import (
    add_licence,
    add_product_unit,
    change_licence,
    change_product_unit,
    remove_licence,
    remove_product_unit,
)
from villages.actions.merge import merge_people, tell_apart
from villages.actions.person import add_person, anonymise_person, change_person
from villages.actions.unit import change_unit, dismiss_unit, register_unit, verify_unit
from villages.actions.village import change_village, move_village, record_decree, register_village

__all__ = [
    "Wording",
    "add_contact",
    "add_licence",
    "add_person",
    "add_product_unit",
    "anonymise_person",
    "change_assessment",
    "change_criteria_set",
    "change_licence",
    "change_person",
    "change_product_unit",
    "change_unit",
    "change_village",
    "dismiss_unit",
    "doubt_contact",
    "draft_criteria_set",
    "finalise_assessment",
    "give_consent",
    "mark_number",
    "merge_people",
    "move_village",
    "opt_in",
    "opt_out",
    "publish_criteria_set",
    "read_numbers",
    "record_consents",
    "record_decree",
    "register_unit",
    "register_village",
    "remove_contact",
    "remove_licence",
    "remove_product_unit",
    "renew_link",
    "revoke_link",
    "score_assessment",
    "start_assessment",
    "submit_assessment",
    "tell_apart",
    "trust_contact",
    "verify_unit",
    "welcome_person",
    "withdraw_consent",
]
