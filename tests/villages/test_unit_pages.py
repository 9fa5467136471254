"""Pages of business units: the inventory, the queue, one unit with its papers and lots, and who may what."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from tests import factories
from tests.programs.browsing import press, read
from villages.models import BusinessUnit, Village

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "cohort")]
TYPED = {"name": "Tenun Sekar", "kind": "household", "product_group": "textile", "export_status": "none"}
OUTSIDE = {"name": "CV Laut", "product_group": "fishery", "export_status": "direct", "region": "35.78"}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def desk(reader: Client, sari: User) -> Client:
    reader.force_login(sari)
    return reader


@pytest.fixture
def field(made: User) -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(made)
    return client


@pytest.fixture
def unit(parengan: Village) -> BusinessUnit:
    return factories.BusinessUnitFactory.create(village=parengan, name="Sentra Parengan")


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_mentor_writes_down_and_the_desk_verifies(field: Client, desk: Client, parengan: Village) -> None:
    assert "No business units yet" in read(field, "village-units", parengan.pk)
    press(field, "unit-new", parengan.pk, **TYPED, nib="1234 5678 90123", workers="4", source="Pak Kades")
    unit = BusinessUnit.objects.get()
    page = plain(read(field, "unit-detail", unit.pk))
    assert "Tenun Sekar Not yet inventoried" in page
    assert "Nobody has inventoried this unit yet" not in page  # who cannot verify is not asked to
    press(field, "unit-verify", unit.pk, status=403)
    queue = plain(read(desk, "unit-queue"))
    assert "Tenun Sekar Household business" in queue
    assert "Pak Kades · written down by Made, Thu, 1 Oct 2026" in queue
    answer = desk.post(reverse("unit-verify", args=[unit.pk]), {"next": "/units/uninventoried/"})
    assert answer["Location"] == "/units/uninventoried/"
    assert "Everything is inventoried" in read(desk, "unit-queue")
    press(desk, "unit-verify", unit.pk, status=409)
    page = plain(read(desk, "unit-detail", unit.pk))
    for words in ("Tenun Sekar Verified", "1234567890123", "Registered brand Missing", "Written down as a lead"):
        assert words in page


def test_verifying_leads_to_no_foreign_address(desk: Client, parengan: Village) -> None:
    unit = factories.BusinessUnitFactory.create(village=parengan, inventory_state="lead")
    answer = desk.post(reverse("unit-verify", args=[unit.pk]), {"next": "https://elsewhere.example/"})
    assert answer["Location"] == f"/units/{unit.pk}/"


def test_unit_is_left_out_with_a_reason(desk: Client, unit: BusinessUnit) -> None:
    assert "Reason: This field is required." in press(desk, "unit-dismiss", unit.pk, status=400, reason=" ")
    press(desk, "unit-dismiss", unit.pk, reason="Closed down")
    page = plain(read(desk, "unit-detail", unit.pk))
    assert "Left out" in page
    assert page.count("Closed down") == 2  # in the notice and in the history
    assert "Add a licence" not in page
    assert "cannot become" in press(desk, "unit-dismiss", unit.pk, status=409, reason="Again")
    listed = read(desk, "unit-list")
    assert unit.name not in listed
    assert unit.name in read(desk, "unit-list", inventory_state="dismissed")
    form = read(desk, "unit-edit", unit.pk)
    assert 'name="name"' in form
    assert 'name="nib"' not in form
    press(desk, "unit-edit", unit.pk, name="Unit 1")
    assert "Unit 1" in read(desk, "unit-detail", unit.pk)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Name: This field is required."),
        ({"name": "a\x00b"}, "characters"),
        ({"kind": "shop"}, "Select a valid choice"),
        ({"product_group": ""}, "Product group: This field is required."),
        ({"nib": "12"}, "NIB: A NIB has 13 digits."),
        ({"nib": "x" * 31}, "at most 30"),
        ({"workers": "0"}, "greater than or equal to 1"),
        ({"workers": "9" * 30}, "less than or equal to"),
        ({"workers": "many"}, "whole number"),
        ({"first_export_on": "13/24/2026"}, "Write the date"),
        ({"first_export_on": "1/9/2026"}, "exports directly or indirectly"),
        ({"first_export_on": "2/10/2026", "export_status": "direct"}, "today or earlier"),
    ],
)
def test_wrong_facts_are_said_and_nothing_typed_is_lost(
    field: Client, parengan: Village, typed: dict[str, str], said: str
) -> None:
    page = press(field, "unit-new", parengan.pk, status=400, **{**TYPED, "source": "Keep me", **typed})
    assert said in page
    assert "Keep me" in page
    assert not BusinessUnit.objects.exists()


def test_known_nib_names_the_unit_that_has_it(desk: Client, parengan: Village, elsewhere: Village) -> None:
    new = factories.BusinessUnitFactory.create
    new(village=parengan, name="Sentra", nib="1" * 13)
    new(village=elsewhere, name="Secret", nib="2" * 13)
    assert "already belongs to “Sentra”" in press(desk, "unit-new", parengan.pk, status=400, **TYPED, nib="1" * 13)
    page = press(desk, "unit-new", parengan.pk, status=400, **TYPED, nib="2" * 13)
    assert "already belongs to another business unit" in page
    assert "Secret" not in page


def test_desa_is_asked_where_a_village_covers_several(desk: Client, parengan: Village) -> None:
    assert 'name="region"' not in read(desk, "unit-new", parengan.pk)
    other = factories.lay_region("35.24.10.2001")
    factories.VillageRegionFactory.create(village=parengan, region=other)
    assert 'name="region"' in read(desk, "unit-new", parengan.pk)
    press(desk, "unit-new", parengan.pk, **TYPED, region=other.pk)
    unit = BusinessUnit.objects.get()
    assert unit.region == other
    press(desk, "unit-edit", unit.pk, **TYPED, region=parengan.region_id)
    assert BusinessUnit.objects.get().region == parengan.region
    assert "Select a valid choice" in press(desk, "unit-edit", unit.pk, status=400, **TYPED, region="52")


def test_exporter_outside_is_found_by_its_city(desk: Client, field: Client) -> None:
    place = factories.lay_region("35.78")
    page = read(desk, "exporter-new", search=place.name[:4])
    assert 'href="?region=35.78"' in page
    assert "No regency or city of this name" in read(desk, "exporter-new", search="zzzz")
    assert 'value="35.78"' in read(desk, "exporter-new", region="35.78")
    for wrong in ("35", "35.24.10", "xx", "%00"):
        assert 'name="nib"' not in read(desk, "exporter-new", region=wrong)
    page = press(desk, "exporter-new", status=400, **{**OUTSIDE, "region": "35.24.10"})
    assert "Choose a regency or city from the list." in page
    press(desk, "exporter-new", **OUTSIDE)
    unit = BusinessUnit.objects.get()
    assert (unit.kind, unit.village, unit.region_id) == ("exporter", None, "35.78")
    press(desk, "unit-edit", unit.pk, **OUTSIDE, source="Fair")
    read(field, "exporter-new", status=403)
    read(field, "unit-detail", unit.pk)
    read(field, "unit-edit", unit.pk, status=403)  # nobody's village's: the desk keeps it
    assert reverse("unit-edit", args=[unit.pk]) not in read(field, "unit-detail", unit.pk)


def test_papers_are_judged_as_of_today(desk: Client, unit: BusinessUnit) -> None:
    unit.product_group = "food"
    unit.save()
    assert 'value="pirt" ' in read(desk, "licence-new", unit.pk, kind="pirt")
    for kind, ends in (("halal", "30/12/2026"), ("pirt", "30/9/2026"), ("brand", "31/12/2026")):
        press(desk, "licence-new", unit.pk, kind=kind, number="ID 1", expires_on=ends)
    page = plain(read(desk, "unit-detail", unit.pk))
    for words in (
        "NIB Missing",
        "Halal certificate ID 1 · until Wed, 30 Dec 2026 Expires soon",
        "Home food licence (PIRT) ID 1 · until Wed, 30 Sep 2026 Expired",
        "Registered brand ID 1 · until Thu, 31 Dec 2026 Present",
        "Geographical indication (not required) None",
    ):
        assert words in page
    listed = plain(read(desk, "unit-list"))
    assert "Lacks 2 NIB, Home food licence (PIRT)" in listed
    assert "Halal certificate until Wed, 30 Dec 2026" in listed
    paper = unit.licences.get(kind="pirt")
    press(desk, "licence-edit", unit.pk, paper.pk, kind="pirt", number="ID 2", expires_on="1/1/2030")
    assert "Home food licence (PIRT) ID 2 · until Tue, 1 Jan 2030 Present" in plain(read(desk, "unit-detail", unit.pk))
    press(desk, "licence-remove", unit.pk, paper.pk)
    press(desk, "licence-remove", unit.pk, paper.pk, status=404)
    assert "already written down" in press(desk, "licence-new", unit.pk, status=400, kind="halal", number="ID 1")
    wrong = {"kind": "halal", "number": "X", "issued_on": "2/1/2026", "expires_on": "1/1/2026"}
    assert "expires after it was issued" in press(desk, "licence-new", unit.pk, status=400, **wrong)


def test_lot_of_twenty_is_offered_and_never_guessed(field: Client, unit: BusinessUnit) -> None:
    assert "it is never guessed" in read(field, "unit-detail", unit.pk)
    page = read(field, "lot-new", unit.pk)
    assert 'value="kodi"' in page
    assert 'value="20"' in page
    press(field, "lot-new", unit.pk, name="kodi", pieces="20")
    assert 'value="kodi"' not in read(field, "lot-new", unit.pk)
    lot = unit.product_units.get()
    press(field, "lot-edit", unit.pk, lot.pk, pieces="24")
    assert "1 kodi = 24 pieces" in read(field, "unit-detail", unit.pk)
    assert "one piece for everyone" in press(field, "lot-new", unit.pk, status=400, name="pcs", pieces="2")
    assert "greater than or equal to 1" in press(field, "lot-edit", unit.pk, lot.pk, status=400, pieces="0")
    press(field, "lot-remove", unit.pk, lot.pk)
    assert not unit.product_units.exists()


def test_paper_of_another_unit_is_not_there(desk: Client, unit: BusinessUnit, parengan: Village) -> None:
    paper = factories.LicenceFactory.create(business_unit__village=parengan)
    lot = factories.ProductUnitFactory.create(business_unit__village=parengan)
    read(desk, "licence-edit", unit.pk, paper.pk, status=404)
    read(desk, "lot-edit", unit.pk, lot.pk, status=404)
    press(desk, "licence-remove", unit.pk, paper.pk, status=404)
    press(desk, "lot-remove", unit.pk, lot.pk, status=404)


def test_first_verified_export_stands_beside_what_the_unit_says(desk: Client, unit: BusinessUnit) -> None:
    unit.export_status, unit.first_export_on = "indirect", date(2019, 8, 12)
    unit.save()
    assert "Indirectly first export Mon, 12 Aug 2019 First verified export None yet" in plain(
        read(desk, "unit-detail", unit.pk)
    )
    factories.TransactionFactory.create(business_unit=unit, state="verified", exported_on=date(2026, 8, 20))
    factories.TransactionFactory.create(business_unit=unit, state="reported", exported_on=date(2026, 1, 1))
    assert "First verified export Thu, 20 Aug 2026" in plain(read(desk, "unit-detail", unit.pk))


def test_village_page_counts_its_units(desk: Client, unit: BusinessUnit, parengan: Village) -> None:
    factories.BusinessUnitFactory.create(village=parengan, inventory_state="lead")
    factories.BusinessUnitFactory.create(village=parengan, export_status="direct")
    page = plain(read(desk, "village-detail", parengan.pk))
    assert "Verified 2 Export 1 directly, 0 indirectly Not yet inventoried 1" in page


def test_who_erases_a_person_is_led_to_the_business_of_that_name(desk: Client, parengan: Village) -> None:
    new = factories.BusinessUnitFactory.create
    house = new(village=parengan, kind="household", name="Tenun Bu Lidia")
    new(village=parengan, kind="household", name="Tenun Bu Sri")
    new(village=parengan, name="Koperasi Lidia")  # no household
    person = factories.PersonFactory.create(village=parengan, name="Bu Lidia Wati")
    page = read(desk, "person-anonymise", person.pk)
    assert re.findall(r"/units/(\d+)/edit/", page) == [str(house.pk)]
    alone = factories.PersonFactory.create(village=parengan, name="Bu Sri")
    assert "/edit/" not in read(desk, "person-anonymise", alone.pk)


# -- Who may what -----------------------------------------------------------------------------------------------------


def addresses(unit: BusinessUnit) -> list[tuple[str, tuple[int, ...]]]:
    paper = factories.LicenceFactory.create(business_unit=unit).pk
    lot = factories.ProductUnitFactory.create(business_unit=unit).pk
    one = (unit.pk,)
    return [
        *(("unit-edit", one), ("unit-verify", one), ("unit-dismiss", one), ("licence-new", one), ("lot-new", one)),
        *(("licence-edit", (unit.pk, paper)), ("licence-remove", (unit.pk, paper))),
        *(("lot-edit", (unit.pk, lot)), ("lot-remove", (unit.pk, lot)), ("unit-new", (unit.village_id or 0,))),
    ]


@pytest.mark.parametrize("role", ["observer", "joko"])
def test_who_only_reads_changes_nothing(
    reader: Client, unit: BusinessUnit, request: pytest.FixtureRequest, role: str
) -> None:
    reader.force_login(request.getfixturevalue(role))
    for page in ("unit-list", "unit-queue"):
        read(reader, page)
    page = read(reader, "unit-detail", unit.pk)
    for words in ("Correct", "Leave it out", "Add a licence", "Add a lot"):
        assert words not in page
    read(reader, "village-units", unit.village_id)
    read(reader, "exporter-new", status=403)
    for name, keys in addresses(unit):
        press(reader, name, *keys, status=403)


def test_observer_reads_no_household_and_no_lead(reader: Client, observer: User, parengan: Village) -> None:
    new = factories.BusinessUnitFactory.create
    house, lead = new(village=parengan, kind="household"), new(village=parengan, inventory_state="lead")
    reader.force_login(observer)
    for row in (house, lead):
        read(reader, "unit-detail", row.pk, status=404)
        assert row.name not in read(reader, "unit-list")
    assert lead.name not in read(reader, "unit-queue")


@pytest.mark.parametrize("role", ["ina", "rina"])
def test_units_elsewhere_are_not_there(
    reader: Client, unit: BusinessUnit, request: pytest.FixtureRequest, role: str
) -> None:
    reader.force_login(request.getfixturevalue(role))
    assert unit.name not in read(reader, "unit-list")
    for name, key in (("unit-detail", unit.pk), ("village-units", unit.village_id)):
        read(reader, name, key, status=404)
    for name, keys in addresses(unit):
        settles = name in {"unit-verify", "unit-dismiss"}
        press(reader, name, *keys, status=403 if settles and role == "ina" else 404)


def test_pages_ask_to_sign_in(client: Client, unit: BusinessUnit) -> None:
    for path in ("/units/", "/units/uninventoried/", "/units/new/", f"/units/{unit.pk}/", "/villages/1/units/"):
        assert "/accounts/login/" in client.get(path)["Location"]


def test_only_posts_change_anything(desk: Client, unit: BusinessUnit) -> None:
    paper = factories.LicenceFactory.create(business_unit=unit)
    for name, keys in (("unit-verify", (unit.pk,)), ("licence-remove", (unit.pk, paper.pk))):
        assert desk.get(reverse(name, args=keys)).status_code == 405


# -- Lists ------------------------------------------------------------------------------------------------------------


def test_lists_are_narrowed_and_counted(desk: Client, parengan: Village) -> None:
    new = factories.BusinessUnitFactory.create
    new(village=parengan, name="Dapur", product_group="food", kind="bumdes", export_status="direct")
    new(village=parengan, name="Kayu", product_group="wood")
    new(village=parengan, name="Baru", inventory_state="lead")
    page = plain(read(desk, "unit-list"))
    assert "2 verified 1 of them export directly 0 of them export indirectly 1 not yet inventoried" in page
    for asked, found in (
        ({"product_group": "food"}, {"Dapur"}),
        ({"kind": "bumdes"}, {"Dapur"}),
        ({"export_status": "direct"}, {"Dapur"}),
        ({"inventory_state": "lead"}, {"Baru"}),
        ({"search": "kay"}, {"Kayu"}),
        ({"region": "35.24"}, {"Dapur", "Kayu", "Baru"}),
        ({"region": "52"}, set()),
    ):
        shown = read(desk, "unit-list", **asked)
        assert {name for name in ("Dapur", "Kayu", "Baru") if f">{name}<" in shown} == found
    assert "No unit matches this" in read(desk, "unit-list", region="52")
    read(desk, "unit-list", status=400, region="11.1")
    read(desk, "unit-list", status=400, kind="shop")


def test_lists_go_on_page_by_page(desk: Client, parengan: Village) -> None:
    for n in range(30):
        factories.BusinessUnitFactory.create(village=parengan, name=f"Unit {n:02}", inventory_state="lead")
    for name, keys in (("unit-list", ()), ("unit-queue", ()), ("village-units", (parengan.pk,))):
        page = read(desk, name, *keys)
        [cursor] = re.findall(r"cursor=([^\"&]+)\" rel=\"next\"", page)
        following = read(desk, name, *keys, cursor=unquote(cursor))
        assert len(set(re.findall(r"Unit \d\d", page))) == 25
        assert len(set(re.findall(r"Unit \d\d", following))) == 5


def test_pages_ask_the_same_number_of_queries(desk: Client, unit: BusinessUnit, parengan: Village) -> None:
    def grow() -> None:
        for state in ("verified", "lead"):
            row = factories.BusinessUnitFactory.create(village=parengan, inventory_state=state)
            factories.LicenceFactory.create(business_unit=row)
        factories.LicenceFactory.create(business_unit=unit)
        factories.ProductUnitFactory.create(business_unit=unit, name=f"lot {unit.product_units.count()}")

    def count(name: str, *keys: Any) -> int:
        with CaptureQueriesContext(connection) as queries:
            read(desk, name, *keys)
        return len(queries)

    grow()
    pages: list[tuple[Any, ...]] = [
        *(("unit-list",), ("unit-queue",), ("village-units", parengan.pk)),
        *(("unit-detail", unit.pk), ("village-detail", parengan.pk)),
    ]
    for page in pages:
        count(*page)
    before = [count(*page) for page in pages]
    for _ in range(6):
        grow()
    assert [count(*page) for page in pages] == before


def test_pages_speak_indonesian_first(client: Client, sari: User, unit: BusinessUnit, parengan: Village) -> None:
    factories.BusinessUnitFactory.create(village=parengan, inventory_state="lead")
    client.force_login(sari)
    for name, keys, words in (
        ("unit-list", (), "Belum terinventarisir"),
        ("unit-queue", (), "Verifikasi"),
        ("unit-detail", (unit.pk,), "Legalitas"),
        ("unit-new", (parengan.pk,), "Usaha rumah tangga"),
        ("village-units", (parengan.pk,), "terverifikasi"),
    ):
        page = client.get(reverse(name, args=keys)).content.decode()
        assert '<html lang="id"' in page
        assert words in page
