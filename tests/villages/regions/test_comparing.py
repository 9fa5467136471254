"""Where places went: every way in which a list changes, and the same read backwards."""

import time

import pytest

from tests.villages.regions.lists import LAMONGAN, diff, moved, without
from tests.villages.test_load_regions import WHOLE
from villages.regions.comparing import Diff, Stored, compare
from villages.regions.places import Place, judge
from villages.regions.rows import Reading, Row
from villages.regions.sql_file import read_sql
from villages.states import ChangeKind

PAPUA = {
    "91": "Papua",
    "91.01": "Merauke",
    "91.01.01": "Merauke",
    "91.01.01.1001": "Mandala",
    "91.01.01.1002": "Maro",
    "91.01.02": "Muting",
    "91.01.02.2001": "Muting",
    "91.03": "Jayapura",
    "91.03.01": "Sentani",
    "91.03.01.2001": "Sereh",
    "91.71": "Kota Jayapura",
    "91.71.01": "Abepura",
    "91.71.01.1001": "Awiyo",
}
SOUTH = {"93": "Papua Selatan", **moved(PAPUA, **{"91.01": "93.01"})}


def told(found: Diff) -> dict[tuple[str, str], tuple[str, ...]]:
    """Say code and kind with where it went; what came is told by where it went from."""
    kinds = {ChangeKind.ADDED, ChangeKind.BACK}
    return {
        (change.place.code, str(change.kind)): change.counterparts
        for change in found.changes
        if change.kind not in kinds or not change.counterparts
    }


def test_same_list_changes_nothing() -> None:
    found = diff(LAMONGAN, LAMONGAN)
    assert (found.changes, found.unchanged) == ((), len(LAMONGAN))


def test_added_gone_and_renamed_are_told_by_code() -> None:
    after = {**without(LAMONGAN, "35.24.11.2002"), "35.24.10.2009": "Parengan Baru", "35.24.10.2020": "Wonorejo"}
    found = diff(LAMONGAN, after)
    assert told(found) == {
        ("35.24.10.2009", "renamed"): (),
        ("35.24.10.2020", "added"): (),
        ("35.24.11.2002", "gone"): (),
    }
    assert (found.gone, found.renames) == (1, (("35.24.10.2009", "Parengan", "Parengan Baru"),))


def test_district_with_another_code_takes_its_villages_along() -> None:
    found = diff(LAMONGAN, moved(LAMONGAN, **{"35.24.10": "35.24.28"}))
    assert told(found) == {
        ("35.24.10", "recoded"): ("35.24.28",),
        ("35.24.10.2001", "recoded"): ("35.24.28.2001",),
        ("35.24.10.2006", "recoded"): ("35.24.28.2006",),
        ("35.24.10.2009", "recoded"): ("35.24.28.2009",),
        ("35.24.10.2010", "recoded"): ("35.24.28.2010",),
    }
    assert (found.gone, found.lost, found.count(ChangeKind.ADDED)) == (5, 0, 5)


def test_district_that_splits_keeps_some_villages_and_gives_others_new_codes() -> None:
    after = {
        **without(LAMONGAN, "35.24.10.2009", "35.24.10.2010"),
        "35.24.28": "Karang Ikat",
        "35.24.28.2001": "Parengan",
        "35.24.28.2002": "Pangkatrejo",
    }
    assert told(diff(LAMONGAN, after)) == {
        ("35.24.10", "split"): ("35.24.28",),
        ("35.24.10.2009", "recoded"): ("35.24.28.2001",),
        ("35.24.10.2010", "recoded"): ("35.24.28.2002",),
    }
    assert told(diff(after, LAMONGAN)) == {  # the older list undoes it
        ("35.24.28", "merged"): ("35.24.10",),
        ("35.24.28.2001", "recoded"): ("35.24.10.2009",),
        ("35.24.28.2002", "recoded"): ("35.24.10.2010",),
    }


def test_regency_that_goes_to_a_new_province_is_followed_down_to_its_villages() -> None:
    found = told(diff(PAPUA, SOUTH))
    assert found["91.01", "recoded"] == ("93.01",)
    assert found["91.01.01", "recoded"] == ("93.01.01",)
    assert found["91.01.02.2001", "recoded"] == ("93.01.02.2001",)
    assert found["91", "split"] == ("93",)
    assert not [code for code, kind in found if kind == "gone"]


