"""Pages of visits, action items and assignments."""

import re
import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate, now

from accounts.models import User
from mentoring.models import ActionItem, Assignment, HeldVersion, Visit
from programs.models import Cohort
from tests import factories
from villages.models import Person, Village

pytestmark = pytest.mark.usefixtures("clock")

KEY = "018f3a52-0000-7000-8000-000000000001"
ITEM = "018f3a52-0000-7000-8000-00000000000a"


@pytest.fixture
def submitted(cohort: Cohort, made: User, lidia: Person) -> Visit:
    visit = factories.VisitFactory.create(cohort=cohort, mentor=made, summary="Looked at motifs.")
    visit.modules.set([factories.module("handholding")])
    factories.AttendeeFactory.create(visit=visit, person=lidia)
    factories.FindingFactory.create(visit=visit)
    factories.ActionItemFactory.create(visit=visit)
    return visit


def sheet(**changes: Any) -> dict[str, Any]:
    """Fill the visit sheet as a browser sends it."""
    blank = {
        "id": KEY,
        "base_version": "",
        "corrects": "",
        "day": localdate().isoformat(),
        "clock": "00:01",
        "mode": "on_site",
        "modules": ["handholding", "design"],
        "walk_ins": "Bu Tini\nPak Slamet",
        "summary": "Looked at motifs.",
        "state": "submitted",
        "agreed-TOTAL_FORMS": "2",
        "agreed-INITIAL_FORMS": "0",
        "agreed-0-id": ITEM,
        "agreed-0-what": "Dye again",
        "agreed-0-owner": "Bu Lidia",
        "agreed-0-due_on": "8/10/2026",
        "agreed-1-id": str(uuid.uuid4()),
        "agreed-1-what": "",
        "found-TOTAL_FORMS": "1",
        "found-INITIAL_FORMS": "0",
        "found-0-about": "criterion:quality",
        "found-0-text": "Colours run.",
    }
    return {**blank, **changes}


def page(client: Client, user: User, address: str, status: int = 200) -> str:
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == status, address
    return re.sub(r"\s+", " ", answer.content.decode())


def test_mentor_without_villages_reads_what_to_expect(reader: Client, db: None) -> None:
    mentor = factories.UserFactory.create(role="mentor")
    assert "No village to visit yet" in page(reader, mentor, "/visits/new/")


def test_only_mentors_have_tasks_and_sheets(reader: Client, sari: User, joko: User, observer: User) -> None:
    for user in (sari, joko, observer):
        page(reader, user, "/visits/new/", 403)
    page(reader, joko, "/visits/", 403)


@pytest.mark.parametrize(
    "address",
    ["/visits/new/", "/visits/", f"/visits/{KEY}/", f"/visits/{KEY}/edit/", "/villages/1/mentors/"],
)
def test_pages_ask_to_sign_in(reader: Client, db: None, address: str) -> None:
    answer = reader.get(address)
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


def test_sheet_offers_the_people_of_the_village(reader: Client, cohort: Cohort, made: User, lidia: Person) -> None:
    shown = page(reader, made, "/visits/new/")
    assert "Lidia Wati" in shown
    assert re.search(r'type="hidden" name="id" value="[0-9a-f-]{36}"', shown)


def test_mentor_of_two_villages_chooses_first(reader: Client, cohort: Cohort, made: User) -> None:
    other = factories.CohortFactory.create(program=cohort.program)
    factories.AssignmentFactory.create(mentor=made, village=other.village)
    assert "Which village?" in page(reader, made, "/visits/new/")
    chosen = f"/visits/new/?village={other.village_id}&program={other.program_id}"
    assert other.village.name in page(reader, made, chosen)
    reader.post(chosen, sheet())
    assert Visit.objects.get().village == other.village


def test_visit_sent_twice_is_one_visit(reader: Client, cohort: Cohort, made: User, lidia: Person) -> None:
    reader.force_login(made)
    answers = [reader.post("/visits/new/", sheet(people=[lidia.pk])) for _ in range(2)]
    assert [answer["Location"] for answer in answers] == [f"/visits/{KEY}/"] * 2
    visit = Visit.objects.get()
    assert (visit.state, visit.cohort, visit.attendees.count()) == ("submitted", cohort, 3)
    item = ActionItem.objects.get()
    assert (item.what, item.due_on) == ("Dye again", date(2026, 10, 8))
    assert visit.findings.get().criterion == "quality"
    assert not HeldVersion.objects.exists()


