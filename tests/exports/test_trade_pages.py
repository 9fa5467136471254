"""Pages of exports, buyers, leads and published figures."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from exports.models import Buyer, ExportTransaction, Lead, RegionFigure
from tests import factories
from tests.exports.claims import pdf
from tests.exports.exported import evidenced, reported, verified
from tests.mentoring.test_views import page
from villages.models import BusinessUnit

pytestmark = pytest.mark.usefixtures("clock", "funded")


@pytest.fixture
def exporter(db: None) -> BusinessUnit:
    """A house in Surabaya."""
    return factories.BusinessUnitFactory.create(village=None, kind="exporter", name="CV Samudra")


def sheet(group: BusinessUnit, **changes: Any) -> dict[str, Any]:
    """Fill the form as a browser sends it."""
    return {
        "business_unit": group.pk,
        "route": "direct",
        "via": "",
        "buyer": "",
        "country": "JP",
        "exported_on": "20/8/2026",
        "product": "Ikat cloth",
        "nomenclature": "BTKI2022",
        "hs_code": "5208.59.90",
        "quantity": "10",
        "unit": "kodi",
        "value": "12.000,50",
        "currency": "USD",
        "rate": "15.500",
        "rate_source": "KMK",
        "reference": "PEB 000123",
        "source": "Invoice",
        **changes,
    }


def test_export_goes_from_the_form_to_the_totals(reader: Client, group: BusinessUnit, made: User, sari: User) -> None:
    assert "Report an export" in page(reader, made, "/exports/")
    assert f'<option value="{group.pk}" selected>' in page(reader, made, f"/exports/new/?business_unit={group.pk}")
    first, again = (reader.post("/exports/new/", sheet(group)) for _ in range(2))
    export = ExportTransaction.objects.get()
    address = f"/exports/{export.pk}/"
    assert (first["Location"], again.status_code, export.value) == (address, 409, Decimal("12000.50"))
    assert "is already recorded: Tenun Lestari" in again.content.decode()
    shown = page(reader, made, address)
    for words in ("5208.59.90", "USD 12.000,5", "Rp186.007.750", "it is only reported", "none are counted"):
        assert words in shown
    assert f"{address}verify/" not in page(reader, sari, address)
    reader.force_login(made)
    file = SimpleUploadedFile("peb.pdf", pdf(), content_type="application/pdf")
    assert reader.post(f"{address}papers/", {"kind": "declaration", "file": file})["Location"] == address
    assert f"{address}verify/" in page(reader, sari, address)
    reader.force_login(sari)
    done = [reader.post(f"{address}verify/", {"version": "1"}) for _ in range(2)]
    assert [answer.status_code for answer in done] == [302, 302]
    assert reader.get(f"{address}verify/")["Location"] == address
    listed = page(reader, sari, "/exports/")
    assert "Rp186.007.750" in listed
    assert "1 verified export" in listed
    assert "0 exports reported, not verified yet" in listed


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"business_unit": ""}, "This field is required."),
        ({"hs_code": "5208"}, "8 digits"),
        ({"country": "ID"}, "not one of the available choices"),
        ({"value": "12,000.50"}, "12.500"),
        ({"value": "99999999999999999999"}, "Ensure that there are no more than"),
        ({"quantity": "0"}, "above 0"),
        ({"rate": ""}, "This field is required."),
        ({"rate_source": ""}, "This field is required."),
        ({"route": "indirect"}, "Name the exporter it went through."),
        ({"exported_on": "8/20/2026"}, "day, month, year"),
        ({"exported_on": "2/10/2026"}, "still to come"),
        ({"product": "a\x00b"}, "cannot be kept"),
        ({"buyer": "999"}, "not one of the available choices"),
    ],
)
def test_wrong_form_says_so_and_keeps_what_was_typed(
    reader: Client, group: BusinessUnit, made: User, changes: dict[str, str], words: str
) -> None:
    reader.force_login(made)
    answer = reader.post("/exports/new/", sheet(group, source="Invoice of Kyoto", **changes))
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert "Invoice of Kyoto" in answer.content.decode()
    assert not ExportTransaction.objects.exists()


def test_rupiah_ask_for_no_rate_and_an_exporter_is_offered(
    reader: Client, group: BusinessUnit, exporter: BusinessUnit, made: User
) -> None:
    assert f'<option value="{exporter.pk}">CV Samudra</option>' in page(reader, made, "/exports/new/")
    at_home = {"currency": "IDR", "rate": "", "rate_source": "", "route": "indirect", "via": exporter.pk}
    assert reader.post("/exports/new/", sheet(group, **at_home)).status_code == 302
    export = ExportTransaction.objects.get()
    assert (export.rate, export.via) == (Decimal(1), exporter)
    assert "Through CV Samudra" in page(reader, made, f"/exports/{export.pk}/")


def test_change_is_of_the_version_that_was_read(reader: Client, group: BusinessUnit, made: User, sari: User) -> None:
    export = evidenced(group, by=made)
    address = f"/exports/{export.pk}/"
    form = page(reader, made, f"{address}edit/")
    for words in ('value="12.000"', 'value="5208.59.90"', 'name="version" value="1"', 'value="2026-08-20"'):
        assert words in form
    assert reader.post(f"{address}edit/", sheet(group, version="1", value="13.000")).status_code == 302
    stale = reader.post(f"{address}edit/", sheet(group, version="1", value="14.000"))
    assert (stale.status_code, "14.000" in stale.content.decode()) == (409, True)
    shown = page(reader, made, address)
    assert "value: 12.000 → 13.000" in shown
    assert f"{address}evidence/" in shown
    done = [reader.post(f"{address}evidence/").status_code for _ in range(2)]
    assert done == [302, 302]
    reader.force_login(sari)
    assert reader.post(f"{address}verify/", {"version": "1"}).status_code == 409
    assert reader.post(f"{address}verify/").status_code == 409
    assert reader.post(f"{address}verify/", {"version": "x"}).status_code == 409
    assert reader.post(f"{address}verify/", {"version": "2"}).status_code == 302
    late = reader.post(f"{address}edit/", sheet(group, version="2", value="1"))
    assert (late.status_code, "never changes" in late.content.decode()) == (409, True)


def test_papers_are_handed_out_harmlessly_and_taken_out(
    reader: Client, group: BusinessUnit, made: User, ina: User, observer: User
) -> None:
    export = evidenced(group, by=made)
    paper = export.papers.get()
    address = f"/exports/{export.pk}/papers/{paper.pk}/"
    reader.force_login(made)
    answer = reader.get(address)
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")  # type: ignore[attr-defined]
    assert (answer["Content-Security-Policy"], answer["X-Content-Type-Options"]) == (
        "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'", "nosniff"
    )  # fmt: skip
    other = reported(group, by=made, reference="PEB 2")
    assert reader.get(f"/exports/{other.pk}/papers/{paper.pk}/").status_code == 404
    for stranger, status in ((ina, 404), (observer, 403)):
        page(reader, stranger, address, status)
    reader.force_login(made)
    bad = SimpleUploadedFile("a.pdf", b"%PDF- /JavaScript %%EOF", content_type="application/pdf")
    refused = reader.post(f"/exports/{export.pk}/papers/", {"kind": "invoice", "file": bad})
    assert (refused.status_code, "contains programs" in refused.content.decode()) == (400, True)
    assert reader.get(f"{address}remove/")["Location"] == f"/exports/{export.pk}/"
    assert reader.post(f"{address}remove/").status_code == 302
    assert reader.post(f"{address}remove/").status_code == 404
    export.refresh_from_db()
    assert export.state == "reported"


def test_withdrawing_asks_why_and_a_mentor_stops_at_verified(
    reader: Client, group: BusinessUnit, made: User, sari: User
) -> None:
    export = verified(group, by=made, desk=sari)
    address = f"/exports/{export.pk}/"
    assert "withdraw/" not in page(reader, made, address)
    page(reader, made, f"{address}withdraw/", 403)
    reader.force_login(sari)
    assert reader.post(f"{address}withdraw/", {"comment": " "}).status_code == 400
    done = [reader.post(f"{address}withdraw/", {"comment": "Sent back."}).status_code for _ in range(2)]
    assert done == [302, 302]
    assert "Withdrawn, it counts nowhere: Sent back." in page(reader, sari, address)
    mine = reported(group, by=made)
    reader.force_login(made)
    assert reader.post(f"/exports/{mine.pk}/withdraw/", {"comment": "Twice."}).status_code == 302


def test_who_may_and_whose(
    reader: Client, group: BusinessUnit, made: User, sari: User, ina: User, rina: User, joko: User, observer: User
) -> None:
    open_one, counted = reported(group, by=made), verified(group, by=made, desk=sari, reference="PEB 2")
    for stranger in (ina, rina):
        for tail in ("", "edit/", "withdraw/"):
            page(reader, stranger, f"/exports/{open_one.pk}/{tail}", 404)
    for reads in (joko, observer):
        page(reader, reads, f"/exports/{open_one.pk}/", 404)
        shown = page(reader, reads, f"/exports/{counted.pk}/")
        assert "Made" not in shown
        assert "edit/" not in shown
        listed = page(reader, reads, "/exports/")
        assert "1 verified export" in listed
        assert "not verified yet" not in listed
        for closed in ("/exports/new/", "/buyers/", "/leads/", "/buyers/new/", "/figures/new/"):
            page(reader, reads, closed, 403)
    reader.force_login(made)
    assert reader.post(f"/exports/{open_one.pk}/verify/", {"version": "1"}).status_code == 403


def test_household_stays_unnamed_for_an_observer(
    reader: Client, group: BusinessUnit, made: User, sari: User, observer: User
) -> None:
    home = factories.BusinessUnitFactory.create(village=group.village, kind="household", name="Tenun Bu Rokhayah")
    export = verified(home, by=made, desk=sari)
    verified(group, by=made, desk=sari, route="indirect", via=home, reference="PEB 000124")
    for address in ("/exports/", f"/exports/{export.pk}/", "/exports/?search=Rokhayah"):
        shown = page(reader, observer, address)
        assert "Tenun Bu" not in shown
    assert "A household business" in page(reader, observer, "/exports/")
    assert "Tenun Bu Rokhayah" in page(reader, sari, "/exports/")


def test_papers_of_an_export_are_for_who_works_with_it(
    reader: Client, group: BusinessUnit, made: User, sari: User, joko: User
) -> None:
    export = verified(group, by=made, desk=sari)
    file = f"/exports/{export.pk}/papers/{export.papers.get().pk}/"
    reader.force_login(sari)
    assert reader.get(file).status_code == 200
    page(reader, joko, file, 403)


def test_list_is_narrowed_and_says_when_nothing_is_there(reader: Client, group: BusinessUnit, made: User) -> None:
    assert "No export yet" in page(reader, made, "/exports/")
    reported(group, by=made)
    assert "Ikat cloth" in page(reader, made, "/exports/?country=JP&hs_code=52&route=direct")
    assert "No export matches" in page(reader, made, "/exports/?country=NL")
    assert "Write the beginning of an HS code" in page(reader, made, "/exports/?hs_code=ikat", 400)
    page(reader, made, "/exports/?cursor=x", 409)


def test_buyer_is_written_met_and_changed(reader: Client, group: BusinessUnit, made: User, ina: User) -> None:
    assert "No buyer yet" in page(reader, made, "/buyers/")
    kyoto = {"name": "Kyoto Orimono", "kind": "importer", "country": "JP", "city": "Kyoto", "wants": "Ikat"}
    assert reader.post("/buyers/new/", {**kyoto, "country": ""}).status_code == 400
    answer = reader.post("/buyers/new/", {**kyoto, "business_unit": group.pk})
    buyer = Buyer.objects.get()
    assert answer["Location"] == f"/buyers/{buyer.pk}/"
    shown = page(reader, made, f"/buyers/{buyer.pk}/")
    for words in ("Kyoto Orimono", "Importer · Japan, Kyoto", "Tenun Lestari", "Written down"):
        assert words in shown
    assert "Kyoto Orimono" in page(reader, made, "/buyers/?search=kyoto&country=JP")
    assert "No buyer matches" in page(reader, made, "/buyers/?country=NL")
    assert reader.post(f"/buyers/{buyer.pk}/edit/", {**kyoto, "city": "Osaka"}).status_code == 302
    assert "Osaka" in page(reader, made, f"/buyers/{buyer.pk}/")
    assert reader.post("/buyers/new/", {**kyoto, "website": "kyoto"}).status_code == 400
    for tail in ("", "edit/", "leads/new/"):
        page(reader, ina, f"/buyers/{buyer.pk}/{tail}", 404)
    reader.force_login(ina)
    known = reader.post("/buyers/new/", kyoto)
    assert (known.status_code, "Name the business unit" in known.content.decode()) == (409, True)


def test_lead_is_begun_taken_further_and_given_up(reader: Client, group: BusinessUnit, made: User, ina: User) -> None:
    buyer = factories.BuyerFactory.create(name="Kyoto Orimono", registered_by=made)
    reader.force_login(made)
    assert "No lead yet" in page(reader, made, "/leads/?open=")
    begun = {"business_unit": group.pk, "source": "Fair", "next_step": "Send prices", "next_on": "30/9/2026"}
    first, again = (reader.post(f"/buyers/{buyer.pk}/leads/new/", begun) for _ in range(2))
    lead = Lead.objects.get()
    address = f"/leads/{lead.pk}/"
    assert (first["Location"], again.status_code in {400, 409}) == (address, True)
    assert "already have a lead" in again.content.decode()
    assert "The next step was for Wednesday, 30 September 2026." in page(reader, made, address)
    assert "overdue" in page(reader, made, "/leads/?overdue=true")
    step = {
        "to": "negotiating",
        "next_step": "Agree on 20 kodi",
        "next_on": "5/10/2026",
        "source": "Fair",
        "reason": "",
    }
    assert reader.post(address, step).status_code == 302
    assert "Agree on 20 kodi" in page(reader, made, address)
    back = reader.post(address, {**step, "to": "contacted"})
    assert (back.status_code, "not one of the available choices" in back.content.decode()) == (400, True)
    silent = reader.post(address, {**step, "to": "lost"})
    assert (silent.status_code, "Say why nothing came of it." in silent.content.decode()) == (400, True)
    lead.refresh_from_db()
    assert lead.state == "negotiating"
    assert reader.post(address, {**step, "to": "lost", "reason": "Too dear"}).status_code == 302
    assert "Given up: Too dear" in page(reader, made, address)
    assert "Kyoto Orimono" not in page(reader, made, "/leads/")
    assert "Kyoto Orimono" in page(reader, made, "/leads/?state=lost")
    page(reader, ina, address, 404)


def published(**changes: str) -> dict[str, str]:
    return {
        "region": "35.24",
        "starts_on": "1/1/2022",
        "ends_on": "31/10/2022",
        "population": "Exporters known to the office",
        "value": "1.300.000.000.000",
        "currency": "IDR",
        "units": "18",
        "centres": "2",
        "countries": "46",
        "continents": "5",
        "products": "Fish\nFootwear",
        "source": "Disperindag Lamongan",
        **changes,
    }


def test_figures_stand_beside_each_other_and_are_never_added(
    reader: Client, sari: User, made: User, observer: User
) -> None:
    factories.lay_region("35.24.10.2009")
    assert "No figure yet" in page(reader, sari, "/figures/")
    assert reader.post("/figures/new/", published()).status_code == 302
    other = {"ends_on": "31/12/2022", "source": "BPS", "value": "107.530.000.000", "population": "Another population"}
    assert reader.post("/figures/new/", {**published(**other), "units": "", "countries": ""}).status_code == 302
    twice = reader.post("/figures/new/", published())
    assert (twice.status_code in {400, 409}, "already here" in twice.content.decode()) == (True, True)
    shown = page(reader, observer, "/figures/?region=35.24")
    for words in ("Rp1,3 trillion", "Rp107,53 billion", "46 countries", "Another population", "never added", "2022"):
        assert words in shown
    assert "1,4" not in shown
    figure = RegionFigure.objects.get(source="BPS")
    address = f"/figures/{figure.pk}/"
    for tail in ("edit/", "withdraw/"):
        page(reader, made, f"{address}{tail}", 403)
        assert tail not in page(reader, made, address)
    assert 'value="107.530.000.000"' in page(reader, sari, f"{address}edit/")
    assert reader.post(f"{address}edit/", published(**other, remark="As printed")).status_code == 302
    assert "As printed" in page(reader, sari, address)
    page(reader, sari, f"{address}withdraw/")
    assert [reader.post(f"{address}withdraw/").status_code for _ in range(2)] == [302, 302]
    assert "Taken back as a mistake by Sari" in page(reader, sari, address)
    assert "BPS" not in page(reader, sari, "/figures/")
    assert "BPS" in page(reader, sari, "/figures/?withdrawn=true")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"region": "99.99"}, "No place has this code."),
        ({"source": ""}, "This field is required."),
        ({"continents": "8"}, "less than or equal to 7"),
        ({"ends_on": "1/1/2021"}, "A period ends after it starts."),
        ({"value": "a lot"}, "12.500"),
        ({"products": "x" * 161}, "At most 20 products"),
        (dict.fromkeys(("value", "units", "centres", "countries", "continents"), ""), "Write at least one figure."),
    ],
)
def test_wrong_figure_says_so(reader: Client, sari: User, changes: dict[str, str], words: str) -> None:
    factories.lay_region("35.24.10.2009")
    reader.force_login(sari)
    answer = reader.post("/figures/new/", published(**changes))
    assert (answer.status_code, words in answer.content.decode()) == (400, True)


def test_pages_speak_indonesian(client: Client, group: BusinessUnit, made: User) -> None:
    client.force_login(made)
    export = reported(group, by=made)
    for address, words in (
        ("/exports/", "Laporkan ekspor"),
        (f"/exports/{export.pk}/", "Yang dijual"),
        ("/buyers/", "Pembeli baru"),
        ("/figures/", "Angka terbitan"),
    ):
        assert words in client.get(address).content.decode()


def test_pages_ask_the_same_for_1_and_7_rows(
    reader: Client, group: BusinessUnit, exporter: BusinessUnit, sari: User
) -> None:
    reader.force_login(sari)
    first = factories.TransactionFactory.create(business_unit=group, via=exporter)
    buyer = factories.LeadFactory.create(business_unit=group).buyer
    factories.RegionFigureFactory.create()
    pages = ("/exports/", f"/exports/{first.pk}/", "/buyers/", f"/buyers/{buyer.pk}/", "/leads/", "/figures/")
    counts: list[list[int]] = []
    for many in (0, 6):
        for _ in range(many):
            unit = factories.BusinessUnitFactory.create(village=group.village)
            factories.TransactionFactory.create(business_unit=unit, via=exporter)
            factories.TransactionDocumentFactory.create(transaction=first)
            factories.LeadFactory.create(business_unit=unit, buyer=buyer)
            factories.LeadFactory.create(business_unit=unit)
            factories.RegionFigureFactory.create()
        counts.append([asked(reader, address) for address in pages])
    assert counts[0] == counts[1]


def asked(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
