"""A claim that waits to be verified or paid is told to whose hand it is; what became of it, to who handed it in."""

from datetime import timedelta

import pytest

from accounts.models import User
from briefings.planning import plan_notices
from exports.actions import (
    approve_claim,
    cancel_claim,
    pay_claim,
    reject_claim,
    return_claim,
    submit_claim,
    verify_claim,
)
from exports.models import Shipment, SubsidyClaim, SubsidyScheme
from programs.models import Cohort, Program
from progress.waiting import Matter, waiting_of
from reminders.actions import choose_notices
from reminders.models import Message
from reminders.states import NOTICES_OF, Kind
from tests import factories
from tests.briefings.worlds import looked, notices, only, queries, rows, says, verdict
from tests.exports.claims import approved, drafted, submitted, verified
from tests.factories import NOW

MADE, SARI, JOKO = "made@example.org", "sari@example.org", "joko@example.org"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def scheme(program: Program, cohort: Cohort) -> SubsidyScheme:
    Program.objects.filter(pk=program.pk).update(subsidy_ceiling=50_000_000)
    return factories.SchemeFactory.create(program=program)


@pytest.fixture
def parcel(cohort: Cohort) -> Shipment:
    unit = factories.BusinessUnitFactory.create(village=cohort.village, name="Tenun Lestari")
    return factories.ShipmentFactory.create(business_unit=unit)


def test_desk_hears_of_a_claim_once_and_at_once(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, joko: User
) -> None:
    claim = submitted(scheme, parcel, by=made)
    assert notices(Kind.CLAIM_SUBMITTED) == [(SARI, "planned", "")]
    before = rows()
    for minute in range(50):
        plan_notices(at=NOW + HOUR + timedelta(minutes=minute))
    assert rows() == before
    assert says(only(Kind.CLAIM_SUBMITTED), NOW + HOUR) == {
        "hello": "Sari",
        "unit": "Tenun Lestari",
        "amount": "Rp800.000",
        "link": f"claims/{claim.pk}/",
    }
    verify_claim(claim, by=sari, at=NOW + 2 * HOUR)
    assert notices(Kind.CLAIM_SUBMITTED) == [(SARI, "superseded", "done")]


def test_who_hands_in_is_not_asked_to_verify(scheme: SubsidyScheme, parcel: Shipment, sari: User) -> None:
    dewi = factories.UserFactory.create(name="Dewi", role="coordinator", email="dewi@example.org")
    scheme.program.coordinators.add(dewi)
    submitted(scheme, parcel, by=sari)
    assert notices(Kind.CLAIM_SUBMITTED) == [("dewi@example.org", "planned", "")]


def test_payer_hears_of_what_is_approved(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, joko: User
) -> None:
    claim = approved(scheme, parcel, by=made, desk=sari)
    assert notices(Kind.CLAIM_APPROVED) == [(JOKO, "planned", "")]
    message = only(Kind.CLAIM_APPROVED)
    pay_claim(claim, paid_on=(NOW + 3 * HOUR).date(), payment_reference="SP2D 1", by=joko, at=NOW + 4 * HOUR)
    assert verdict(message, NOW + 4 * HOUR) == ("superseded", "done")
    assert notices(Kind.CLAIM_PAID) == [(MADE, "planned", "")]
    said = says(only(Kind.CLAIM_PAID), NOW + 4 * HOUR)
    assert (said["day"], said["amount"]) == ("Thursday, 1 October 2026", "Rp800.000")


def test_each_return_is_told_to_who_handed_in(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, joko: User
) -> None:
    claim = submitted(scheme, parcel, by=made)
    for turn in (1, 2):
        return_claim(claim, comment="Blurred", by=sari, at=NOW + turn * DAY)
        states = [state for _who, state, _note in notices(Kind.CLAIM_RETURNED)]
        assert states == ["superseded"] * (turn - 1) + ["planned"]
        submit_claim(claim, by=made, at=NOW + turn * DAY + HOUR)
    assert {who for who, _state, _note in notices(Kind.CLAIM_RETURNED)} == {MADE}
    assert [state for _who, state, _note in notices(Kind.CLAIM_SUBMITTED)] == ["superseded"] * 2 + ["planned"]


def test_rejection_is_told_and_calling_off_silences(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, joko: User
) -> None:
    claim = approved(scheme, parcel, by=made, desk=sari)
    reject_claim(claim, comment="Not ours", by=sari, at=NOW + 4 * HOUR)
    assert notices(Kind.CLAIM_REJECTED) == [(MADE, "planned", "")]
    assert notices(Kind.CLAIM_APPROVED) == [(JOKO, "superseded", "done")]
    other = submitted(scheme, parcel, by=made)
    cancel_claim(other, comment="Mistake", by=made, at=NOW + 4 * HOUR)
    assert [state for _who, state, _note in notices(Kind.CLAIM_SUBMITTED)] == ["superseded"] * 2


