"""Lists of other times: a province that nobody knew, codes that changed hands, and nothing new on what is gone."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from common.errors import Refused
from common.zones import Zone
from programs.actions import change_venue, create_venue
from tests import factories
from tests.villages.regions.lists import AT, LAMONGAN, load, moved, source_of_list, without
from villages.actions import register_unit, register_village
from villages.filters import VillageFilter
from villages.models import Region, RegionChange, TouchedRecord, Village
from villages.regions.deciding import decide_all, decide_change
from villages.regions.files import read_content
from villages.regions.loading import CutOff, load_places
from villages.regions.places import judge
from villages.regions.upload import compare_file
from villages.regions.zones import zones_of_new
from villages.states import ProductGroup, UnitKind
from villages.successors import successors

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_force")]
PARENGAN, GUMANTUK = "35.24.10.2009", "35.24.10.2001"
RECODED = moved(LAMONGAN, **{"35.24.10": "35.24.28"})
NUSA = {
    "35": "Jawa Timur",
    "97": "Nusa Baru",
    **{code: name for code, name in moved(LAMONGAN, **{"35.24": "97.01"}).items() if code != "35"},
}
UNHEARD = {**LAMONGAN, "97": "Nusa Baru", "97.01": "Kabupaten Batu", "97.01.01": "Batu", "97.01.01.2001": "Satu"}


def content(names: dict[str, str]) -> bytes:
    return "".join(f"{code},{name}\n" for code, name in names.items()).encode()


def swapped() -> dict[str, str]:
    return {**LAMONGAN, PARENGAN: LAMONGAN[GUMANTUK], GUMANTUK: LAMONGAN[PARENGAN]}


def test_new_province_takes_the_zone_of_where_it_came_from(admin: User) -> None:
    edition = compare_file(content=content(NUSA), file_name="list.csv", by=admin, at=AT)
    assert (edition.recoded, edition.gone) == (9, 9)
    assert set(edition.changes.filter(code__startswith="97").values_list("zone", flat=True)) == {Zone.WIB}


def test_new_province_from_nowhere_is_refused_once_at_its_line(admin: User) -> None:
    with pytest.raises(ValidationError) as refusal:
        compare_file(content=content(UNHEARD), file_name="list.csv", by=admin, at=AT)
    (sentence,) = refusal.value.messages
    assert sentence.startswith(("Line 11", "Baris 11"))
    edition = compare_file(content=content(UNHEARD), file_name="list.csv", by=admin, at=AT, zone=Zone.WIT)
    assert edition.changes.get(code="97.01.01.2001").zone == Zone.WIT


def test_province_that_was_loaded_keeps_its_zone() -> None:
    Region.objects.create(code="97", name="Nusa Baru", level=1, kind="province", zone=Zone.WIB)
    Region.objects.filter(pk="97").update(zone=Zone.WIT)
    reading = read_content(content(UNHEARD), file_name="list.csv")
    assert zones_of_new(reading) == {"97": Zone.WIT}
    assert zones_of_new(reading, said=Zone.WITA) == {"97": Zone.WITA}


def test_code_of_no_province_stays_a_slip(admin: User) -> None:
    slip = content({**LAMONGAN, "97.24.10.2009": "Parengan"})
    with pytest.raises(ValidationError, match="97"):
        compare_file(content=slip, file_name="list.csv", by=admin, at=AT, zone=Zone.WIT)


def test_command_takes_the_zone_of_a_new_province(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content(UNHEARD))
    with pytest.raises(CommandError, match="line 11: the province 97 Nusa Baru is new"):
        call_command("load_regions", path, stdout=StringIO(), verbosity=0)
    assert not Region.objects.filter(pk="97").exists()
    call_command("load_regions", path, zone="WITA", stdout=StringIO(), verbosity=0)
    assert Region.objects.get(pk="97.01.01.2001").zone == Zone.WITA


@pytest.mark.parametrize(
    "name", ["Par\ufffdngan", "Par\u00c3\u00a9ngan", "Parengan\u00e2\u20ac\u2122", "Par?ngan", "Paren&#39;gan"]
)
def test_garbled_name_is_refused_by_line(name: str) -> None:
    reading = read_content(content({**LAMONGAN, PARENGAN: name}), file_name="list.csv")
    judge(reading)
    assert [(each.line, "garbled" in each.sentence) for each in reading.troubles] == [(6, True)]


@pytest.mark.parametrize("name", ["Ba'u", "Pos\u00e9", "Dara\u2019", "D & C"])
def test_name_with_signs_of_its_own_is_sound(name: str) -> None:
    reading = read_content(content({**LAMONGAN, PARENGAN: name}), file_name="list.csv")
    judge(reading)
    assert not reading.troubles


def test_apostrophe_in_a_note_hides_no_rows() -> None:
    text = "CREATE TABLE wilayah (kode int, -- it's\n nama text);\n"
    text += "INSERT INTO wilayah VALUES ('35','Jawa Timur');\n-- it's\n"
    assert [row.code for row in read_content(text.encode(), file_name="wilayah.sql").rows] == ["35"]


def test_statement_that_writes_otherwise_is_not_passed_over() -> None:
    text = b"INSERT INTO wilayah SELECT * FROM other;\nREPLACE INTO wilayah VALUES ('35','Jawa Timur');\n"
    reading = read_content(text, file_name="wilayah.sql")
    assert ([each.line for each in reading.troubles], [row.code for row in reading.rows]) == ([1], ["35"])


def test_file_that_ends_between_two_lines_is_cut_off() -> None:
    short = without(LAMONGAN, "35.24.11", "35.24.11.2001", "35.24.11.2002")
    with pytest.raises(CutOff):
        load_places(judge(read_content(content(short), file_name="list.csv")), source=source_of_list(short), at=AT)
    assert not Region.objects.filter(gone=True).exists()


def test_place_whose_code_another_one_took_is_gone(settled: Village, admin: User) -> None:
    taken = {**without(LAMONGAN, GUMANTUK), PARENGAN: LAMONGAN[GUMANTUK]}
    edition = load(taken).edition
    assert edition is not None
    change = edition.changes.get(code=PARENGAN, kind="gone")
    assert (change.leaves, change.state, change.records.count()) == (False, "waiting", 3)
    assert decide_change(change, to=Region.objects.get(pk="35.24.10.2006"), by=admin, at=AT) == 3
    assert list(settled.coverage.filter(left_on=None).values_list("region", flat=True)) == ["35.24.10.2006"]


def test_villages_on_swapped_codes_change_places_in_one_go(settled: Village, admin: User) -> None:
    other = register_village(
        name="Gumantuk", region=Region.objects.get(pk=GUMANTUK), commodity="Tenun", by=admin, at=AT
    )
    edition = load(swapped()).edition
    assert edition is not None
    decide_all(edition, by=admin, at=AT)
    assert not edition.changes.waiting().exists()
    for village, code in ((settled, GUMANTUK), (other, PARENGAN)):
        village.refresh_from_db()
        assert village.region_id == code
        assert list(village.coverage.filter(left_on=None).values_list("region", flat=True)) == [code]


def test_place_that_another_village_covers_is_named_and_holds_up_nothing_else(settled: Village, admin: User) -> None:
    edition = load(RECODED).edition
    assert edition is not None
    new = Region.objects.get(pk="35.24.28.2009")
    register_village(name="Pendatang", region=new, commodity="Tenun", by=admin, at=AT)
    with pytest.raises(Refused, match="Pendatang"):
        decide_change(edition.changes.get(code=PARENGAN), to=new, by=admin, at=AT)
    assert decide_all(edition, by=admin, at=AT) == 1
    assert [each.code for each in edition.changes.waiting()] == [PARENGAN]


def test_swap_that_an_older_list_undoes_is_asked_of_nobody(settled: Village, admin: User) -> None:
    load(swapped())
    assert RegionChange.objects.waiting().filter(code=PARENGAN).exists()
    load(LAMONGAN, at=AT + timedelta(hours=1))
    assert not RegionChange.objects.waiting().exists()
    assert not TouchedRecord.objects.filter(change__edition__name="", label="villages.village").exists()
    assert RegionChange.objects.filter(state="lapsed", code=PARENGAN).exists()


def test_rename_that_was_undone_is_asked_of_nobody(settled: Village, admin: User) -> None:
    Village.objects.filter(pk=settled.pk).update(name="Parengan")
    load({**LAMONGAN, PARENGAN: "Parengan Jaya"})
    assert RegionChange.objects.waiting().get().kind == "renamed"
    load(LAMONGAN, at=AT + timedelta(hours=1))
    assert not RegionChange.objects.waiting().exists()


def test_nothing_new_is_put_on_a_place_that_is_gone(settled: Village, sari: User) -> None:
    venue = factories.VenueFactory.create(region=Region.objects.get(pk="35.24.11"))
    load(RECODED)
    gone = Region.objects.get(pk=PARENGAN)
    with pytest.raises(ValidationError, match=r"35\.24\.28\.2009"):
        register_village(name="Baru", region=gone, commodity="Tenun", by=sari, at=AT)
    with pytest.raises(ValidationError, match=r"35\.24\.28\.2009"):
        create_venue(name="Balai", region=gone, by=sari, at=AT)
    with pytest.raises(ValidationError, match=r"35\.24\.28\.2009"):
        change_venue(venue, region=gone, by=sari, at=AT)
    unit: dict[str, Any] = {
        "name": "Tenun",
        "kind": UnitKind.EXPORTER,
        "product_group": ProductGroup.TEXTILE,
        "by": sari,
        "at": AT,
    }
    with pytest.raises(ValidationError, match=r"35\.24\.28\.2009"):
        register_unit(village=None, region=gone, **unit)


def test_unit_written_down_while_its_village_waits_follows_the_village(settled: Village, admin: User) -> None:
    edition = load(RECODED).edition
    assert edition is not None
    given: dict[str, Any] = {"kind": UnitKind.HOUSEHOLD, "product_group": ProductGroup.TEXTILE, "by": admin}
    unit = register_unit(village=settled, name="Tenun Lusi", at=AT + timedelta(hours=1), **given)
    decide_all(edition, by=admin, at=AT + timedelta(hours=2))
    unit.refresh_from_db()
    assert unit.region_id == "35.24.28.2009"


def test_page_of_a_new_village_offers_no_place_that_is_gone(client: Client, sari: User) -> None:
    load(without(LAMONGAN, PARENGAN))
    client.force_login(sari)
    answer = client.get("/villages/new/", {"region": PARENGAN})
    assert answer.context["place"] is None
    answer = client.post("/villages/new/", {"region": PARENGAN, "name": "Parengan", "commodity": "Tenun"})
    assert answer.status_code == 400
    assert "region" in answer.context["form"].errors


def test_old_code_finds_what_moved_to_the_new_one(settled: Village, admin: User) -> None:
    edition = load(RECODED).edition
    assert edition is not None
    for code in ("35.24.10", PARENGAN):
        assert VillageFilter({"region": code}, queryset=Village.objects.all()).qs.get() == settled  # not moved yet
    decide_all(edition, by=admin, at=AT)
    for code in ("35.24.10", PARENGAN, "35.24.28"):
        assert VillageFilter({"region": code}, queryset=Village.objects.all()).qs.get() == settled


def test_successors_leave_out_the_rest_of_what_is_larger() -> None:
    joined = moved(
        without(LAMONGAN, "35.24.11"), **{"35.24.11.2001": "35.24.10.2011", "35.24.11.2002": "35.24.10.2012"}
    )
    load(joined)
    assert successors("35.24.11") == ["35.24.10.2011", "35.24.10.2012"]
    assert successors("35.24.10") == ["35.24.10"]
    load(moved(joined, **{"35.24.10": "35.24.30"}), at=AT + timedelta(hours=1))
    assert successors("35.24.11.2001") == ["35.24.30.2011"]
    assert successors("35.99") == []
