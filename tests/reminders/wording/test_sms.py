"""The alphabet of text messages: what it has, what is put in place of what it has not, and how parts are counted."""

import pytest

from reminders.wording import sms
from reminders.wording.fitting import cut, cut_names
from reminders.wording.texts import join_names


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Pelatihan “Tenun” – tahap 2…", 'Pelatihan "Tenun" - tahap 2...'),
        ("Désa Sukarará", "Désa Sukarara"),
        ("Łukasz đi × ½", "Lukasz di x 1/2"),
        ("kain 😀 ikat\u200b", "kain  ikat"),
        ("織 Р", "? ?"),
        ("harga €5 [baru]", "harga €5 [baru]"),
        ("09.00\u202f–\u00a011.30", "09.00 - 11.30"),
    ],
)
def test_letters_become_plain(text: str, shown: str) -> None:
    assert sms.plain(text) == shown


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 152, 3),  # the sign does not fit into the first part any more
    ],
)
def test_parts_are_counted_as_they_are_billed(text: str, count: int) -> None:
    assert sms.parts(text) == count


@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [
        ("Balai Desa Sukarara", 19, "Balai Desa Sukarara"),
        ("Balai Desa Sukarara (sebelah masjid)", 30, "Balai Desa Sukarara"),
        ("Balai Desa Sukarara (sebelah masjid)", 24, "Balai Desa Sukarara"),
        ("Pewarnaan Alam untuk Pemula", 20, "Pewarnaan Alam.."),
        ("Pewarnaanalamuntukpemula", 12, "Pewarnaana.."),
    ],
)
def test_words_are_cut_at_their_borders(text: str, limit: int, kept: str) -> None:
    assert cut(text, limit) == kept


def test_names_are_counted_when_there_is_no_room() -> None:
    names = ["Bu Ani", "Bu Siti", "Bu Rini", "Pak Joko"]
    assert cut_names(names, 99, join_names).startswith("Bu Ani, Bu Siti, Bu Rini")
    assert cut_names(names, 18, join_names) == "Bu Ani, Bu Siti +2"
    assert cut_names(names, 5, join_names) == "Bu Ani +3"
