"""Records follow where a person sends them, or stay; both codes keep their history."""

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from almanac.models import CalendarBlock
from common.errors import Refused, RowMoved
from common.models import Event
from exports.models import RegionFigure
from programs.models import Venue
from tests import factories
from tests.villages.regions.lists import AT, LAMONGAN, check, load, moved, without
from villages.models import BusinessUnit, Region, RegionChange, RegionEdition, Village
from villages.regions.deciding import decide_all, decide_change, heir_of
from villages.regions.showing import shown

pytestmark = [pytest.mark.django_db]
RECODED = moved(LAMONGAN, **{"35.24.10": "35.24.28"})
NEW = "35.24.28.2009"


def recode(names: dict[str, str] = RECODED) -> RegionEdition:
    edition = load(names).edition
    assert edition is not None
    return edition


def waiting(code: str = "35.24.10.2009") -> RegionChange:
    return RegionChange.objects.waiting().get(code=code)


def test_recode_takes_along_every_record_of_the_place(settled: Village, admin: User) -> None:
    edition = recode()
    change = waiting()
    assert sorted(each.label for each in change.records.all()) == [
        "programs.venue",
        "villages.businessunit",
        "villages.village",
    ]
    assert heir_of(change) == Region.objects.get(pk=NEW)
    assert decide_change(change, to=Region(pk=NEW), by=admin, at=AT) == 3
    settled.refresh_from_db()
    assert settled.region_id == Venue.objects.get().region_id == BusinessUnit.objects.get().region_id == NEW
    assert (change.state, change.decided_by) == ("moved", admin)
    told = Event.objects.about(settled).get(verb="region_moved")
    assert told.facts == {"before": "35.24.10.2009", "region": NEW, "edition": edition.pk}


def test_coverage_of_the_old_code_ends_and_stays_on_record(settled: Village, admin: User) -> None:
    recode()
    decide_change(waiting(), to=Region(pk=NEW), by=admin, at=AT)
    rows = settled.coverage.order_by("joined_on", "pk").values_list("region_id", "joined_on", "left_on")
    assert [(code, str(joined), str(left)) for code, joined, left in rows] == [
        ("35.24.10.2009", "2024-01-01", "2026-10-01"),
        (NEW, "2026-10-01", "None"),
    ]


def test_recoded_district_takes_blocks_figures_and_observers_along(
    settled: Village, admin: User, observer: User
) -> None:
    recode()
    block = CalendarBlock.objects.get()
    decide_change(waiting("35.24.10"), to=Region(pk="35.24.28"), by=admin, at=AT)
    assert CalendarBlock.objects.get().region_id == RegionFigure.objects.get().region_id == "35.24.28"
    assert CalendarBlock.objects.get().revision == block.revision + 1  # a form opened before is told
    assert [region.pk for region in observer.observed_regions.all()] == ["35.24.28"]


def test_observer_reads_the_villages_of_the_recoded_district_all_the_time(
    settled: Village, admin: User, observer: User
) -> None:
    recode()
    for change in RegionChange.objects.waiting().order_by("-code"):  # the village goes first
        decide_change(change, to=heir_of(change), by=admin, at=AT)
    assert Village.objects.visible_to(observer).get() == settled


def test_observer_of_a_district_that_lives_on_reads_its_part_too(settled: Village, admin: User, observer: User) -> None:
    part = {"35.24.28": "Karang Ikat", "35.24.28.2001": "Parengan", "35.24.28.2002": "Pangkatrejo"}
    recode({**without(LAMONGAN, "35.24.10.2009", "35.24.10.2010"), **part})
    change = waiting("35.24.10")
    watched = change.records.get(label="accounts.user")
    decide_change(change, to=Region(pk="35.24.28"), records=[watched.pk], by=admin, at=AT)
    assert {region.pk for region in observer.observed_regions.all()} == {"35.24.10", "35.24.28"}
    change.refresh_from_db()
    assert change.state == "waiting"  # the block and the figure are still open
    decide_change(change, to=None, by=admin, at=AT)
    assert (change.state, CalendarBlock.objects.get().region_id) == ("moved", "35.24.10")


def test_records_of_a_split_go_to_different_parts(settled: Village, admin: User) -> None:
    recode({**without(LAMONGAN, "35.24.10.2009"), "35.24.10.2011": "Parengan Barat", "35.24.10.2012": "Parengan Timur"})
    change = waiting()
    assert (change.kind, heir_of(change)) == ("split", None)
    venue = change.records.get(label="programs.venue")
    decide_change(change, to=Region(pk="35.24.10.2012"), records=[venue.pk], by=admin, at=AT)
    decide_change(change, to=Region(pk="35.24.10.2011"), by=admin, at=AT)
    settled.refresh_from_db()
    assert (Venue.objects.get().region_id, settled.region_id) == ("35.24.10.2012", "35.24.10.2011")
    assert change.state == "moved"


