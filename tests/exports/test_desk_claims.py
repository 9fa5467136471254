"""One claim on its pages: its hands, and exactly who may do what."""

from datetime import date, timedelta

import pytest
from django.test import Client

from accounts.models import User
from exports.actions import approve_claim, cancel_claim, return_claim, submit_claim, verify_claim
from exports.hands import Act, acts_of, why_not
from exports.models import BudgetEntry, Shipment, SubsidyClaim, SubsidyScheme
from mentoring.models import Assignment
from tests.exports.claims import approved, balance, drafted, paid, pdf, submitted, verified
from tests.exports.desk import scan, sent, shown
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("clock")
LATER = NOW + timedelta(hours=5)
PAYDAY = {"paid_on": "1/10/2026", "payment_reference": "SP2D 12"}


def test_letter_that_ended_ends_the_sight_of_claims(
    reader: Client, scheme: SubsidyScheme, parcel: Shipment, made: User, ina: User
) -> None:
    claim = drafted(scheme, parcel, by=made)
    reader.force_login(made)
    assert reader.get(f"/claims/{claim.pk}/").status_code == 200
    Assignment.objects.filter(mentor=made).update(ends_on=date(2026, 1, 1), starts_on=date(2025, 1, 1))
    for hand in (made, ina):
        reader.force_login(hand)
        assert reader.get(f"/claims/{claim.pk}/").status_code == 404
        assert reader.post(f"/claims/{claim.pk}/submit/").status_code == 404


def test_the_whole_way_on_pages(
    reader: Client, scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, joko: User
) -> None:
    reader.force_login(made)
    status, words = sent(reader, f"/shipments/{parcel.pk}/claim/", {"requested": "800.000"})
    claim = SubsidyClaim.objects.get()
    assert (status, "Add its documents" in words, "still missing" in words) == (302, True, True)
    for kind in scheme.documents:
        assert sent(reader, f"/claims/{claim.pk}/documents/new/", {"kind": kind, "file": scan(pdf())})[0] == 302
    assert "Another hand verifies it" in sent(reader, f"/claims/{claim.pk}/submit/")[1]
    reader.force_login(sari)
    assert "waits for approval" in sent(reader, f"/claims/{claim.pk}/verify/")[1]
    assert "set aside" in sent(reader, f"/claims/{claim.pk}/approve/", {"amount": "750.000"})[1]
    reader.force_login(joko)
    assert f"/claims/{claim.pk}/" in shown(reader, "/")[1]
    assert "Rp750.000 wait to be paid" in shown(reader, f"/claims/{claim.pk}/")[1]
    assert "ledger follows" in sent(reader, f"/claims/{claim.pk}/pay/", PAYDAY)[1]
    assert "The file is closed" in sent(reader, f"/claims/{claim.pk}/close/")[1]
    assert balance(scheme.program) == (0, 750_000)
    claim.refresh_from_db()
    assert (claim.state, claim.payment_reference, claim.paid_on) == ("closed", "SP2D 12", date(2026, 10, 1))


def test_buttons_are_exactly_those_of_who_may(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, dewi: User, joko: User, admin: User
) -> None:
    claim = drafted(scheme, parcel, by=sari)
    desk = {Act.RETURN, Act.REJECT, Act.CANCEL}
    assert acts_of(claim, made) == {Act.SUBMIT, Act.CANCEL, Act.WRITE}
    assert acts_of(claim, joko) == set()
    submit_claim(claim, by=sari, at=NOW)
    assert acts_of(claim, sari) == desk
    assert acts_of(claim, dewi) == {Act.VERIFY, *desk}
    assert acts_of(claim, made) == {Act.CANCEL}
    assert "colleague verifies" in why_not(claim, sari)
    assert [why_not(claim, user) for user in (dewi, joko, made)] == [""] * 3
    verify_claim(claim, by=dewi, at=LATER)
    assert acts_of(claim, dewi) == {Act.APPROVE, *desk}
    assert "colleague approves" in why_not(claim, sari)
    approve_claim(claim, by=dewi, at=LATER)
    assert acts_of(claim, joko) == {Act.PAY}
    assert acts_of(claim, admin) == {Act.PAY, Act.REJECT, Act.CANCEL}