def test_visit_sent_with_other_words_is_kept_beside(reader: Client, cohort: Cohort, made: User, sari: User) -> None:
    reader.force_login(made)
    reader.post("/visits/new/", sheet())
    answer = reader.post("/visits/new/", sheet(summary="Other words."))
    assert answer.status_code == 409
    assert "Other words." in answer.content.decode()
    shown = page(reader, sari, f"/visits/{KEY}/")
    assert "Another version" in shown
    assert "Other words." in shown


def test_key_of_another_mentor_is_answered_alike(reader: Client, cohort: Cohort, made: User) -> None:
    other = factories.AssignmentFactory.create(village=cohort.village).mentor
    reader.force_login(other)
    reader.post("/visits/new/", sheet())
    reader.force_login(made)
    answer = reader.post("/visits/new/", sheet())
    assert answer.status_code == 409
    assert Visit.objects.get().mentor == other
    assert "Change" not in page(reader, made, f"/visits/{KEY}/")  # of a village that both hold: read, never edited
    page(reader, made, f"/visits/{KEY}/edit/", 403)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"day": "3/10/2026"}, "still to come"),
        ({"day": "12/31/2026"}, "day, month, year"),
        ({"agreed-0-what": ""}, "Write what will be done."),
        ({"found-0-text": ""}, "Write what you found."),
        ({"found-0-about": "criterion:beauty"}, "not one of the available choices"),
        ({"people": ["99999999"]}, "not one of the available choices"),
        ({"summary": "a\x00b"}, "Null characters"),
        ({"id": "no key"}, "valid UUID"),
        ({"agreed-TOTAL_FORMS": "x"}, "ManagementForm"),
    ],
)
def test_wrong_sheet_is_shown_again_with_its_reason(
    reader: Client, cohort: Cohort, made: User, changes: dict[str, Any], sentence: str
) -> None:
    reader.force_login(made)
    answer = reader.post("/visits/new/", sheet(**changes))
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not Visit.objects.exists()


def test_draft_is_changed_and_submitted(reader: Client, cohort: Cohort, made: User) -> None:
    reader.force_login(made)
    reader.post("/visits/new/", sheet(state="draft"))
    shown = page(reader, made, f"/visits/{KEY}/edit/")
    assert 'name="base_version" value="1"' in shown
    assert ITEM in shown
    reader.post(f"/visits/{KEY}/edit/", sheet(state="draft", base_version="1", summary="Better."))
    assert reader.post(f"/visits/{KEY}/submit/").status_code == 302
    assert reader.post(f"/visits/{KEY}/submit/").status_code == 302
    visit = Visit.objects.get()
    assert (visit.summary, visit.version, visit.state) == ("Better.", 2, "submitted")
    page(reader, made, f"/visits/{KEY}/edit/", 409)


def test_sheet_made_on_an_older_version_is_kept_beside(reader: Client, cohort: Cohort, made: User) -> None:
    reader.force_login(made)
    reader.post("/visits/new/", sheet(state="draft"))
    reader.post(f"/visits/{KEY}/edit/", sheet(state="draft", base_version="1", summary="First."))
    stale = reader.post(f"/visits/{KEY}/edit/", sheet(state="draft", base_version="1", summary="Second."))
    assert stale.status_code == 409
    assert Visit.objects.get().summary == "First."
    assert HeldVersion.objects.get().content["summary"] == "Second."


def test_coordinator_approves_once(reader: Client, sari: User, submitted: Visit) -> None:
    shown = page(reader, sari, f"/visits/{submitted.pk}/")
    assert "This visit waits for you" in shown
    for _ in range(2):
        assert reader.post(f"/visits/{submitted.pk}/approve/", {"version": "1"}).status_code == 302
    submitted.refresh_from_db()
    assert (submitted.state, submitted.approved_by) == ("approved", sari)
    assert "Approved" in page(reader, sari, f"/visits/{submitted.pk}/")