def test_draft_tells_nobody(scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User) -> None:
    drafted(scheme, parcel, by=made)
    plan_notices(at=NOW)
    assert not Message.objects.exclude(kind=Kind.DIGEST).exists()


def test_what_waits_for_a_hand_may_be_switched_off_and_what_became_of_it_not(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, joko: User
) -> None:
    choose_notices(sari, wanted=[Kind.DIGEST], by=sari, at=NOW)
    choose_notices(joko, wanted=[], by=joko, at=NOW)
    claim = approved(scheme, parcel, by=made, desk=sari)
    assert notices(Kind.CLAIM_SUBMITTED) == notices(Kind.CLAIM_APPROVED) == []
    always = {Kind.CLAIM_RETURNED, Kind.CLAIM_REJECTED, Kind.CLAIM_PAID}
    assert not always & {kind for kinds in NOTICES_OF.values() for kind in kinds}
    assert claim.state == "approved"


def test_who_no_longer_runs_the_program_is_not_told(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User
) -> None:
    submitted(scheme, parcel, by=made)
    message = only(Kind.CLAIM_SUBMITTED)
    scheme.program.coordinators.remove(sari)
    assert verdict(message, NOW + HOUR) == ("superseded", "done")
    plan_notices(at=NOW + HOUR)
    assert notices(Kind.CLAIM_SUBMITTED) == [(SARI, "superseded", "done")]


def test_digest_counts_what_waits_longer_than_three_days(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, joko: User
) -> None:
    claim = submitted(scheme, parcel, by=made)
    users = [sari.pk, joko.pk]
    assert waiting_of(users, at=NOW + 3 * DAY)[sari.pk] == {}
    assert waiting_of(users, at=NOW + 4 * DAY)[sari.pk] == {Matter.CLAIMS: 1}
    verify_claim(claim, by=sari, at=NOW + 4 * DAY)
    approve_claim(claim, by=sari, at=NOW + 4 * DAY)
    found = waiting_of(users, at=NOW + 8 * DAY)
    assert (found[sari.pk], found[joko.pk]) == ({}, {Matter.PAYMENTS: 1})


def test_own_claim_does_not_wait_for_its_requester(scheme: SubsidyScheme, parcel: Shipment, sari: User) -> None:
    dewi = factories.UserFactory.create(name="Dewi", role="coordinator")
    scheme.program.coordinators.add(dewi)
    submitted(scheme, parcel, by=sari)
    found = waiting_of([sari.pk, dewi.pk], at=NOW + 9 * DAY)
    assert (found[sari.pk], found[dewi.pk]) == ({}, {Matter.CLAIMS: 1})


def test_payer_gets_a_digest_only_while_something_waits(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, joko: User
) -> None:
    claim = approved(scheme, parcel, by=made, desk=sari)
    morning = NOW - 10 * HOUR  # 00.00 WIB
    plan_notices(at=morning + 3 * DAY)
    assert not Message.objects.filter(kind=Kind.DIGEST, user=joko).exists()
    plan_notices(at=morning + 4 * DAY)
    message = Message.objects.get(kind=Kind.DIGEST, user=joko)
    said = says(message, message.due_at)
    assert (said["what"], said["count"]) == ("1 claim to pay", "1")
    SubsidyClaim.objects.filter(pk=claim.pk).update(moved_at=NOW + 4 * DAY)
    assert verdict(message, message.due_at) == ("superseded", "nothing")


def test_repair_and_last_look_ask_the_same_for_one_and_for_seven(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, joko: User
) -> None:
    verified(scheme, parcel, by=made, desk=sari)
    submitted(scheme, factories.ShipmentFactory.create(business_unit=parcel.business_unit, cost=10_000), by=made)
    counts = []
    for more in (0, 6):
        for _ in range(more):
            other = factories.ShipmentFactory.create(business_unit=parcel.business_unit, cost=10_000)
            submitted(scheme, other, by=made)
        at = NOW + HOUR
        plan_notices(at=at)
        ids = list(Message.objects.filter(kind=Kind.CLAIM_SUBMITTED).order_by("-pk").values_list("pk", flat=True))
        counts.append((queries(at), looked(ids[: 1 + more], at)))
    assert counts[0] == counts[1]