def test_who_verified_as_administrator_does_not_pay(
    scheme: SubsidyScheme, parcel: Shipment, made: User, admin: User, joko: User
) -> None:
    claim = approved(scheme, parcel, by=made, desk=admin)
    assert Act.PAY not in acts_of(claim, admin)
    assert "somebody else pays" in why_not(claim, admin)
    assert Act.PAY in acts_of(claim, joko)


def test_who_handed_it_in_the_first_time_never_verifies_it(
    scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, dewi: User
) -> None:
    claim = submitted(scheme, parcel, by=sari)
    return_claim(claim, comment="Blurred", by=dewi, at=LATER)
    submit_claim(claim, by=made, at=LATER)
    assert Act.VERIFY not in acts_of(claim, sari)
    assert Act.VERIFY in acts_of(claim, dewi)


def test_page_offers_what_may_be_done_and_nothing_else(
    reader: Client, scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, joko: User
) -> None:
    claim = submitted(scheme, parcel, by=made)
    page = f"/claims/{claim.pk}/"
    acts = ("submit", "verify", "approve", "pay", "close", "return", "reject", "cancel")
    for user, offered in ((made, {"cancel"}), (sari, {"verify", "return", "reject", "cancel"}), (joko, set())):
        reader.force_login(user)
        words = shown(reader, page)[1]
        assert {act for act in acts if f'"{page}{act}/"' in words} == offered


@pytest.mark.parametrize(
    ("act", "role", "status"),
    [
        ("verify", "made", 403),
        ("approve", "joko", 403),
        ("pay", "sari", 403),
        ("close", "made", 403),
        ("submit", "joko", 403),
        ("reject", "made", 403),
        ("verify", "rina", 404),
        ("submit", "ina", 404),
        ("verify", "observer", 403),
    ],
)
def test_wrong_role_and_other_scope(
    client: Client,
    act: str,
    role: str,
    status: int,
    scheme: SubsidyScheme,
    parcel: Shipment,
    made: User,
    request: pytest.FixtureRequest,
) -> None:
    claim = submitted(scheme, parcel, by=made)
    client.force_login(request.getfixturevalue(role))
    assert client.post(f"/claims/{claim.pk}/{act}/").status_code == status
    claim.refresh_from_db()
    assert claim.state == "submitted"


def test_pressing_twice_does_it_once(
    reader: Client, scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, joko: User
) -> None:
    claim = drafted(scheme, parcel, by=made)
    page = f"/claims/{claim.pk}"
    for user, act, data, second in (
        (made, "submit", {}, 302),
        (sari, "verify", {}, 302),
        (sari, "approve", {"amount": "800.000"}, 409),
        (joko, "pay", PAYDAY, 409),
        (joko, "close", {}, 302),
    ):
        reader.force_login(user)
        assert [sent(reader, f"{page}/{act}/", data)[0] for _ in range(2)] == [302, second]
    assert list(BudgetEntry.objects.order_by("pk").values_list("kind", flat=True)) == ["committed", "spent"]


def test_stale_decision_is_told(
    reader: Client, scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User
) -> None:
    claim = submitted(scheme, parcel, by=made)
    cancel_claim(claim, comment="Sent by mistake", by=made, at=LATER)
    reader.force_login(sari)
    status, words = sent(reader, f"/claims/{claim.pk}/verify/")
    assert (status, "cannot become" in words) == (409, True)
    status, words = sent(reader, f"/claims/{claim.pk}/return/", {"comment": "Blurred"})
    assert (status, "cannot become" in words, "Blurred" in words) == (409, True, True)
    words = shown(reader, f"/claims/{claim.pk}/")[1]
    assert ("Called off: Sent by mistake" in words, "card-attention" in words) == (True, False)


