"""What the columns of a list may mean, and how their headings are understood."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

IGNORED: Final = ""
SECRET: Final = "national_id"  # noqa: S105  the name of a column
COLUMNS: Final[dict[str, Promise]] = {
    IGNORED: gettext_lazy("Leave out"),
    "name": gettext_lazy("Name"),
    "sex": gettext_lazy("Sex"),
    "female": gettext_lazy("Woman (a mark in its own column)"),
    "male": gettext_lazy("Man (a mark in its own column)"),
    "birth_date": gettext_lazy("Birth date (only the year is kept)"),
    "birth_year": gettext_lazy("Birth year"),
    "age": gettext_lazy("Age in years"),
    "hamlet": gettext_lazy("Hamlet"),
    "craft": gettext_lazy("Craft"),
    "phone": gettext_lazy("Mobile number"),
    "relation": gettext_lazy("Whose number it is"),
    "village": gettext_lazy("Village"),
    "cohort": gettext_lazy("Cohort"),
    "consent": gettext_lazy("Agreed to messages"),
    "consent_how": gettext_lazy("How they agreed"),
    SECRET: gettext_lazy("NIK or family card (never kept)"),
}
_OTHER_NAMES = (
    "desa|kelurahan|ibu|ayah|suami|istri|orang|usaha|kelompok|dusun|kecamatan|kabupaten|toko|produk|kegiatan|bank|pemilik|"
    "pelatihan|program|merek|brand|kader|pendamping|panggilan|wali|instansi|lembaga"
)
# What a list may want “as on the identity card”; a number of 16 digits below such a heading is hidden all the same.
_OF_A_CARD = "nama|name|alamat|address|lahir|kelamin|dusun|desa|birth"
_CARD = "n ?i ?k|no k ?t ?p|k ?t ?p|e ktp|nomor induk|no induk|no kk|nomor kk|kk|kartu keluarga|national id"
# In the order in which a column is claimed; the first heading that fits has it.
_PATTERNS: Final = (
    (
        SECRET,
        rf"^(?!.*\b({_OF_A_CARD})\b).*\b({_CARD})\b",
    ),
    ("name", rf"^(no )?(nama|name|nm)(?! ({_OTHER_NAMES})\b)|^(full|participant) name|^peserta$"),
    ("relation", r"\b(hubungan|milik|pemilik|relation|whose)\b"),
    ("consent_how", r"^(cara|bukti|bentuk) .*(setuju|persetujuan)|^how\b.*agree"),
    ("consent", r"\b(setuju|persetujuan|bersedia|consent|agreed?)\b"),
    ("phone", r"\b(hp|h p|handphone|hape|wa|whats ?app|telp|tlp|telpon|telepon|ponsel|phone|mobile|kontak|contact)\b"),
    ("birth_year", r"\b(tahun|thn|th) (lahir|kelahiran)\b|\bbirth ?year\b|\byear of birth\b"),
    ("birth_date", r"\b(tgl|tanggal|tg) ?lahir\b|\bttl\b|\blahir\b|\b(birth ?date|date of birth|dob)\b"),
    ("age", r"^(umur|usia|age)\b"),
    ("female", r"(?:\bkelamin|^) ?(p|pr|perempuan|wanita)$"),
    ("male", r"(?:\bkelamin|^) ?(l|lk|laki laki|pria)$"),
    ("sex", r"\b(kelamin|gender|sex|jk|j k|l p|lk pr|p l)\b"),
    ("cohort", r"\b(angkatan|gelombang|cohort|kelas|kelompok|group)\b"),
    ("hamlet", r"\b(dusun|dsn|dukuh|kampung|lingkungan|hamlet)\b"),
    ("village", r"\b(desa|kelurahan|village|ds)\b"),
    ("hamlet", r"\b(alamat|address)\b"),
    ("hamlet", r"\b(rt|rw)\b"),
    ("craft", r"\b(pekerjaan|keahlian|kerajinan|keterampilan|profesi|bidang|jenis usaha|craft|occupation|peran)\b"),
)
PATTERNS: Final = tuple((field, re.compile(pattern)) for field, pattern in _PATTERNS)
MANY_TIMES: Final = {SECRET}
BOUND: Final = {"sex": {"female", "male"}}


def plain(text: str) -> str:
    """Reduce a heading to its words."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.lower()).split())


def guess(headings: Sequence[str]) -> list[str]:
    """Guess the meaning of each heading; each meaning is given once, and what nobody knows is left out."""
    words, fields = [plain(heading) for heading in headings], [IGNORED] * len(headings)
    for field, pattern in PATTERNS:
        for index, word in enumerate(words):
            taken = field in fields and field not in MANY_TIMES
            if fields[index] == IGNORED and not taken and pattern.search(word):
                fields[index] = field
    return _without_lonely_marks(fields)


def _without_lonely_marks(fields: list[str]) -> list[str]:
    """Two columns of marks tell the sex together; one alone, or beside a column that tells it, is left out."""
    paired = {"female", "male"}.issubset(fields) and "sex" not in fields
    return fields if paired else [IGNORED if field in BOUND["sex"] else field for field in fields]


def letter(index: int) -> str:
    """Name a column as spreadsheets do: 0 is A, 26 is AA."""
    return (letter(index // 26 - 1) if index >= 26 else "") + chr(ord("A") + index % 26)  # noqa: PLR2004  letters


def chosen(headings: Sequence[str], wanted: Mapping[str, str]) -> list[str]:
    """Read a choice by heading or letter over the guess; an unknown name or a meaning given twice is refused."""
    fields, places = guess(headings), _places(headings)
    for name, field in wanted.items():
        place = places.get(plain(name), places.get(name.strip().upper()))
        if place is None:
            raise ValidationError(
                _("There is no column “%(name)s” in this list.") % {"name": name[:80]}, code="mapping"
            )
        fields[place] = IGNORED if field == "ignore" else field
    check(fields)
    return fields


def _places(headings: Sequence[str]) -> dict[str, int]:
    by_letter = {letter(index): index for index in range(len(headings))}
    by_name = {plain(heading): index for index, heading in reversed([*enumerate(headings)]) if plain(heading)}
    return by_letter | by_name


def check(fields: Iterable[str]) -> None:
    """Refuse meanings that are unknown, given twice, or without a name among them."""
    listed = [field for field in fields if field != IGNORED]
    if unknown := [field for field in listed if field not in COLUMNS]:
        raise ValidationError(_("“%(name)s” is no meaning of a column.") % {"name": unknown[0][:80]}, code="mapping")
    for field in dict.fromkeys(listed):
        if listed.count(field) > 1 and field not in MANY_TIMES:
            raise ValidationError(
                _("Two columns are “%(name)s”. Choose one of them.") % {"name": COLUMNS[field]}, code="mapping"
            )
    if "name" not in listed:
        raise ValidationError(_("Say which column holds the names."), code="mapping")
