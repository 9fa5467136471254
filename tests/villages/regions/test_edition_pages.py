"""Pages of the list of places: each one works, is an administrator's only, and refuses with a sentence."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests import factories
from tests.villages.regions.lists import LAMONGAN, check, load, moved, without
from villages.models import Region, RegionChange, RegionEdition, Village

pytestmark = pytest.mark.django_db
RECODED = moved(LAMONGAN, **{"35.24.10": "35.24.28"})


def csv_of(names: dict[str, str]) -> SimpleUploadedFile:
    text = "code,name\n" + "".join(f"{code},{name}\n" for code, name in names.items())
    return SimpleUploadedFile("list.csv", text.encode())


def words(answer: object) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())  # type: ignore[attr-defined]


@pytest.fixture
def desk(reader: Client, admin: User) -> Client:
    reader.force_login(admin)
    return reader


@pytest.fixture
def edition(settled: Village) -> RegionEdition:
    found = load(RECODED, name="Kepmendagri 2027").edition
    assert found is not None
    return found


def test_everyone_else_is_kept_out(client: Client, edition: RegionEdition, sari: User, made: User, joko: User) -> None:
    change = RegionChange.objects.waiting()[0]
    pages = ["", "new/", f"{edition.pk}/"]
    for user in (sari, made, joko):
        client.force_login(user)
        for page in pages:
            assert client.get(f"/regions/editions/{page}").status_code == 403
        for verb in ("load", "dismiss", "follow"):
            assert client.post(f"/regions/editions/{edition.pk}/{verb}/").status_code == 403
        assert client.get(f"/regions/changes/{change.pk}/").status_code == 403


def test_unknown_edition_and_change_are_not_there(desk: Client) -> None:
    assert desk.get("/regions/editions/99/").status_code == 404
    assert desk.get("/regions/changes/99/").status_code == 404


def test_list_is_brought_compared_and_loaded(desk: Client, settled: Village) -> None:
    answer = desk.post("/regions/editions/new/", {"file": csv_of(RECODED), "name": "Kepmendagri 2027"})
    address = answer["Location"]
    page = words(desk.get(address))
    assert "Nothing has changed yet. 2 changes touch records." in page
    assert not Region.objects.filter(gone=True).exists()
    assert desk.post(f"{address}load/").status_code == 302
    page = words(desk.get(address))
    assert "2 changes touch records and wait for your decision." in page
    assert "In force: Kepmendagri 2027" in words(desk.get("/regions/editions/"))


def test_list_is_put_aside(desk: Client, settled: Village, admin: User) -> None:
    edition = check(RECODED, by=admin)
    assert desk.post(f"/regions/editions/{edition.pk}/dismiss/").status_code == 302
    assert desk.post(f"/regions/editions/{edition.pk}/load/").status_code == 409
    assert not Region.objects.filter(gone=True).exists()


def test_overtaken_list_is_refused_with_a_sentence(desk: Client, settled: Village, admin: User) -> None:
    edition = check(RECODED, by=admin)
    load(without(LAMONGAN, "35.24.11.2002"))
    answer = desk.post(f"/regions/editions/{edition.pk}/load/")
    assert answer.status_code == 409
    assert "Another list was loaded meanwhile" in words(answer)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("35,Jawa Timur\n35.1,Kabupaten\n", "Line 2: the code 35.1 is a number that lost its last digit"),
        ("35,Jawa Timur\n35.24,Lamongan", "Line 2: the last line has no end"),
        ("", "there is no row of a code and a name"),
        ("x,y\n" * 30, "and 10 more lines"),
        ("51,Bali\n", "It has nothing of the provinces 35."),
    ],
)
def test_file_that_is_wrong_is_refused_by_line(desk: Client, in_force: None, text: str, sentence: str) -> None:
    file = SimpleUploadedFile("list.csv", text.encode() or b"\n")
    answer = desk.post("/regions/editions/new/", {"file": file, "name": "Kepmendagri 2027"})
    assert answer.status_code == 400
    assert sentence in words(answer)
    assert "Kepmendagri 2027" in words(answer)  # nothing typed is lost
    assert RegionEdition.objects.count() == 1


def test_wrong_lines_are_told_in_indonesian_too(client: Client, in_force: None, admin: User) -> None:
    client.force_login(admin)
    file = SimpleUploadedFile("list.csv", b"35,Jawa Timur\n35.1,Kabupaten\n")
    assert "Baris 2: kode 35.1" in words(client.post("/regions/editions/new/", {"file": file}))


def test_list_in_force_is_refused_with_a_sentence(desk: Client, admin: User) -> None:
    desk.post("/regions/editions/new/", {"file": csv_of(LAMONGAN)})
    first = RegionEdition.objects.get()
    desk.post(f"/regions/editions/{first.pk}/load/")
    answer = desk.post("/regions/editions/new/", {"file": csv_of(LAMONGAN)})
    assert answer.status_code == 409
    assert "in force already" in words(answer)


def test_cut_off_file_must_be_believed(desk: Client) -> None:
    load({"35": "Jawa Timur", **{f"35.{n:02}": f"Kabupaten {n}" for n in range(1, 60)}} | _villages())
    short = {"35": "Jawa Timur"}
    assert "it is cut off" in words(desk.post("/regions/editions/new/", {"file": csv_of(short)}))
    answer = desk.post("/regions/editions/new/", {"file": csv_of(short), "accept_gone": "on"})
    assert answer.status_code == 302


def _villages() -> dict[str, str]:
    districts = {f"35.01.{n:02}": f"Kecamatan {n}" for n in range(1, 10)}
    desa = {f"{district}.{2000 + n}": f"Desa {district} {n}" for district in districts for n in range(1, 60)}
    return {**districts, **desa}


def test_changes_are_filtered_by_kind_and_records(desk: Client, edition: RegionEdition) -> None:
    address = f"/regions/editions/{edition.pk}/"
    assert "Pangkatrejo" in words(desk.get(f"{address}?kind=recoded"))
    waiting = words(desk.get(f"{address}?state=waiting"))
    assert "Parengan" in waiting
    assert "Pangkatrejo" not in waiting
    assert "Pangkatrejo" not in words(desk.get(f"{address}?touched=true"))
    assert "No change is like this" in words(desk.get(f"{address}?kind=merged"))
    assert desk.get(f"{address}?kind=nonsense").status_code == 400


def test_change_of_a_compared_file_says_that_it_is_only_compared(desk: Client, settled: Village) -> None:
    compared = check(RECODED)
    change = RegionChange.objects.filter(edition=compared).get(code="35.24.10.2009")
    shown = words(desk.get(f"/regions/changes/{change.pk}/"))
    assert "Compared" in shown
    assert str(change.get_state_display()) not in shown


def test_records_are_moved_from_the_page_of_a_change(desk: Client, edition: RegionEdition, settled: Village) -> None:
    change = RegionChange.objects.waiting().get(code="35.24.10.2009")
    page = words(desk.get(f"/regions/changes/{change.pk}/"))
    assert "Village of the programme: Parengan" in page
    assert 'value="35.24.28.2009"' in page
    records = [each.pk for each in change.records.all()]
    chosen = {"records": records, "to": "35.24.28.2009", "decision": "move"}
    assert desk.post(f"/regions/changes/{change.pk}/", chosen).status_code == 302
    settled.refresh_from_db()
    assert settled.region_id == "35.24.28.2009"
    page = words(desk.get(f"/regions/changes/{change.pk}/"))
    assert "moved to 35.24.28.2009" in page
    assert "3 records to 35.24.28.2009" in page
    assert desk.post(f"/regions/changes/{change.pk}/", chosen).status_code == 409


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"decision": "move"}, "Choose a place."),
        ({"decision": "move", "code": "99.99"}, "No place has this code."),
        ({"decision": "move", "code": "35.24.28"}, "Choose a place of the same level."),
        ({"decision": "move", "code": "35.24.10.2010"}, "This place is gone from the list itself."),
        ({"decision": "keep", "records": []}, "Choose at least one record."),
        ({"decision": "burn"}, "decision"),
    ],
)
def test_decision_that_is_wrong_says_why(
    desk: Client, edition: RegionEdition, typed: dict[str, object], sentence: str
) -> None:
    change = RegionChange.objects.waiting().get(code="35.24.10.2009")
    given = {"records": [each.pk for each in change.records.all()], **typed}
    answer = desk.post(f"/regions/changes/{change.pk}/", given)
    assert answer.status_code == 400
    assert sentence in words(answer)
    assert change.records.filter(settled_at__isnull=False).count() == 0


def test_records_are_left_where_they_are(desk: Client, edition: RegionEdition, settled: Village) -> None:
    change = RegionChange.objects.waiting().get(code="35.24.10.2009")
    given = {"records": [each.pk for each in change.records.all()], "decision": "keep"}
    assert desk.post(f"/regions/changes/{change.pk}/", given).status_code == 302
    change.refresh_from_db()
    assert change.state == "kept"
    assert "left as it was" in words(desk.get(f"/regions/changes/{change.pk}/"))


def test_all_with_one_way_follow_in_one_press(desk: Client, edition: RegionEdition) -> None:
    answer = desk.post(f"/regions/editions/{edition.pk}/follow/", follow=True)
    assert "2 changes were decided." in words(answer)
    assert not RegionChange.objects.waiting().exists()


def test_pages_read_in_indonesian(client: Client, edition: RegionEdition, admin: User) -> None:
    client.force_login(admin)
    assert "Daftar wilayah" in words(client.get("/regions/editions/"))
    assert "menunggu keputusan Anda" in words(client.get(f"/regions/editions/{edition.pk}/"))


def test_pages_ask_the_same_for_one_row_and_for_seven(desk: Client, edition: RegionEdition) -> None:
    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert desk.get(address).status_code == 200
        return len(found)

    change = RegionChange.objects.waiting().get(code="35.24.10.2009")
    pages = ["/regions/editions/", f"/regions/editions/{edition.pk}/", f"/regions/changes/{change.pk}/"]
    before = [asked(page) for page in pages]
    for number in range(6):
        factories.RegionChangeFactory.create(edition=edition, code=f"35.24.12.{2100 + number}")
        factories.RegionEditionFactory.create()
        venue = factories.VenueFactory.create(region=Region.objects.get(pk="35.24.10.2009"))
        change.records.create(label="programs.venue", row=venue.pk)
    assert [asked(page) for page in pages] == before
