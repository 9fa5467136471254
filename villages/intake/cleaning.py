"""One row turned into plain values, with every error in it and every repair that was made."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Protocol

from common.phones import local_phone
from villages.intake import births
from villages.intake.births import WrongBirth
from villages.intake.columns import IGNORED, SECRET
from villages.intake.phones import WrongPhone, read_phone
from villages.intake.secrets import HIDDEN
from villages.states import ConsentHow, Relation, Sex

UNREAD: Final = (IGNORED, SECRET)
LOST: Final = "\ufffd"
# Marks that nobody sees: they turn writing around, or come along with a copied number.
UNSEEN: Final = dict.fromkeys(
    (0xAD, 0x61C, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070))
)
ERRORS_OF_EXCEL: Final = re.compile(
    r"#(REF|N/A|VALUE|NAME|DIV/0|NULL|NUM|FORMULA|GETTING_DATA|SPILL|CALC)[!?]?", re.IGNORECASE
)
LIMITS: Final = {"name": 120, "hamlet": 80, "craft": 80}
NAMING: Final = {"village_ambiguous", "cohort_missing", "cohort_unknown"}  # they list what may be written
SHOWN: Final = 40  # signs of a wrong value that are shown again
W, M = Sex.FEMALE, Sex.MALE
TITLES: Final = {
    "bu": W, "ibu": W, "ny": W, "nyonya": W, "sdri": W, "saudari": W,
    "pak": M, "bapak": M, "bpk": M, "bp": M, "tn": M, "tuan": M, "sdr": M, "saudara": M,
}  # fmt: skip
HONOURS: Final = {"hj": W, "hajah": W, "hajjah": W, "h": M, "haji": M, "mbak": W, "mas": M}
SEXES: Final = {
    **dict.fromkeys(("p", "pr", "prp", "perempuan", "wanita", "w", "f", "female", "woman", "cewek"), W),
    **dict.fromkeys(("l", "lk", "laki", "laki laki", "laki2", "pria", "m", "male", "man", "cowok"), M),
}
YES: Final = {"ya", "y", "yes", "iya", "setuju", "bersedia", "ok", "oke", "v", "✓", "✔", "√", "true", "1", "sudah"}
NO: Final = {
    "tidak",
    "tdk",
    "t",
    "no",
    "n",
    "belum",
    "blm",
    "tidak setuju",
    "tidak bersedia",
    "false",
    "0",
    "-",
    "menolak",
}
HOWS: Final = {
    **dict.fromkeys(("lisan", "spoken", "ucapan", "verbal", "telepon", "langsung"), ConsentHow.SPOKEN),
    **dict.fromkeys(("kertas", "tertulis", "paper", "formulir", "tanda tangan", "ttd", "surat"), ConsentHow.PAPER),
    **dict.fromkeys(("pesan", "wa", "whatsapp", "message", "sms"), ConsentHow.MESSAGE),
}
RELATIONS: Final = {
    **dict.fromkeys(("sendiri", "own", "pribadi", "milik sendiri", "ybs", "yang bersangkutan"), Relation.OWN),
    **dict.fromkeys(("suami", "istri", "isteri", "suami istri", "spouse", "husband", "wife"), Relation.SPOUSE),
    **dict.fromkeys(("anak", "child", "putra", "putri", "son", "daughter"), Relation.CHILD),
    **dict.fromkeys(("tetangga", "neighbour", "neighbor"), Relation.NEIGHBOUR),
    **dict.fromkeys(
        ("kader", "kontak desa", "village contact", "perangkat desa", "ketua kelompok", "village_contact"),
        Relation.VILLAGE_CONTACT,
    ),
}  # fmt: skip


class WrongPlace(Exception):
    """The row names no place that the list may fill, or more than one; code and value make the sentence."""

    def __init__(self, code: str, value: str = "") -> None:
        """Keep what the sentence needs."""
        super().__init__(code)
        self.code, self.value = code, value


class Places(Protocol):
    """Whatever knows where the people of a list belong."""

    def find(self, village: str, cohort: str) -> tuple[int, int]:
        """Give the ids of village and cohort; what is missing, unknown or ambiguous is a WrongPlace."""


@dataclass
class Cleaned:
    """What a row says, once it is understood; each finding is a column, a code and a value."""

    name: str = ""
    sex: str = ""
    birth_year: int | None = None
    hamlet: str = ""
    craft: str = ""
    phone: str = ""
    relation: str = ""
    consent_how: str = ""
    village_id: int | None = None
    cohort_id: int | None = None
    errors: list[tuple[str, str, str]] = field(default_factory=list)
    repairs: list[tuple[str, str, str]] = field(default_factory=list)

    def wrong(self, column: str, code: str, value: str = "") -> None:
        """Note an error."""
        whole = len(value) <= SHOWN or code in NAMING
        self.errors.append((column, code, value if whole else f"{value[:SHOWN]}…"))

    def repaired(self, column: str, code: str, value: str = "") -> None:
        """Note what was repaired or left out."""
        self.repairs.append((column, code, value))


@dataclass(frozen=True)
class Cleaner:
    """Turns rows of one list into values; `today` tells ages and centuries."""

    fields: Sequence[str]
    places: Places
    today: date
    consent_how: str

    def clean(self, cells: Sequence[str]) -> Cleaned:
        """Read one row; it never fails, it notes."""
        said = {
            name: " ".join(cell.translate(UNSEEN).split())
            for name, cell in zip(self.fields, cells, strict=True)
            if name not in UNREAD
        }
        row = Cleaned()
        for column in _unreadable(said, row):
            said[column] = ""
        _name(said, row)
        _sex(said, row)
        _birth(said, row, self.today)
        for column in ("hamlet", "craft"):
            setattr(row, column, _bounded(column, said.get(column, ""), row))
        _phone(said, row)
        _consent(said, row, self.consent_how)
        self._place(said, row)
        return row

    def _place(self, said: Mapping[str, str], row: Cleaned) -> None:
        try:
            row.village_id, row.cohort_id = self.places.find(said.get("village", ""), said.get("cohort", ""))
        except WrongPlace as wrong:
            row.wrong("cohort" if wrong.code.startswith("cohort") else "village", wrong.code, wrong.value)


def _unreadable(said: Mapping[str, str], row: Cleaned) -> list[str]:
    """Note cells that hold an id, an error of Excel or broken signs; what else they hold is not looked at."""
    found = []
    for column, text in said.items():
        if HIDDEN in text:
            row.wrong(column, "digits")
        elif LOST in text:
            row.wrong(column, "signs", text)
        elif text.startswith("#") and ERRORS_OF_EXCEL.fullmatch(text):
            row.wrong(column, "formula", text)
        else:
            continue
        found.append(column)
    return found


def _bounded(column: str, text: str, row: Cleaned) -> str:
    if len(text) > LIMITS[column]:
        row.wrong(column, "long", text)
        return ""
    return "" if text in ("-", "–") else text


def _name(said: dict[str, str], row: Cleaned) -> None:
    text = said.get("name", "")
    if not text:
        if not any(column == "name" for column, _code, _value in row.errors):
            row.wrong("name", "name_missing")
        return
    words = text.split()
    while len(words) > 1 and words[0].strip(".").lower() in TITLES:
        row.repaired("name", "title_left_out", words.pop(0))
    name = " ".join(words)
    if not any(sign.isalpha() for sign in name):
        row.wrong("name", "name_no_letters", name)
        return
    row.name = _bounded("name", name, row)


def _sex(said: Mapping[str, str], row: Cleaned) -> None:
    text = said.get("sex", "")
    marks = [sex for column, sex in (("female", W), ("male", M)) if said.get(column, "").strip("-–0 ")]
    if len(marks) > 1:
        row.wrong("sex", "sex_both")
    elif text or marks:
        row.sex = marks[0] if marks else SEXES.get(re.sub(r"[^a-z0-9]+", " ", text.lower()).strip(), "")
        if not row.sex:
            row.wrong("sex", "sex_unknown", text)
    elif not any(column == "sex" for column, _code, _value in row.errors):
        _sex_by_title(said.get("name", ""), row)


def _sex_by_title(name: str, row: Cleaned) -> None:
    title, _space, rest = name.partition(" ")
    row.sex = (TITLES | HONOURS).get(title.strip(".").lower(), "") if rest else ""
    if row.sex:
        row.repaired("sex", "sex_by_title", title)
    else:
        row.wrong("sex", "sex_missing")


YEARS: Final[dict[str, Callable[..., int]]] = {
    "birth_date": births.year_of_date,
    "birth_year": births.year_of_year,
    "age": births.year_of_age,
}


def _birth(said: Mapping[str, str], row: Cleaned, today: date) -> None:
    for column, read in YEARS.items():
        text = said.get(column, "")
        if not text or text in ("-", "–") or row.birth_year:
            continue
        try:
            row.birth_year = read(text, today=today)
        except WrongBirth as wrong:
            row.wrong(column, wrong.code, text)
        else:
            if column == "age":
                row.repaired(column, "year_by_age", str(row.birth_year))


def _phone(said: Mapping[str, str], row: Cleaned) -> None:
    text = said.get("phone", "")
    try:
        found = read_phone(text)
    except WrongPhone as wrong:
        row.wrong("phone", wrong.code, text)
        return
    if found is None:
        return
    row.phone = found.number
    row.relation = _chosen("relation", said.get("relation", ""), RELATIONS, row) or Relation.OWN
    if found.repair:
        row.repaired("phone", found.repair, local_phone(found.number))


def _consent(said: Mapping[str, str], row: Cleaned, usual: str) -> None:
    text, how = said.get("consent", "").lower(), _chosen("consent_how", said.get("consent_how", ""), HOWS, row)
    if text in NO:
        row.repaired("consent", "consent_refused")
    elif text in YES:
        row.consent_how = how or usual
    elif text in HOWS:
        row.consent_how = HOWS[text]
    elif text:
        row.wrong("consent", "consent", text)
    elif how and "consent" not in said:
        row.consent_how = how


def _chosen(column: str, text: str, known: Mapping[str, Any], row: Cleaned) -> str:
    """Read one of the known words."""
    word = re.sub(r"[^\w]+", " ", text.lower()).strip()
    if word and word not in known:
        row.wrong(column, column, text)
    return str(known.get(word, ""))