def test_three_hands_are_held_by_the_pages_too(
    reader: Client, scheme: SubsidyScheme, parcel: Shipment, sari: User, admin: User
) -> None:
    claim = submitted(scheme, parcel, by=sari)
    reader.force_login(sari)
    status, words = sent(reader, f"/claims/{claim.pk}/verify/")
    assert (status, "does not verify it" in words) == (409, True)
    verify_claim(claim, by=admin, at=LATER)
    approve_claim(claim, by=admin, at=LATER)
    reader.force_login(admin)
    status, words = sent(reader, f"/claims/{claim.pk}/pay/", PAYDAY)
    assert (status, "Who pays has not" in words, "SP2D 12" in words) == (409, True, True)


@pytest.mark.parametrize(
    ("act", "data", "sentence"),
    [
        ("approve", {"amount": "900.000"}, "no more than was asked for"),
        ("approve", {"amount": "x"}, "Write an amount in rupiah"),
        ("approve", {"amount": "0"}, "more than nothing"),
        ("return", {"comment": " "}, "required"),
        ("reject", {"comment": ""}, "required"),
        ("cancel", {"comment": "\x00"}, "characters"),
    ],
)
def test_bad_decisions_are_said_and_nothing_is_lost(
    reader: Client,
    act: str,
    data: dict[str, str],
    sentence: str,
    scheme: SubsidyScheme,
    parcel: Shipment,
    made: User,
    sari: User,
) -> None:
    claim = verified(scheme, parcel, by=made, desk=sari)
    reader.force_login(sari)
    status, words = sent(reader, f"/claims/{claim.pk}/{act}/", data)
    assert (status, sentence in words) == (400, True)
    claim.refresh_from_db()
    assert claim.state == "verified"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"paid_on": "2/10/2026", "payment_reference": "SP2D 12"}, "still to come"),
        ({"paid_on": "30/9/2026", "payment_reference": "SP2D 12"}, "paid after it was approved"),
        ({"paid_on": "13/13/2026", "payment_reference": "SP2D 12"}, "day, month, year"),
        ({"paid_on": "1/10/2026", "payment_reference": ""}, "required"),
    ],
)
def test_bad_payment_is_said(
    reader: Client,
    data: dict[str, str],
    sentence: str,
    scheme: SubsidyScheme,
    parcel: Shipment,
    made: User,
    sari: User,
    joko: User,
) -> None:
    claim = approved(scheme, parcel, by=made, desk=sari)
    reader.force_login(joko)
    status, words = sent(reader, f"/claims/{claim.pk}/pay/", data)
    assert (status, sentence in words) == (400, True)


def test_submitting_without_its_papers_names_them(
    reader: Client, scheme: SubsidyScheme, parcel: Shipment, made: User
) -> None:
    claim = drafted(scheme, parcel, by=made)
    paper = claim.papers.get(kind="receipt")
    reader.force_login(made)
    assert sent(reader, f"/claims/{claim.pk}/documents/{paper.pk}/remove/")[0] == 302
    status, words = sent(reader, f"/claims/{claim.pk}/submit/")
    assert (status, "Still missing: Payment receipt" in words) == (409, True)


def test_page_of_a_paid_claim_shows_all_hands(
    reader: Client, scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, joko: User
) -> None:
    claim = paid(scheme, parcel, by=made, desk=sari, payer=joko)
    reader.force_login(joko)
    words = shown(reader, f"/claims/{claim.pk}/")[1]
    assert words.count("is-done") == 4
    assert ("SP2D 12" in words, "Close the file" in words, "How much can be claimed" in words) == (True, True, False)


def test_returned_claim_begins_its_hands_anew(
    reader: Client, scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User
) -> None:
    claim = verified(scheme, parcel, by=made, desk=sari)
    return_claim(claim, comment="The receipt is blurred.", by=sari, at=LATER)
    reader.force_login(made)
    words = shown(reader, f"/claims/{claim.pk}/")[1]
    assert ("Returned: The receipt is blurred." in words, "is-done" in words) == (True, False)
    assert ("Put it right" in words, f"/claims/{claim.pk}/submit/" in words) == (True, True)