def test_older_list_brings_the_regency_back_to_its_old_province() -> None:
    found = told(diff(SOUTH, PAPUA))
    assert found["93.01", "recoded"] == ("91.01",)
    assert found["93", "merged"] == ("91",)
    assert found["93.01.01.1001", "recoded"] == ("91.01.01.1001",)


def test_district_of_another_name_and_code_is_known_by_its_villages() -> None:
    after = {**moved(LAMONGAN, **{"35.24.10": "35.24.28"}), "35.24.28": "Maduran Raya"}
    found = told(diff(LAMONGAN, after))
    assert found["35.24.10", "recoded"] == ("35.24.28",)
    assert found["35.24.10.2009", "recoded"] == ("35.24.28.2009",)


def test_village_that_is_also_renamed_is_known_by_its_number_in_the_recoded_district() -> None:
    after = {**moved(LAMONGAN, **{"35.24.10": "35.24.28"}), "35.24.28.2009": "Tenun Jaya"}
    assert told(diff(LAMONGAN, after))["35.24.10.2009", "recoded"] == ("35.24.28.2009",)


def test_village_that_becomes_a_ward_is_recoded() -> None:
    after = {**without(LAMONGAN, "35.24.10.2009"), "35.24.10.1001": "Parengan"}
    assert told(diff(LAMONGAN, after)) == {("35.24.10.2009", "recoded"): ("35.24.10.1001",)}


def test_village_that_changes_its_district_is_recoded() -> None:
    after = {**without(LAMONGAN, "35.24.10.2009"), "35.24.11.2003": "PARENGAN"}
    assert told(diff(LAMONGAN, after)) == {("35.24.10.2009", "recoded"): ("35.24.11.2003",)}


def test_codes_that_change_hands_are_two_recodes() -> None:
    after = {**LAMONGAN, "35.24.10.2009": "Pangkatrejo", "35.24.10.2010": "Parengan"}
    found = diff(LAMONGAN, after)
    assert told(found) == {
        ("35.24.10.2009", "recoded"): ("35.24.10.2010",),
        ("35.24.10.2009", "renamed"): (),
        ("35.24.10.2010", "recoded"): ("35.24.10.2009",),
        ("35.24.10.2010", "renamed"): (),
    }
    assert (found.gone, found.count(ChangeKind.ADDED)) == (0, 0)


def test_number_that_passes_on_down_a_district_is_followed() -> None:
    after = {
        **without(LAMONGAN, "35.24.10.2010"),
        "35.24.10.2006": "Parengan",
        "35.24.10.2009": "Pangkatrejo",
    }
    found = told(diff(LAMONGAN, after))
    assert found["35.24.10.2010", "recoded"] == ("35.24.10.2009",)
    assert found["35.24.10.2009", "recoded"] == ("35.24.10.2006",)
    assert ("35.24.10.2006", "recoded") not in found


def test_village_split_in_two_and_joined_again() -> None:
    after = {
        **without(LAMONGAN, "35.24.10.2009"),
        "35.24.10.2011": "Parengan Barat",
        "35.24.10.2012": "Parengan Timur",
    }
    assert told(diff(LAMONGAN, after)) == {("35.24.10.2009", "split"): ("35.24.10.2011", "35.24.10.2012")}
    assert told(diff(after, LAMONGAN)) == {
        ("35.24.10.2011", "merged"): ("35.24.10.2009",),
        ("35.24.10.2012", "merged"): ("35.24.10.2009",),
    }


def test_village_that_stays_beside_a_part_that_left_it() -> None:
    after = {**LAMONGAN, "35.24.10.2011": "Parengan Timur"}
    found = diff(LAMONGAN, after)
    assert told(found) == {("35.24.10.2009", "split"): ("35.24.10.2011",)}
    assert found.gone == 0


def test_new_name_that_only_begins_alike_is_no_part() -> None:
    after = {**LAMONGAN, "35.24.10.2011": "Parengan Sejahtera"}
    assert told(diff(LAMONGAN, after)) == {("35.24.10.2011", "added"): ()}


