"""Judging a list of places: kinds, zones, names; duplicates, orphans and look-alikes by line."""

import pytest

from common.zones import Zone
from villages.regions.places import judge
from villages.regions.rows import Reading, Row
from villages.states import RegionKind

CHAIN = [("35", "Jawa Timur"), ("35.24", "Kabupaten Lamongan"), ("35.24.10", "Maduran"), ("35.24.10.2009", "Parengan")]


def reading_of(*rows: tuple[str, str]) -> Reading:
    return Reading(rows=[Row(line, code, name) for line, (code, name) in enumerate(rows, start=1)])


@pytest.mark.parametrize(
    ("code", "name", "shown", "kind"),
    [
        ("31.71", "Kota Administrasi Jakarta Pusat", "Jakarta Pusat", RegionKind.CITY),
        ("31.01", "Kabupaten Administrasi Kepulauan Seribu", "Kepulauan Seribu", RegionKind.REGENCY),
        ("35.24", "Kabupaten Lamongan", "Lamongan", RegionKind.REGENCY),
        ("35.24", "Kab. Lamongan", "Lamongan", RegionKind.REGENCY),
        ("35.73", "Kota Malang", "Malang", RegionKind.CITY),
        ("35.73", "Malang", "Malang", RegionKind.CITY),
        ("63.02", "Kotabaru", "Kotabaru", RegionKind.REGENCY),
        ("35.24.10", "Maduran", "Maduran", RegionKind.DISTRICT),
        ("35.24.22.1001", "Sukorejo", "Sukorejo", RegionKind.WARD),
        ("35.24.10.2009", "Parengan", "Parengan", RegionKind.VILLAGE),
        ("91.03.01.3007", "Desa Adat Yoboi", "Desa Adat Yoboi", RegionKind.CUSTOMARY),
    ],
)
def test_place_is_named_and_kept_by_kind(code: str, name: str, shown: str, kind: str) -> None:
    reading = reading_of((code, name))
    (place,) = judge(reading, partial=True)
    assert (place.name, place.kind, reading.troubles) == (shown, kind, [])


@pytest.mark.parametrize(
    ("code", "zone"),
    [("35", Zone.WIB), ("61", Zone.WIB_PONTIANAK), ("52", Zone.WITA), ("91", Zone.WIT), ("96", Zone.WIT)],
)
def test_zone_comes_from_the_province(code: str, zone: str) -> None:
    (place,) = judge(reading_of((code, "Provinsi")))
    assert place.zone == zone


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("35.1", "35.10 is meant"),
        ("3524102009", "is a number"),
        ("35,24", "is a number"),
        ("3.5E+01", "is a number"),
        ("35.24.1", "unknown"),
        ("35.24.10.209", "unknown"),
        ("35.24.10.2009.1", "unknown"),
        ("99", "no province is 99"),
        ("35.00", "number 00"),
        ("35.24.10.4001", "begins with 1"),
        ("", "unknown"),
        (" 35", "unknown"),
        ("٣٥", "unknown"),
    ],
)
def test_code_of_no_known_shape_is_refused(code: str, word: str) -> None:
    reading = reading_of((code, "Tempat"))
    assert judge(reading) == []
    assert word in reading.troubles[0].sentence


@pytest.mark.parametrize("name", ["", "12", "  ", "Pa\trengan", "x" * 101])
def test_name_that_is_none_is_refused(name: str) -> None:
    reading = reading_of(("35", name))
    judge(reading)
    assert reading.troubles[0].sentence.startswith("the name of 35")


def test_city_number_with_a_regency_name_is_refused() -> None:
    reading = reading_of(("35", "Jawa Timur"), ("35.73", "Kabupaten Malang"))
    judge(reading)
    assert "disagree" in str(reading.troubles[0])


def test_duplicate_names_both_lines() -> None:
    reading = reading_of(*CHAIN, ("35.24", "Lamongan"))
    judge(reading)
    assert [str(trouble) for trouble in reading.troubles] == ["line 5: the code 35.24 stands on line 2 already"]


def test_orphan_is_refused_unless_the_file_is_a_part() -> None:
    reading = reading_of(*CHAIN[:2], CHAIN[3])
    judge(reading)
    assert "line 3: 35.24.10.2009 is an orphan" in str(reading.troubles[0])
    assert judge(reading_of(CHAIN[3]), partial=True)


def test_order_of_rows_does_not_matter() -> None:
    reading = reading_of(*reversed(CHAIN))
    assert len(judge(reading)) == 4
    assert reading.troubles == []


def test_empty_file_is_refused() -> None:
    reading = reading_of()
    judge(reading)
    assert "no row" in str(reading.troubles[0])
