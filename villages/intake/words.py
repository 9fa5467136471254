"""What an import says about a row, in sentences; rows keep codes, so each reader reads their own language."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from villages.intake.columns import COLUMNS

SENTENCES: Final[dict[str, Promise]] = {
    # what keeps a row out
    "name_missing": gettext_lazy("The name is missing."),
    "name_no_letters": gettext_lazy("“%(value)s” is no name."),
    "long": gettext_lazy("“%(value)s” is too long."),
    "signs": gettext_lazy("“%(value)s” has signs that cannot be read. Save the list as .xlsx and try again."),
    "digits": gettext_lazy(
        "A number of 16 digits stands here. A NIK is not kept: take it out. If it is another number, set the column to"
        " Text in Excel, because Excel keeps only 15 digits."
    ),
    "formula": gettext_lazy("“%(value)s” is an error of Excel or a formula without a value."),
    "sex_missing": gettext_lazy("The sex is missing. Write L or P."),
    "sex_unknown": gettext_lazy("“%(value)s” is no sex. Write L or P."),
    "sex_both": gettext_lazy("Both columns of the sex are marked."),
    "birth_date": gettext_lazy("“%(value)s” is no date. Write day, month, year, for example 1/10/1985."),
    "birth_year": gettext_lazy("“%(value)s” cannot be a birth year."),
    "age": gettext_lazy("“%(value)s” is no age in years."),
    "phone_short": gettext_lazy("Mobile number %(value)s is too short."),
    "phone_long": gettext_lazy("Mobile number %(value)s is too long."),
    "phone_unknown": gettext_lazy("Mobile number %(value)s does not exist."),
    "phone_landline": gettext_lazy("%(value)s is a landline. Messages need a mobile number."),
    "phone_signs": gettext_lazy("“%(value)s” is no mobile number."),
    "phone_shortened": gettext_lazy(
        "Excel cut digits off %(value)s. Set the column to Text and type the number again."
    ),
    "relation": gettext_lazy(
        "“%(value)s” does not say whose number it is: own, spouse, child, neighbour, village contact."
    ),
    "consent": gettext_lazy("“%(value)s” is neither yes nor no."),
    "consent_how": gettext_lazy("“%(value)s” does not say how: spoken, paper or message."),
    "village_missing": gettext_lazy("The village is missing; this program has several."),
    "village_unknown": gettext_lazy("“%(value)s” is no village of this program."),
    "village_other": gettext_lazy("“%(value)s” is not the village of this cohort."),
    "village_ambiguous": gettext_lazy(
        "Several villages have this name: %(value)s. Write the district too, or the code."
    ),
    "cohort_missing": gettext_lazy("Say which cohort: %(value)s."),
    "cohort_unknown": gettext_lazy("This village has no such cohort. It has: %(value)s."),
    "twice_elsewhere": gettext_lazy(
        "The same person as in row %(value)s, in another cohort. Import each cohort from its own list."
    ),
    # what was repaired
    "phone_repaired": gettext_lazy("The number was read as %(value)s."),
    "phone_first": gettext_lazy("Two numbers in one cell; only %(value)s is kept."),
    "title_left_out": gettext_lazy("“%(value)s” was left out of the name."),
    "sex_by_title": gettext_lazy("The sex was read from “%(value)s”."),
    "year_by_age": gettext_lazy("The birth year was computed from the age: %(value)s, perhaps one year off."),
    "consent_refused": gettext_lazy("Did not agree to messages; nothing is sent."),
    # what else is known
    "twice": gettext_lazy("The same person as in row %(value)s."),
    "namesake": gettext_lazy(
        "Somebody of this name is known already. If it is the same person, add the number or birth year."
    ),
    "other_number": gettext_lazy("Known by name and hamlet, with another number until now. Look again."),
    "shared": gettext_lazy("Others are reached by this number too."),
    "no_number": gettext_lazy("Without a number a village contact has to pass messages on."),
    "withdrawn": gettext_lazy("Withdrew from this cohort; a withdrawal is final."),
    "kept": gettext_lazy("Kept: something was written about this person afterwards."),
}
OF_ANY_COLUMN: Final = {"digits", "signs", "formula", "long"}
CHANGES: Final[dict[str, Promise]] = {
    "sex": gettext_lazy("sex"),
    "birth_year": gettext_lazy("birth year"),
    "hamlet": gettext_lazy("hamlet"),
    "craft": gettext_lazy("craft"),
    "number": gettext_lazy("number added"),
    "consent": gettext_lazy("agreement added"),
    "enrollment": gettext_lazy("joins the cohort"),
}
NOTICES: Final[dict[str, Promise]] = {
    "other_sheets": gettext_lazy(
        "Only the sheet “%(value)s” was read. Import the other sheets one by one, each from a file of its own."
    ),
    "national_id": gettext_lazy("The column “%(value)s” holds national ids. It was left out and is not kept."),
    "seen_before": gettext_lazy("This very file was imported before. Who is known already stays as they are."),
    "no_headings": gettext_lazy("No headings were found. Say what each column holds."),
}


def sentence(code: str, value: str) -> str:
    """Say one thing about a row."""
    return str(SENTENCES[code]) % {"value": value}


def said(found: Iterable[Sequence[Any]]) -> list[str]:
    """Say several things, each once; a column is named where the sentence does not tell it."""
    return [*dict.fromkeys(_said(column, code, value) for column, code, value in found)]


def _said(column: str, code: str, value: str) -> str:
    words = sentence(code, value)
    return f"{COLUMNS[column]}: {words}" if code in OF_ANY_COLUMN else words


def changes(found: Iterable[str]) -> list[str]:
    """Name what a row changes."""
    return [str(words) for name, words in CHANGES.items() if name in found]


def notices(found: Iterable[Sequence[str]]) -> list[str]:
    """Say what is worth knowing about the whole list."""
    return [str(NOTICES[code]) % {"value": value} for code, value in found]


def told(number: int, sentences: Sequence[str]) -> str:
    """Write it as `Row 7: Mobile number 0812 is too short.`."""
    return _("Row %(row)d: %(what)s") % {"row": number, "what": " ".join(sentences)}