def test_two_districts_become_one() -> None:
    after = {code: name for code, name in LAMONGAN.items() if not code.startswith(("35.24.10", "35.24.11"))} | {
        "35.24.30": "Bengawan"
    }
    villages = [name for code, name in LAMONGAN.items() if len(code) == 13]
    after |= {f"35.24.30.20{number:02}": name for number, name in enumerate(villages, start=1)}
    found = told(diff(LAMONGAN, after))
    assert found["35.24.10", "merged"] == found["35.24.11", "merged"] == ("35.24.30",)
    assert found["35.24.11.2001", "recoded"] == ("35.24.30.2005",)


def test_namesakes_that_cannot_be_told_apart_stay_open() -> None:
    before = {**LAMONGAN, "35.24.11.2009": "Sidomulyo", "35.24.10.2019": "Sidomulyo"}
    after = {**LAMONGAN, "35.24.10.2021": "Sidomulyo", "35.24.11.2023": "Sidomulyo"}
    found = told(diff(before, after))
    assert found["35.24.11.2009", "recoded"] == ("35.24.11.2023",)  # each within its own district
    twice = {
        **without(LAMONGAN, "35.24.10"),
        "35.24.10": "Maduran",
        "35.24.10.2031": "Sidomulyo",
        "35.24.10.2032": "Sidomulyo",
    }
    again = {**LAMONGAN, "35.24.10.2041": "Sidomulyo", "35.24.10.2042": "Sidomulyo"}
    assert {kind for _code, kind in told(diff(twice, again))} == {"gone", "added"}


def test_city_and_regency_of_one_name_are_told_apart() -> None:
    after = moved(PAPUA, **{"91.03": "91.04", "91.71": "91.72"})
    found = told(diff(PAPUA, after))
    assert (found["91.03", "recoded"], found["91.71", "recoded"]) == (("91.04",), ("91.72",))


def test_part_of_the_list_lets_nothing_go() -> None:
    found = diff(LAMONGAN, {"35.24.10.2009": "Parengan Baru"}, partial=True)
    assert (told(found), found.gone) == ({("35.24.10.2009", "renamed"): ()}, 0)


def test_spelling_is_a_new_name_and_no_new_place() -> None:
    before = {**LAMONGAN, "35.24.10.2015": "Ba'u"}
    found = diff(before, {**LAMONGAN, "35.24.10.2015": "Bau"})
    assert told(found) == {("35.24.10.2015", "renamed"): ()}


@pytest.mark.skipif(not WHOLE.exists(), reason=f"not part of the repository: {WHOLE.name}")
def test_whole_country_read_backwards_over_the_reform_of_papua() -> None:
    """A list of before 2022, made from today's: four provinces fewer, 22 regencies elsewhere."""
    places = {place.code: place for place in judge(read_sql(WHOLE.read_text()))}
    names = {code: place.name for code, place in places.items()}
    homes = {"93": "91", "94": "91", "95": "91", "96": "92"}
    regencies = sorted(code for code in names if len(code) == 5 and code[:2] in homes)
    codes = {
        code: f"{homes[code[:2]]}.{50 + number if code[3] < '7' else 85 + number % 10}"
        for number, code in enumerate(regencies)
    }
    older = moved({code: name for code, name in names.items() if code not in homes}, **codes)
    stored = {code: Stored(place.name, place.kind, str(place.zone), gone=False) for code, place in places.items()}
    listed = {place.code: place for place in _judged(older)}
    started = time.monotonic()
    found = compare(stored, listed)
    assert time.monotonic() - started < 5
    assert found.lost == 0
    assert {
        change.place.code: change.counterparts[0]
        for change in found.changes
        if change.kind == ChangeKind.RECODED and len(change.place.code) == 5
    } == codes
    assert {change.place.code: change.counterparts for change in found.changes if change.place.code in homes} == {
        code: (home,) for code, home in homes.items()
    }
    wrong = [
        change
        for change in found.changes
        if change.leaves
        and len(change.place.code) > 5
        and change.counterparts != (codes[change.place.code[:5]] + change.place.code[5:],)
    ]
    assert not wrong


def _judged(names: dict[str, str]) -> list[Place]:
    reading = Reading(rows=[Row(line, code, name) for line, (code, name) in enumerate(names.items(), start=1)])
    places = judge(reading)
    assert not reading.troubles, reading.troubles[:5]
    return places
