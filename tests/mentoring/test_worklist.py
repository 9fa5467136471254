"""The worklist of action items: what is overdue first, settled right there, for mentor and coordinator."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from accounts.models import User
from mentoring.models import ActionItem, Visit
from programs.models import Cohort
from tests import factories
from tests.mentoring.test_views import ITEM, KEY, page, sheet

pytestmark = pytest.mark.usefixtures("clock")
LIST = "/action-items/"
DAY = timedelta(days=1)


@pytest.fixture
def visit(cohort: Cohort, made: User) -> Visit:
    return factories.VisitFactory.create(cohort=cohort, mentor=made)


@pytest.fixture
def items(visit: Visit) -> dict[str, ActionItem]:
    """One of each: due tomorrow, without a day, overdue by two and by five days, done."""
    today = localdate()

    def make(what: str, due_on: date | None, **columns: Any) -> ActionItem:
        return factories.ActionItemFactory.create(visit=visit, what=what, due_on=due_on, **columns)

    return {
        "tomorrow": make("Tie tomorrow", today + DAY),
        "someday": make("Spool someday", None),
        "late": make("Dye late", today - 2 * DAY),
        "later": make("Weave later", today - 5 * DAY, owner="Pak Kusnan"),
        "done": make(
            "Sold", today - 9 * DAY, state="done", settled_at=factories.NOW, settled_by=visit.mentor, evidence="Receipt"
        ),
    }


def order(shown: str, items: dict[str, ActionItem]) -> list[str]:
    found = {name: shown.find(f'<span class="strong">{item.what}</span>') for name, item in items.items()}
    return sorted((name for name, at in found.items() if at >= 0), key=lambda name: found[name])


def test_overdue_stands_first_then_by_day(reader: Client, items: dict[str, ActionItem], made: User) -> None:
    shown = page(reader, made, LIST)
    assert order(shown, items) == ["later", "late", "tomorrow", "someday"]
    assert shown.count("Overdue</span>") == 2
    assert "no day" in shown


def test_coordinator_sees_owner_and_mentor(reader: Client, items: dict[str, ActionItem], sari: User) -> None:
    shown = page(reader, sari, LIST)
    for words in ("Pak Kusnan", "Parengan", "· Made", "agreed"):
        assert words in shown
    factories.AssignmentFactory.create(village=items["late"].village, mentor__name="Agus")
    assert "· Made, Agus" in page(reader, sari, LIST)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("overdue=true", ["later", "late"]),
        ("overdue=false", ["tomorrow", "someday"]),
        ("state=done", ["done"]),
        ("state=", ["later", "late", "tomorrow", "someday", "done"]),
        ("mentor={made}", ["later", "late", "tomorrow", "someday"]),
        ("village={village}", ["later", "late", "tomorrow", "someday"]),
        ("state=dropped", []),
    ],
)
def test_list_is_filtered(
    reader: Client, items: dict[str, ActionItem], sari: User, made: User, asked: str, found: list[str]
) -> None:
    address = asked.format(made=made.pk, village=items["late"].village_id)
    assert order(page(reader, sari, f"{LIST}?{address}"), items) == found


def test_mentor_filter_follows_the_village_not_the_hand(
    reader: Client, items: dict[str, ActionItem], sari: User, made: User
) -> None:
    made.assignments.update(ends_on=localdate() - DAY)
    new = factories.AssignmentFactory.create(village=items["late"].village).mentor
    assert order(page(reader, sari, f"{LIST}?mentor={new.pk}"), items) == ["later", "late", "tomorrow", "someday"]
    assert "No action item matches" in page(reader, sari, f"{LIST}?mentor={made.pk}")
    assert order(page(reader, new, LIST), items) == ["later", "late", "tomorrow", "someday"]
    assert "Nothing is open" in page(reader, made, LIST)


@pytest.mark.parametrize("wrong", ["state=gone", "village=x", "mentor=999999", "overdue=perhaps"])
def test_wrong_filter_never_breaks_the_page(
    reader: Client, items: dict[str, ActionItem], sari: User, wrong: str
) -> None:
    reader.force_login(sari)
    assert reader.get(f"{LIST}?{wrong}").status_code in {200, 400}
    assert reader.get(f"{LIST}?cursor=broken").status_code == 409


def test_who_reads_the_list(
    reader: Client, items: dict[str, ActionItem], ina: User, joko: User, observer: User
) -> None:
    assert "Nothing is open" in page(reader, ina, LIST)
    page(reader, joko, LIST, 403)
    assert "Settle" not in page(reader, observer, LIST)
    assert reader.post(f"{LIST}{items['late'].pk}/finish/").status_code == 403
    reader.force_login(ina)
    assert reader.post(f"{LIST}{items['late'].pk}/finish/").status_code == 404


def test_item_is_settled_with_evidence_right_there(reader: Client, items: dict[str, ActionItem], sari: User) -> None:
    reader.force_login(sari)
    address, given = f"{LIST}{items['late'].pk}/finish/", {"evidence": "Seen it", "next": f"{LIST}?overdue=true"}
    answers = [reader.post(address, given) for _ in range(2)]
    assert [answer["Location"] for answer in answers] == [f"{LIST}?overdue=true"] * 2
    item = ActionItem.objects.get(pk=items["late"].pk)
    assert (item.state, item.evidence, item.settled_by, item.settled_in) == ("done", "Seen it", sari, None)
    assert "Seen it · Sari" in page(reader, sari, f"{LIST}?state=done")
    long = reader.post(f"{LIST}{items['later'].pk}/finish/", {"evidence": "x" * 301, "next": LIST})
    assert long.status_code == 400
    assert "x" * 301 in long.content.decode()
    assert f'name="next" value="{LIST}"' in long.content.decode()


def test_dropping_and_carrying_over_lead_back(reader: Client, items: dict[str, ActionItem], made: User) -> None:
    reader.force_login(made)
    dropped = reader.post(f"{LIST}{items['late'].pk}/drop/", {"reason": "No dye", "next": LIST})
    carried = reader.post(f"{LIST}{items['later'].pk}/carry-over/", {"due_on": "2026-11-01", "next": "//evil.example"})
    assert (dropped["Location"], carried["Location"]) == (LIST, "/m/")
    assert reader.post(f"{LIST}{items['tomorrow'].pk}/drop/", {"reason": " ", "next": LIST}).status_code == 400
    late = reader.post(f"{LIST}{items['late'].pk}/finish/", {"evidence": "x"})
    assert late.status_code == 409
    assert ActionItem.objects.get(pk=items["later"].successor_key).due_on == date(2026, 11, 1)


def test_pages_are_cut_and_go_on(reader: Client, visit: Visit, made: User) -> None:
    today = localdate()
    for number in range(60):
        factories.ActionItemFactory.create(
            visit=visit, what=f"Item {number:02}", due_on=today + (number - 20) * DAY if number < 50 else None
        )
    found: list[str] = []
    address = LIST
    for _ in range(3):
        answer = page(reader, made, address)
        found += [f"{number:02}" for number in range(60) if f'strong">Item {number:02}<' in answer]
        cursor = answer.rpartition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
        address = LIST + cursor
    assert found[:50] == [f"{number:02}" for number in range(50)]
    assert sorted(found) == [f"{number:02}" for number in range(60)]


def test_list_asks_the_same_for_one_and_for_many(reader: Client, visit: Visit, sari: User, made: User) -> None:
    def asked(user: User) -> int:
        reader.force_login(user)
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(LIST).status_code == 200
        return len(queries)

    factories.ActionItemFactory.create(visit=visit)
    counts = [(asked(sari), asked(made))]
    for _ in range(6):
        cohort = factories.CohortFactory.create(program=visit.program)
        factories.AssignmentFactory.create(village=cohort.village, mentor=made)
        factories.ActionItemFactory.create(visit=factories.VisitFactory.create(cohort=cohort, mentor=made))
    counts.append((asked(sari), asked(made)))
    assert counts[0] == counts[1]


def test_list_speaks_indonesian(client: Client, items: dict[str, ActionItem], made: User) -> None:
    assert "Tindak lanjut" in page(client, made, LIST)


def test_home_leads_to_the_overdue(reader: Client, items: dict[str, ActionItem], visit: Visit, sari: User) -> None:
    for _ in range(5):
        factories.ActionItemFactory.create(visit=visit, due_on=localdate() - DAY)
    assert f"{LIST}?overdue=true" in page(reader, sari, "/")
    assert f"{LIST}?village={visit.village_id}" in page(reader, sari, f"/villages/{visit.village_id}/")


def follow(item: ActionItem, **said: str) -> dict[str, str]:
    return {
        "followed-TOTAL_FORMS": "1",
        "followed-INITIAL_FORMS": "1",
        "followed-0-id": str(item.pk),
        **{f"followed-0-{name}": value for name, value in said.items()},
    }


def test_sheet_lists_what_is_open_and_settles_it(reader: Client, items: dict[str, ActionItem], made: User) -> None:
    shown = page(reader, made, "/visits/new/")
    assert order(shown, items) == ["later", "late", "tomorrow", "someday"]
    given = sheet(**follow(items["late"], outcome="done", words="Seen it"))
    assert [reader.post("/visits/new/", given)["Location"] for _ in range(2)] == [f"/visits/{KEY}/"] * 2
    item = ActionItem.objects.get(pk=items["late"].pk)
    assert (item.state, item.evidence, str(item.settled_in_id)) == ("done", "Seen it", KEY)
    detail = page(reader, made, f"/visits/{KEY}/")
    assert "Earlier action items" in detail
    assert "Seen it" in detail


def test_sheet_carries_over_with_a_day_and_says_what_is_missing(
    reader: Client, items: dict[str, ActionItem], made: User
) -> None:
    reader.force_login(made)
    wrong = reader.post("/visits/new/", sheet(**follow(items["late"], outcome="carried_over")))
    assert wrong.status_code == 400
    assert "Choose the new day." in wrong.content.decode()
    assert "Dye late" in wrong.content.decode()
    reader.post("/visits/new/", sheet(**follow(items["late"], outcome="carried_over", due_on="1/11/2026")))
    again = ActionItem.objects.get(pk=items["late"].successor_key)
    assert (again.due_on, str(again.visit_id)) == (date(2026, 11, 1), KEY)


def test_sheet_leaves_open_what_is_open(reader: Client, items: dict[str, ActionItem], made: User, sari: User) -> None:
    reader.force_login(made)
    reader.post("/visits/new/", sheet(**follow(items["late"], outcome="")))
    reader.post("/visits/new/", sheet(id="018f3a52-0000-7000-8000-0000000000ff", **{"agreed-0-id": ITEM[:-1] + "b"}))
    assert Visit.objects.count() == 3
    assert order(page(reader, made, "/visits/new/"), items) == ["later", "late", "tomorrow", "someday"]


def test_item_settled_meanwhile_does_not_stop_the_sheet(
    reader: Client, items: dict[str, ActionItem], made: User, sari: User
) -> None:
    reader.force_login(sari)
    reader.post(f"{LIST}{items['late'].pk}/finish/")
    reader.force_login(made)
    answer = reader.post("/visits/new/", sheet(**follow(items["late"], outcome="done")))
    assert answer.status_code == 302
    assert "were left as they are" in page(reader, made, f"/visits/{KEY}/")


def test_returned_sheet_keeps_what_it_said(
    reader: Client, items: dict[str, ActionItem], made: User, sari: User
) -> None:
    reader.force_login(made)
    reader.post("/visits/new/", sheet(**follow(items["late"], outcome="done", words="Seen it")))
    reader.force_login(sari)
    reader.post(f"/visits/{KEY}/return/", {"comment": "Who came?", "version": "1"})
    shown = page(reader, made, f"/visits/{KEY}/edit/")
    assert order(shown, items) == ["later", "tomorrow", "someday"]
    reader.post(
        f"/visits/{KEY}/edit/", sheet(base_version="2", summary="Two kodi.", **follow(items["later"], outcome=""))
    )
    visit = Visit.objects.get(pk=KEY)
    assert (visit.state, visit.followed.get().words) == ("submitted", "Seen it")
    assert "were left as they are" not in page(reader, made, f"/visits/{KEY}/")