def test_version_that_was_not_read_is_not_approved(reader: Client, sari: User, submitted: Visit) -> None:
    Visit.objects.update(version=3)
    reader.force_login(sari)
    assert reader.post(f"/visits/{submitted.pk}/approve/", {"version": "1"}).status_code == 409
    assert reader.post(f"/visits/{submitted.pk}/return/", {"version": "1", "comment": "No"}).status_code == 409
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


def test_coordinator_returns_with_a_comment(reader: Client, sari: User, made: User, submitted: Visit) -> None:
    reader.force_login(sari)
    assert reader.post(f"/visits/{submitted.pk}/return/", {"version": "1", "comment": ""}).status_code == 400
    assert reader.post(f"/visits/{submitted.pk}/return/", {"version": "1", "comment": "Who came?"}).status_code == 302
    assert reader.post(f"/visits/{submitted.pk}/approve/", {"version": "2"}).status_code == 409
    assert "Returned: Who came?" in page(reader, made, f"/visits/{submitted.pk}/")


def test_mentor_neither_approves_nor_sees_others(reader: Client, made: User, ina: User, submitted: Visit) -> None:
    reader.force_login(made)
    assert reader.post(f"/visits/{submitted.pk}/approve/").status_code == 403
    reader.force_login(ina)
    assert reader.get(f"/visits/{submitted.pk}/").status_code == 404
    assert reader.post(f"/visits/{submitted.pk}/submit/").status_code == 404
    assert "Parengan" not in page(reader, ina, "/visits/")


def test_coordinator_of_another_program_sees_no_visit(reader: Client, rina: User, submitted: Visit) -> None:
    reader.force_login(rina)
    assert reader.get(f"/visits/{submitted.pk}/").status_code == 404
    assert reader.post(f"/visits/{submitted.pk}/approve/").status_code == 404


def test_drafts_are_the_mentors_own(reader: Client, sari: User, made: User, submitted: Visit) -> None:
    Visit.objects.update(state="draft")
    page(reader, sari, f"/visits/{submitted.pk}/", 404)
    assert "Dye a new sample" not in page(reader, sari, f"/villages/{submitted.village_id}/")


def test_correction_is_a_new_linked_visit(reader: Client, made: User, sari: User, submitted: Visit) -> None:
    reader.force_login(sari)
    reader.post(f"/visits/{submitted.pk}/approve/")
    address = f"/visits/new/?village={submitted.village_id}&program={submitted.program_id}&corrects={submitted.pk}"
    shown = page(reader, made, address)
    assert "Looked at motifs." in shown
    reader.post(address, sheet(corrects=str(submitted.pk), summary="Right words."))
    assert Visit.objects.get(pk=KEY).corrects == submitted
    assert "Corrected by" in page(reader, made, f"/visits/{submitted.pk}/")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=submitted", True),
        ("state=approved", False),
        ("module=handholding", True),
        ("module=design", False),
        ("from=2026-09-30&to=2026-09-30", True),
        ("to=29/9/2026", False),
        ("village={village}&program={program}&mentor={mentor}", True),
    ],
)
def test_list_is_narrowed_by_its_address(reader: Client, sari: User, submitted: Visit, query: str, found: bool) -> None:  # noqa: FBT001
    keys = {"village": submitted.village_id, "program": submitted.program_id, "mentor": submitted.mentor_id}
    shown = page(reader, sari, f"/visits/?{query.format(**keys)}")
    assert (f"/visits/{submitted.pk}/" in shown) == found


@pytest.mark.parametrize("query", ["state=new", "village=99999999", "from=13/13/2026", "cursor=abc"])
def test_wrong_filter_is_said(reader: Client, sari: User, submitted: Visit, query: str) -> None:
    reader.force_login(sari)
    assert reader.get(f"/visits/?{query}").status_code in (400, 409)


def test_action_item_is_finished_once(reader: Client, made: User, submitted: Visit) -> None:
    item = submitted.action_items.get()
    reader.force_login(made)
    for _ in range(2):
        assert reader.post(f"/action-items/{item.pk}/finish/")["Location"] == "/m/"
    item.refresh_from_db()
    assert (item.state, item.settled_by) == ("done", made)