def test_records_of_a_gone_place_may_stay_where_they_are(settled: Village, admin: User) -> None:
    recode(without(LAMONGAN, "35.24.10.2009"))
    change = waiting()
    assert decide_change(change, to=None, by=admin, at=AT) == 0
    settled.refresh_from_db()
    assert (change.state, settled.region_id, settled.place) == (
        "kept",
        "35.24.10.2009",
        "Parengan, Kec. Maduran, Kab. Lamongan",
    )


def test_codes_that_change_hands_cross_over(settled: Village, admin: User) -> None:
    other = factories.VillageFactory.create(name="Pangkatrejo", region=Region.objects.get(pk="35.24.10.2010"))
    edition = recode({**LAMONGAN, "35.24.10.2009": "Pangkatrejo", "35.24.10.2010": "Parengan"})
    assert decide_all(edition, by=admin, at=AT) == 2
    settled.refresh_from_db()
    other.refresh_from_db()
    assert (settled.region_id, settled.region.name) == ("35.24.10.2010", "Parengan")
    assert (other.region_id, other.region.name) == ("35.24.10.2009", "Pangkatrejo")


def test_village_takes_the_new_name_of_its_seat_when_told_so(settled: Village, admin: User) -> None:
    edition = recode({**LAMONGAN, "35.24.10.2009": "Parengan Baru"})
    assert settled.name == "Parengan"
    assert decide_all(edition, by=admin, at=AT) == 1
    settled.refresh_from_db()
    assert (settled.name, settled.region_id) == ("Parengan Baru", "35.24.10.2009")


def test_village_of_a_name_of_its_own_waits_for_nobody(settled: Village) -> None:
    Village.objects.filter(pk=settled.pk).update(name="Sentra Ikat Parengan")
    recode({**LAMONGAN, "35.24.10.2009": "Parengan Baru"})
    assert not RegionChange.objects.waiting().exists()


def test_everything_with_one_way_goes_in_one_press(settled: Village, admin: User) -> None:
    edition = recode()
    assert decide_all(edition, by=admin, at=AT) == 2
    assert decide_all(edition, by=admin, at=AT) == 0
    assert not RegionChange.objects.waiting().exists()


def test_place_that_was_recoded_twice_leads_to_the_last(settled: Village, admin: User) -> None:
    first = recode()
    recode(moved(RECODED, **{"35.24.28": "35.24.29"}))
    change = first.changes.get(code="35.24.10.2009")
    heir = heir_of(change)
    assert heir == Region.objects.get(pk="35.24.29.2009")
    decide_change(change, to=heir, by=admin, at=AT)
    settled.refresh_from_db()
    assert settled.region_id == "35.24.29.2009"


@pytest.mark.parametrize("code", ["35.24.28", "35.24.10.2010", "35.24.10.2009"])
def test_place_of_another_level_or_gone_itself_is_refused(settled: Village, admin: User, code: str) -> None:
    recode()
    with pytest.raises(ValidationError):
        decide_change(waiting(), to=Region(pk=code), by=admin, at=AT)


def test_decided_change_is_not_decided_again(settled: Village, admin: User) -> None:
    recode()
    change, late = waiting(), waiting()
    decide_change(change, to=None, by=admin, at=AT)
    with pytest.raises(RowMoved):
        decide_change(late, to=Region(pk=NEW), by=admin, at=AT)


def test_list_that_is_not_loaded_is_not_decided_on(settled: Village, admin: User) -> None:
    change = check(RECODED, by=admin).changes.get(code="35.24.10.2009")
    with pytest.raises(Refused):
        decide_change(change, to=None, by=admin, at=AT)


def test_record_that_somebody_moved_before_is_left_there(settled: Village, admin: User) -> None:
    recode()
    elsewhere = Region.objects.get(pk="35.24.11.2001")
    Venue.objects.update(region=elsewhere)
    assert decide_change(waiting(), to=Region(pk=NEW), by=admin, at=AT) == 2
    assert Venue.objects.get().region == elsewhere


def test_two_villages_that_would_share_a_desa_are_refused(settled: Village, admin: User) -> None:
    other = factories.VillageFactory.create(name="Pangean", region=Region.objects.get(pk="35.24.10.2006"))
    other.coverage.update_or_create(region_id="35.24.10.2006", defaults={"joined_on": "2024-01-01"})
    recode(without(LAMONGAN, "35.24.10.2009"))
    with pytest.raises(Refused, match="Pangean"):
        decide_change(waiting(), to=Region(pk="35.24.10.2006"), by=admin, at=AT)


def test_records_are_named_at_the_price_of_one_question_per_kind(
    settled: Village, admin: User, django_assert_num_queries: object
) -> None:
    recode()
    names = {each.kind: each.name for each in shown(waiting(), user=admin)}
    assert set(names.values()) == {"Parengan", "Balai", "Tenun Ikat"}
