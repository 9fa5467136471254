"""What happens to villages, people and the numbers that reach them."""

from villages.actions.consent import give_consent, withdraw_consent
from villages.actions.contact import (
    add_contact,
    mark_number,
    opt_in,
    opt_out,
    read_numbers,
    remove_contact,
    renew_link,
    revoke_link,
)
from villages.actions.household import welcome_person
from villages.actions.merge import merge_people, tell_apart
from villages.actions.person import add_person, anonymise_person, change_person
from villages.actions.village import change_village, move_village, register_village

__all__ = [
    "add_contact",
    "add_person",
    "anonymise_person",
    "change_person",
    "change_village",
    "give_consent",
    "mark_number",
    "merge_people",
    "move_village",
    "opt_in",
    "opt_out",
    "read_numbers",
    "register_village",
    "remove_contact",
    "renew_link",
    "revoke_link",
    "tell_apart",
    "welcome_person",
    "withdraw_consent",
]
