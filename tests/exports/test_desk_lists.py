"""Lists of samples, shipments, schemes and claims, the worklist and the ledger: who sees them, and at what cost."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from exports.actions import reject_claim
from exports.models import Shipment, SubsidyClaim, SubsidyScheme
from exports.worklist import Age, days_since, of_age, overdue_claims, piles
from programs.models import Program
from tests import factories
from tests.exports.claims import approved, paid
from tests.exports.desk import shown
from tests.factories import NOW
from villages.models import BusinessUnit

pytestmark = pytest.mark.usefixtures("clock")
DAY = timedelta(days=1)
LISTS = ["/samples/", "/shipments/", "/schemes/", "/claims/", "/claims/waiting/", "/budgets/"]


def grow(scheme: SubsidyScheme, unit: BusinessUnit, count: int) -> None:
    """Add so many of everything, each claim in another state."""
    states = ("submitted", "verified", "approved", "returned")
    for number in range(count):
        parcel = factories.ShipmentFactory.create(business_unit=unit)
        factories.SampleFactory.create(business_unit=unit)
        factories.SampleFactory.create(business_unit=unit, shipment=parcel)
        state = states[number % len(states)]
        factories.ClaimFactory.create(scheme=scheme, shipment=parcel, state=state, moved_at=NOW - number * DAY)


@pytest.mark.parametrize("address", LISTS)
def test_lists_are_open_to_who_works_with_claims(
    reader: Client, address: str, scheme: SubsidyScheme, group: BusinessUnit, sari: User, joko: User, observer: User
) -> None:
    grow(scheme, group, 4)
    for user in (sari, joko):
        reader.force_login(user)
        status, words = shown(reader, address)
        assert (status, "Samples and claims" in words) == (200, True)
    reader.force_login(observer)
    assert shown(reader, address)[0] == 403


@pytest.mark.parametrize("address", LISTS[:5])
def test_lists_say_what_they_are_for_when_empty(reader: Client, address: str, program: Program, sari: User) -> None:
    reader.force_login(sari)
    status, words = shown(reader, address)
    assert (status, "empty-title" in words or "Nothing waits" in words) == (200, True)


@pytest.mark.parametrize("address", LISTS)
def test_lists_ask_the_same_for_one_row_and_for_many(
    reader: Client, address: str, scheme: SubsidyScheme, group: BusinessUnit, sari: User
) -> None:
    reader.force_login(sari)
    counts = []
    for more in (1, 12):
        grow(scheme, group, more)
        factories.SchemeFactory.create(program=scheme.program)
        shown(reader, address)
        with CaptureQueriesContext(connection) as asked:
            assert shown(reader, address)[0] == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("address", LISTS[:5])
def test_nobody_sees_what_is_not_theirs(
    reader: Client, address: str, scheme: SubsidyScheme, group: BusinessUnit, parcel: Shipment, ina: User, rina: User
) -> None:
    grow(scheme, group, 4)
    for user in (ina, rina):
        reader.force_login(user)
        assert group.name not in shown(reader, address)[1]


@pytest.mark.parametrize(
    "address",
    [
        "/claims/?state=nothing",
        "/claims/?from=13/13/2026",
        "/claims/waiting/?age=old",
        "/shipments/?answer=x",
        "/samples/?village=999999",
    ],
)
def test_wrong_filter_is_said_and_shows_nothing(
    reader: Client, address: str, scheme: SubsidyScheme, group: BusinessUnit, sari: User
) -> None:
    grow(scheme, group, 1)
    reader.force_login(sari)
    status, words = shown(reader, address)
    assert (status, "field-error" in words, group.name + "</a>" in words) == (400, True, False)


def test_filters_narrow(
    reader: Client, scheme: SubsidyScheme, group: BusinessUnit, parcel: Shipment, sari: User
) -> None:
    claim = factories.ClaimFactory.create(scheme=scheme, shipment=parcel, state="approved")
    grow(scheme, group, 2)
    reader.force_login(sari)
    assert f"/claims/{claim.pk}/" in shown(reader, "/claims/?search=EE+123+456")[1]
    assert f"/claims/{claim.pk}/" not in shown(reader, "/claims/?state=draft")[1]
    assert f"/claims/{claim.pk}/" in shown(reader, f"/claims/?scheme={scheme.pk}&village={group.village_id}")[1]
    assert "No claim matches" in shown(reader, "/claims/?state=cancelled")[1]
    assert parcel.waybill in shown(reader, "/shipments/?from=10/9/2026&to=10+Sep+2026")[1]
    assert parcel.waybill not in shown(reader, "/shipments/?from=11/9/2026")[1]
    assert "No sample matches" in shown(reader, "/samples/?search=nothing")[1]


def test_finance_sees_no_drafts_of_claims_and_of_schemes(
    reader: Client, scheme: SubsidyScheme, parcel: Shipment, joko: User
) -> None:
    draft = factories.ClaimFactory.create(scheme=scheme, shipment=parcel)
    other = factories.SchemeFactory.create(program=scheme.program, state="draft")
    reader.force_login(joko)
    assert f"/claims/{draft.pk}/" not in shown(reader, "/claims/")[1]
    assert other.name not in shown(reader, "/schemes/")[1]
    assert shown(reader, f"/claims/{draft.pk}/")[0] == 404


def test_age_counts_midnights_of_western_indonesia(scheme: SubsidyScheme, group: BusinessUnit) -> None:
    assert [days_since(NOW - timedelta(hours=hours), at=NOW) for hours in (0, 9, 11, 34)] == [0, 0, 1, 1]
    for days in (0, 3, 4, 7, 8, 14, 15, 90):
        parcel = factories.ShipmentFactory.create(business_unit=group)
        factories.ClaimFactory.create(scheme=scheme, shipment=parcel, state="submitted", moved_at=NOW - days * DAY)
    rows = SubsidyClaim.objects.waiting()
    assert [rows.filter(of_age(age, at=NOW)).count() for age in Age] == [2, 2, 2, 2]
    assert overdue_claims(NOW).count() == 6


def test_piles_sum_what_was_approved_or_asked_for(scheme: SubsidyScheme, group: BusinessUnit) -> None:
    for state, amount in (("approved", 500_000), ("approved", 700_000), ("paid", 700_000), ("submitted", 800_000)):
        parcel = factories.ShipmentFactory.create(business_unit=group)
        money = {"approved_amount": amount} if state in ("approved", "paid") else {}
        factories.ClaimFactory.create(scheme=scheme, shipment=parcel, state=state, moved_at=NOW - 5 * DAY, **money)
    found = {
        str(pile.state): (pile.count, int(pile.amount), pile.oldest, pile.late)
        for pile in piles(SubsidyClaim.objects.all(), at=NOW)
    }
    assert found["approved"] == (2, 1_200_000, 5, True)
    assert found["submitted"] == (1, 800_000, 5, True)
    assert found["verified"] == (0, 0, None, False)
    assert "paid" not in found


def test_worklist_leads_from_each_number_to_its_rows(
    reader: Client, scheme: SubsidyScheme, group: BusinessUnit, joko: User
) -> None:
    grow(scheme, group, 12)
    reader.force_login(joko)
    _status, words = shown(reader, "/claims/waiting/")
    assert "?state=approved&amp;age=longer" not in words
    for pile in piles(SubsidyClaim.objects.visible_to(joko), at=NOW):
        for age, count in pile.ages:
            _status, found = shown(reader, f"/claims/waiting/?state={pile.state}&age={age}")
            assert found.count('<th scope="row"><a') == count


def test_ledger_tells_every_line_and_what_is_left(
    reader: Client,
    scheme: SubsidyScheme,
    parcel: Shipment,
    group: BusinessUnit,
    made: User,
    sari: User,
    joko: User,
    rina: User,
) -> None:
    paid(scheme, parcel, by=made, desk=sari, payer=joko)
    second = factories.ShipmentFactory.create(business_unit=group, cost=500_000)
    off = approved(scheme, second, by=made, desk=sari)
    reject_claim(off, comment="Not ours", by=sari, at=NOW + 8 * DAY)
    reader.force_login(joko)
    status, words = shown(reader, f"/programs/{scheme.program_id}/budget/")
    assert status == 200
    assert [part in words for part in ("Rp5.000.000", "Rp4.200.000", "Rp800.000", "Rp400.000", "Rp1.200.000")] == [
        True
    ] * 5
    assert words.index("Released") < words.index("Spent")
    assert "No line matches" in shown(reader, f"/programs/{scheme.program_id}/budget/?from=1/1/2030")[1]
    reader.force_login(rina)
    assert shown(reader, f"/programs/{scheme.program_id}/budget/")[0] == 404
    reader.force_login(made)
    assert shown(reader, f"/programs/{scheme.program_id}/budget/")[0] == 403


def test_budget_costs_the_same_for_one_line_and_for_many(
    reader: Client, scheme: SubsidyScheme, group: BusinessUnit, made: User, sari: User, joko: User
) -> None:
    reader.force_login(joko)
    counts = []
    for more in (1, 6):
        for _ in range(more):
            parcel = factories.ShipmentFactory.create(business_unit=group, cost=100_000)
            approved(scheme, parcel, by=made, desk=sari)
        with CaptureQueriesContext(connection) as asked:
            shown(reader, f"/programs/{scheme.program_id}/budget/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_pages_speak_indonesian(client: Client, scheme: SubsidyScheme, group: BusinessUnit, sari: User) -> None:
    grow(scheme, group, 4)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "id"
    client.force_login(sari)
    for address, word in (
        ("/claims/", "Klaim"),
        ("/claims/waiting/", "diverifikasi"),
        ("/samples/", "Sampel"),
        ("/shipments/", "Kiriman"),
        ("/schemes/", "Skema"),
        ("/budgets/", "Anggaran"),
    ):
        assert word in shown(client, address)[1]
