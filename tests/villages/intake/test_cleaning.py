"""What cells say, and in which words they are refused."""

import random
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from common.phones import parse_phone
from common.sheets import Line
from programs.intake.reading import template_headings
from villages.intake.births import WrongBirth, year_of_age, year_of_date
from villages.intake.cleaning import Cleaner
from villages.intake.columns import COLUMNS, chosen, guess, letter
from villages.intake.headings import find_headings
from villages.intake.phones import WrongPhone, read_phone
from villages.intake.secrets import HIDDEN, scrub, scrubbed
from villages.intake.words import SENTENCES, sentence, told

TODAY = date(2026, 10, 1)


class Anywhere:
    """One village for everybody."""

    def find(self, _village: str, _cohort: str) -> tuple[int, int]:
        return 1, 1


@pytest.mark.parametrize(
    "text",
    [
        "081230004567", "81230004567", "6281230004567", "+6281230004567", "0812-3000-4567", "0812 3000 4567",
        "(0812) 3000.4567", "'081230004567", "81230004567.0", "006281230004567", "8.1230004567E+10", "8,1230004567E+10",
        "62 812-3000-4567", "0812\N{ARABIC-INDIC DIGIT THREE}0004567",
    ],
)  # fmt: skip
def test_number_is_read_however_it_was_kept(text: str) -> None:
    found = read_phone(text)
    assert found is not None
    assert found.number == "+6281230004567"


def test_headings_that_want_it_as_on_the_card_are_no_ids() -> None:
    names = ["Nama Lengkap (sesuai KTP)", "Alamat sesuai KTP", "Tempat, Tgl Lahir (KTP)", "NIK", "No. KTP", "KTP"]
    assert guess(names) == ["name", "hamlet", "birth_date", *["national_id"] * 3]


def test_marks_that_nobody_sees_are_left_out() -> None:
    cells = ["\u200bSiti \u202eAminah\u2060", "P\ufeff", "\u202a+62 812-3000-4567\u202c"]
    found = Cleaner(["name", "sex", "phone"], Anywhere(), TODAY, "paper").clean(cells)
    assert (found.name, found.sex, found.phone) == ("Siti Aminah", "female", "+6281230004567")
    assert not found.errors


def test_number_whose_digits_are_all_there_is_written_out() -> None:
    assert read_phone("8.1234567890E+10") == ("+6281234567890", "phone_repaired")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0812", "phone_short"), ("08123456789012345", "phone_long"), ("021 5550 123", "phone_landline"),
        ("8.12E+10", "phone_shortened"), ("8.1234567E+10", "phone_shortened"),
        ("Siti", "phone_signs"), ("0812a3000", "phone_signs"),
    ],
)  # fmt: skip
def test_wrong_number_says_why(text: str, code: str) -> None:
    with pytest.raises(WrongPhone) as wrong:
        read_phone(text)
    assert wrong.value.code == code


def test_two_numbers_in_one_cell_and_none() -> None:
    first = read_phone("0812 3000 4567 / 0813 1111 2222")
    assert first == ("+6281230004567", "phone_first")
    assert read_phone("-") is read_phone("tidak ada") is read_phone("") is None


def test_fast_reading_agrees_with_the_house() -> None:
    dice = random.Random(7)  # noqa: S311
    for _ in range(400):
        digits = f"08{dice.randrange(10 ** dice.randrange(5, 12))}"
        try:
            slow = parse_phone(digits)
        except ValidationError:
            with pytest.raises(WrongPhone):
                read_phone(digits)
        else:
            found = read_phone(digits)
            assert found is not None
            assert found.number == slow


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("1985-05-12", 1985), ("12/5/1985", 1985), ("12-05-85", 1985), ("12 Mei 1985", 1985), ("32874", 1990),
        ("Lamongan, 12-05-1985", 1985), ("1985", 1985), ("1985-05-12 00:00:00", 1985), ("12 Mei 02", 2002),
    ],
)  # fmt: skip
def test_birth_is_read_day_first(text: str, year: int) -> None:
    assert year_of_date(text, today=TODAY) == year


@pytest.mark.parametrize("text", ["05/13/1985", "kemarin", "12/5/1885", "2027", "1", "99999999", "12/5"])
def test_other_births_are_refused(text: str) -> None:
    with pytest.raises(WrongBirth):
        year_of_date(text, today=TODAY)