def test_action_item_is_dropped_with_a_reason_or_gets_a_new_day(reader: Client, sari: User, submitted: Visit) -> None:
    item, other = submitted.action_items.get(), factories.ActionItemFactory.create(visit=submitted)
    reader.force_login(sari)
    assert reader.post(f"/action-items/{item.pk}/drop/", {"reason": ""}).status_code == 400
    reader.post(f"/action-items/{item.pk}/drop/", {"reason": "No dye"})
    assert reader.post(f"/action-items/{item.pk}/drop/", {"reason": "Again"}).status_code == 409
    assert "Or drop it" in page(reader, sari, f"/action-items/{other.pk}/carry-over/")
    reader.post(f"/action-items/{other.pk}/carry-over/", {"due_on": "1 Des 2026"})
    states = sorted(ActionItem.objects.values_list("state", "due_on"))
    assert states == [
        ("carried_over", date(2026, 10, 8)),
        ("dropped", date(2026, 10, 8)),
        ("open", date(2026, 12, 1)),
    ]


def test_action_items_of_others_are_not_there(reader: Client, ina: User, joko: User, submitted: Visit) -> None:
    item = submitted.action_items.get()
    reader.force_login(ina)
    assert reader.post(f"/action-items/{item.pk}/finish/").status_code == 404
    reader.force_login(joko)
    assert reader.post(f"/action-items/{item.pk}/finish/").status_code == 403


def test_coordinator_assigns_and_ends(reader: Client, sari: User, ina: User, cohort: Cohort, made: User) -> None:
    address = f"/villages/{cohort.village_id}/mentors/"
    assert "Made" in page(reader, sari, address)
    assert reader.post(address, {"mentor": ina.pk, "starts_on": "1/10/2026"}).status_code == 302
    again = reader.post(address, {"mentor": ina.pk, "starts_on": "2/10/2026"})
    assert again.status_code == 409
    assert "already assigned" in again.content.decode()
    letter = Assignment.objects.get(village=cohort.village, mentor=ina)
    page(reader, sari, f"/assignments/{letter.pk}/end/")
    assert reader.post(f"/assignments/{letter.pk}/end/", {"ends_on": "30/9/2026"}).status_code == 400
    assert reader.post(f"/assignments/{letter.pk}/end/", {"ends_on": "31/12/2026"}).status_code == 302
    assert reader.post(f"/assignments/{letter.pk}/end/", {"ends_on": "30/12/2026"}).status_code == 409


def test_only_coordinators_assign(reader: Client, made: User, rina: User, cohort: Cohort) -> None:
    page(reader, made, f"/villages/{cohort.village_id}/mentors/", 403)
    page(reader, rina, f"/villages/{cohort.village_id}/mentors/", 404)


@pytest.mark.parametrize("address", ["/visits/", "/visits/{key}/", "/visits/new/", "/visits/{key}/edit/"])
def test_pages_speak_indonesian_first(client: Client, made: User, submitted: Visit, address: str) -> None:
    Visit.objects.update(state="draft")
    assert '<html lang="id"' in page(client, made, address.format(key=submitted.pk))


def test_pages_ask_the_same_number_of_queries(
    reader: Client, made: User, cohort: Cohort, submitted: Visit, at: datetime
) -> None:
    def counts() -> dict[str, int]:
        found = {}
        for address in ("/visits/", f"/visits/{submitted.pk}/"):
            with CaptureQueriesContext(connection) as queries:
                page(reader, made, address)
            found[address] = len(queries)
        return found

    counts()
    with_one = counts()
    for _ in range(6):
        village: Village = factories.AssignmentFactory.create(mentor=made).village
        other = factories.CohortFactory.create(village=village, program=cohort.program)
        visit = factories.VisitFactory.create(cohort=other, mentor=made, state="returned")
        visit.modules.set([factories.module("handholding"), factories.module("finance")])
        factories.ActionItemFactory.create(visit=visit)
        factories.ActionItemFactory.create(visit=submitted)
        factories.FindingFactory.create(visit=submitted)
        factories.AttendeeFactory.create(visit=submitted)
        factories.SessionFactory.create(program=cohort.program, cohorts=[other], starts_at=now() + timedelta(minutes=1))
    assert counts() == with_one
    print(with_one)  # noqa: T201  shown with -s
