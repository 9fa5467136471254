"""Pages of handovers: prepared at the desk, written and signed by mentors."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common.models import Event
from mentoring.handover import handovers_waiting
from mentoring.models import ActionItem, Assignment, Handover
from programs.models import Cohort
from tests import factories
from tests.mentoring.handovers.steps import contact
from tests.mentoring.test_views import page

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def handover(cohort: Cohort, made: User) -> Handover:
    made.assignments.update(ends_on=date(2200, 1, 1))
    taker = factories.AssignmentFactory.create(village=cohort.village, mentor__name="Agus").mentor
    return factories.HandoverFactory.create(village=cohort.village, letter=made.assignments.get(), taker=taker)


def sheet(made: User, agus: User, **changes: Any) -> dict[str, Any]:
    letter = made.assignments.get()
    return {"letter": letter.pk, "last_on": "10/10/2026", "taker": agus.pk, "first_on": "11/10/2026", **changes}


def test_desk_prepares_from_the_page_of_mentors(reader: Client, cohort: Cohort, made: User, sari: User) -> None:
    agus = factories.UserFactory.create(name="Agus", role="mentor")
    address = f"/villages/{cohort.village_id}/handover/"
    assert address in page(reader, sari, f"/villages/{cohort.village_id}/mentors/")
    assert f'<option value="{made.assignments.get().pk}" selected>Made</option>' in page(reader, sari, address)
    first, again = (reader.post(address, sheet(made, agus)) for _ in range(2))
    handover = Handover.objects.get()
    assert (first["Location"], again.status_code) == (f"/handovers/{handover.pk}/", 400)
    shown = page(reader, sari, f"/handovers/{handover.pk}/")
    for words in ("Handover of Parengan", "Made", "until Saturday, 10 October 2026", "Agus", "not signed yet"):
        assert words in shown
    assert f"/handovers/{handover.pk}/" in page(reader, sari, f"/villages/{cohort.village_id}/mentors/")
    assert "Made → Agus" in page(reader, sari, "/handovers/")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"last_on": "10/13/2026"}, "day, month, year"),
        ({"last_on": "1/1/2020"}, "An assignment ends after it starts."),
        ({"taker": ""}, "This field is required."),
        ({"letter": "0"}, "not one of the available choices"),
        ({"taker": "made"}, "A village is handed over to another mentor."),
    ],
)
def test_wrong_handover_is_said_in_words(
    reader: Client, cohort: Cohort, made: User, sari: User, wrong: dict[str, str], sentence: str
) -> None:
    agus = factories.UserFactory.create(name="Agus", role="mentor")
    reader.force_login(sari)
    given = sheet(made, agus, **({"taker": made.pk} if wrong.get("taker") == "made" else wrong))
    answer = reader.post(f"/villages/{cohort.village_id}/handover/", given)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not Handover.objects.exists()


def test_ending_the_last_assignment_says_to_hand_over(reader: Client, cohort: Cohort, made: User, sari: User) -> None:
    factories.ActionItemFactory.create(visit=factories.VisitFactory.create(cohort=cohort, mentor=made))
    reader.force_login(sari)
    answer = reader.post(f"/assignments/{made.assignments.get().pk}/end/", {"ends_on": "10/10/2026"})
    assert answer.status_code == 409
    assert "Hand it over." in answer.content.decode()


def test_mentors_write_and_sign(reader: Client, handover: Handover, made: User) -> None:
    assert [row["id"] for row in handovers_waiting(made)] == [handover.pk]
    address = f"/handovers/{handover.pk}/"
    assert "Ask Bu Lidia first." in page(reader, made, f"{address}works/")
    written = [reader.post(f"{address}works/", {"works": "Come on Friday.", "version": "1"}) for _ in range(2)]
    assert [answer.status_code for answer in written] == [302, 302]
    stale = reader.post(f"{address}works/", {"works": "Other", "version": "1"})
    assert (stale.status_code, "Other" in stale.content.decode()) == (409, True)
    assert reader.post(f"{address}sign/", {"version": "1"}).status_code == 409
    signed = [reader.post(f"{address}sign/", {"version": "2"}) for _ in range(2)]
    assert [answer.status_code for answer in signed] == [302, 302]
    assert handover.signatures.count() == 1
    assert handovers_waiting(made) == []
    assert "Somebody has signed already." in page(reader, made, f"{address}works/")
    assert f'action="{address}sign/"' in page(reader, handover.taker, address)
    reader.post(f"{address}sign/", {"version": "2"})
    shown = page(reader, made, address)
    assert "Signed by both" in shown
    assert "sign/" not in shown
    assert reader.post(f"{address}sign/", {"version": "x"}).status_code == 400


def test_taker_writes_nothing_and_strangers_see_nothing(
    reader: Client, handover: Handover, ina: User, rina: User, joko: User, observer: User
) -> None:
    address = f"/handovers/{handover.pk}/"
    page(reader, handover.taker, f"{address}works/", 403)
    page(reader, handover.taker, f"{address}cancel/", 403)
    for stranger in (ina, rina):
        for tail in ("", "works/", "sign/", "paper/", "paper.pdf"):
            page(reader, stranger, f"{address}{tail}", 404)
    for reads in (joko, observer):
        page(reader, reads, address, 403)
        page(reader, reads, "/handovers/", 403)
    page(reader, ina, f"/villages/{handover.village_id}/handover/", 403)
    page(reader, rina, f"/villages/{handover.village_id}/handover/", 404)


def test_desk_signs_for_who_is_gone(reader: Client, handover: Handover, made: User, sari: User) -> None:
    address = f"/handovers/{handover.pk}/"
    assert f"{address}sign/" not in page(reader, sari, address)
    reader.force_login(sari)
    assert reader.post(f"{address}sign/", {"version": "1", "reason": "Gone"}).status_code == 409
    User.objects.filter(pk=made.pk).update(is_active=False)
    assert "Sign in the place of Made" in page(reader, sari, address)
    empty = reader.post(f"{address}sign/", {"version": "1"})
    assert (empty.status_code, "Say why you sign" in empty.content.decode()) == (400, True)
    assert reader.post(f"{address}sign/", {"version": "1", "reason": "Moved to Kupang"}).status_code == 302
    assert "Sari in their place: Moved to Kupang" in page(reader, sari, address)


def test_handover_is_called_off_with_a_reason(reader: Client, cohort: Cohort, made: User, sari: User) -> None:
    agus = factories.UserFactory.create(name="Agus", role="mentor")
    reader.force_login(sari)
    reader.post(f"/villages/{cohort.village_id}/handover/", sheet(made, agus))
    address = f"/handovers/{Handover.objects.get().pk}/"
    assert reader.post(f"{address}cancel/", {"reason": ""}).status_code == 400
    answers = [reader.post(f"{address}cancel/", {"reason": "Made stays"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert "Called off: Made stays" in page(reader, sari, address)
    assert Assignment.objects.get().mentor == made


def test_numbers_are_masked_until_asked_for_and_that_is_kept(reader: Client, handover: Handover, made: User) -> None:
    contact(handover.village)
    number = handover.village.people.get(name="Kusnan").contact_points.get()
    address = f"/handovers/{handover.pk}/"
    shown = page(reader, made, address)
    assert "Kusnan" in shown
    assert number.number not in shown
    assert not Event.objects.filter(verb="read_numbers").exists()
    answer = reader.post(f"{address}contacts/")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert f"tel:{number.number}" in answer.content.decode()
    assert Event.objects.get(verb="read_numbers").facts == {"contact_points": [number.pk]}
    assert reader.get(f"{address}contacts/")["Location"] == address


def test_who_left_reads_their_own_logs_only(reader: Client, handover: Handover, cohort: Cohort, made: User) -> None:
    contact(handover.village)
    factories.VisitFactory.create(cohort=cohort, mentor=made, summary="Words of Made")
    other = factories.VisitFactory.create(cohort=cohort, summary="Words of another")
    factories.ActionItemFactory.create(visit=other)
    made.assignments.update(ends_on=date(2026, 9, 1))
    shown = page(reader, made, f"/handovers/{handover.pk}/")
    assert "Words of Made" in shown
    for words in ("Words of another", "Kusnan", "Dye a new sample"):
        assert words not in shown
    assert "Kusnan" not in reader.post(f"/handovers/{handover.pk}/contacts/").content.decode()
    assert not Event.objects.filter(verb="read_numbers").exists()


def test_pages_ask_the_same_for_one_and_for_many(
    reader: Client, handover: Handover, cohort: Cohort, made: User, sari: User
) -> None:
    def asked(address: str) -> int:
        reader.force_login(sari)
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(address).status_code == 200
        return len(queries)

    def grow() -> None:
        contact(handover.village)
        visit = factories.VisitFactory.create(cohort=cohort, mentor=made)
        factories.ActionItemFactory.create(visit=visit)
        factories.VisitPlanFactory.create(
            mentor=made, village=cohort.village, planned_at=factories.NOW + timedelta(hours=ActionItem.objects.count())
        )
        there = factories.CohortFactory.create(program=cohort.program).village
        factories.HandoverFactory.create(village=there)

    grow()
    addresses = (f"/handovers/{handover.pk}/", "/handovers/", f"/handovers/{handover.pk}/paper/")
    before = [asked(address) for address in addresses]
    for _ in range(6):
        grow()
    assert [asked(address) for address in addresses] == before


def test_pages_speak_indonesian(client: Client, handover: Handover, sari: User) -> None:
    assert "Serah terima Parengan" in page(client, sari, f"/handovers/{handover.pk}/")
    assert "Serah terima" in page(client, sari, "/handovers/")


def test_empty_list_says_what_it_is_for(reader: Client, cohort: Cohort, sari: User) -> None:
    assert "No handover yet" in page(reader, sari, "/handovers/")
    assert "No handover matches" in page(reader, sari, "/handovers/?state=signed")
    reader.force_login(sari)
    assert reader.get("/handovers/?state=gone").status_code == 400