def test_age_gives_a_year() -> None:
    assert year_of_age("41 th", today=TODAY) == 1985
    for wrong in ("empat", "200", "-4"):
        with pytest.raises(WrongBirth):
            year_of_age(wrong, today=TODAY)


@pytest.mark.parametrize(
    "text",
    ["3524102009780003", "3524 1020 0978 0003", "'3524102009780003", "NIK: 3524.1020.0978.0003", "3,52410200978E+15"],
)
def test_id_is_hidden(text: str) -> None:
    hidden = scrub(text)
    assert HIDDEN in hidden
    assert sum(sign.isdigit() for sign in hidden) == 0


def test_other_numbers_stay_and_columns_of_ids_are_emptied() -> None:
    for text in ("081230004567", "6281230004567890123", "12-05-1985", "Krajan RT 01 RW 02"):
        assert scrub(text) == text
    assert scrubbed(["3524", "Siti", "x"], ["national_id", "name"]) == [HIDDEN, "Siti"]
    assert scrubbed(["", "Siti"], ["national_id", "name", ""]) == ["", "Siti", ""]


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (["No", "Nama Lengkap", "L/P", "Tgl. Lahir"], ["", "name", "sex", "birth_date"]),
        (["Nama Desa", "Nama Peserta", "Jenis Kelamin", "Umur"], ["village", "name", "sex", "age"]),
        (["NO. KTP", "nama", "JK", "No. HP / WA"], ["national_id", "name", "sex", "phone"]),
        (["Nama", "Jenis Kelamin L", "Jenis Kelamin P", "Dusun"], ["name", "male", "female", "hamlet"]),
        (["Name", "Sex", "Year of birth", "Phone", "Hamlet"], ["name", "sex", "birth_year", "phone", "hamlet"]),
        (["Nama", "Tempat, Tanggal Lahir", "Alamat", "Pekerjaan"], ["name", "birth_date", "hamlet", "craft"]),
        (["Nama", "Dusun", "RT/RW", "Angkatan"], ["name", "hamlet", "", "cohort"]),
        (["Nama Ibu", "Nama", "No HP", "No WA"], ["", "name", "phone", ""]),
    ],
)
def test_headings_are_understood(headings: list[str], fields: list[str]) -> None:
    assert guess(headings) == fields


@pytest.mark.parametrize("language", ["id", "en"])
def test_headings_of_the_empty_list_are_all_understood(language: str) -> None:
    with translation.override(language):
        assert guess(template_headings()) == [
            *("name", "sex", "birth_year", "hamlet", "craft", "phone", "relation", "village", "cohort", "consent"),
        ]


def test_list_begins_below_its_title_and_its_two_rows_of_headings() -> None:
    top = [
        Line(1, ["DAFTAR NAMA PESERTA"]),
        Line(3, ["No", "Nama", "Jenis Kelamin", "", "No HP"]),
        Line(4, ["", "", "L", "P", ""]),
        Line(5, ["1", "2", "3", "4", "5"]),
        Line(6, ["1", "Siti", "", "v", "0812"]),
    ]
    found = find_headings(top)
    assert found is not None
    assert found.names == ["No", "Nama", "Jenis Kelamin L", "Jenis Kelamin P", "No HP"]
    assert found.last == 5
    for row in (["", "", "P", "", ""], ["1", "", "", "L", ""], ["", "", "", "", "0812"], ["", "", "", "", "ya"]):
        kept = find_headings([Line(1, ["No", "Nama", "L/P", "Dusun", "No HP"]), Line(2, row)])
        assert kept is not None
        assert kept.last == 1
    assert find_headings([Line(1, ["Siti", "P"]), Line(2, ["Joko", "L"])]) is None


def test_choice_goes_over_the_guess_and_is_checked() -> None:
    headings = ["Nama", "Ket", "HP"]
    assert chosen(headings, {"ket": "craft", "C": "ignore"}) == ["name", "craft", ""]
    for wrong in ({"Z": "craft"}, {"ket": "salary"}, {"ket": "name"}, {"nama": "ignore"}):
        with pytest.raises(ValidationError):
            chosen(headings, wrong)
    assert [letter(index) for index in (0, 25, 26, 701)] == ["A", "Z", "AA", "ZZ"]


def test_sentences_name_row_and_value() -> None:
    with translation.override("en"):
        said = told(7, [sentence("phone_short", "0812")])
    assert said == "Row 7: Mobile number 0812 is too short."
    assert all(sentence(code, "x") for code in SENTENCES)
    assert all(str(words) for words in COLUMNS.values())
