"""A sheet on the phone and the same sheet on the server: what a tap became is told on its line, and then let go."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now
from playwright.sync_api import Locator, Page, Route, expect

from accounts.models import User
from attendance.actions import Mark, dismiss_act, mark_attendance, take_act
from attendance.models import Act
from programs.models import Cohort, Enrollment, Session
from tests import factories
from tests.phone.conftest import Phone
from tests.phone.test_joined import MEET

pytestmark = pytest.mark.django_db(transaction=True)
SYNC = "**/api/v1/attendance/sync/"
AGE = """async (days) => {
  const { app } = await import("/static/js/phone/app.js");
  for (const row of await app.store.all("acts")) {
    await app.store.put("acts", { ...row, arrived_at: new Date(Date.now() - days * 86400000).toISOString() });
  }
}"""


@pytest.fixture
def seats(cohort: Cohort, phone: Phone) -> list[Enrollment]:
    """Three people with seats in a session that runs, and the session on the phone."""
    begun = now() - timedelta(minutes=30)
    session = factories.SessionFactory.create(program=cohort.program, cohorts=[cohort], starts_at=begun)
    rows = []
    for name in ("Ani", "Budi", "Lidia"):
        person = factories.PersonFactory.create(village=cohort.village, name=name)
        rows.append(factories.EnrollmentFactory.create(cohort=cohort, person=person))
        factories.AttendanceFactory.create(session=session, enrollment=rows[-1])
    phone.page.evaluate(MEET)
    return rows


def sheet(phone: Phone) -> Page:
    return phone.open(f"#/session/{Session.objects.get().pk}")


def line(page: Page, seat: Enrollment) -> Locator:
    return page.locator(f'[data-key="seat-{seat.pk}"]')


def tap(page: Page, seat: Enrollment, mark: str) -> None:
    line(page, seat).locator("[data-next]").click()
    expect(line(page, seat)).to_have_attribute("data-now", mark)
    expect(line(page, seat).locator("[data-fill=stand]")).to_have_text("waits to be sent")


def stands(page: Page, seat: Enrollment, words: str) -> None:
    expect(line(page, seat).locator("[data-fill=stand]")).to_have_text(words)


def cut(route: Route) -> None:
    route.abort()


def acts(phone: Phone) -> list[dict[str, Any]]:
    return phone.rows("acts")


def test_marks_and_a_walk_in_arrive_and_the_later_mark_stands(
    phone: Phone, seats: list[Enrollment], made: User, sari: User
) -> None:
    phone.context.route(SYNC, cut)
    page = sheet(phone)
    tap(page, seats[0], "present")
    tap(page, seats[1], "present")
    page.locator("[data-unasked-panel] summary").click()
    page.locator("[data-new-name]").fill("Rukmini")
    page.locator("[data-unasked-panel] label:has([name=sex][value=female])").click()
    page.locator("[data-unasked-panel] form button").click()
    expect(page.locator("[data-unasked-panel]")).to_contain_text("Rukmini was added as present.")
    page.wait_for_timeout(50)
    session = Session.objects.get()
    mark_attendance(session, marks=[Mark(seats[1].pk, "absent")], by=sari, at=now())
    phone.context.unroute(SYNC)
    phone.send()
    stands(page, seats[0], "saved")
    stands(page, seats[1], "a later mark stands")
    expect(line(page, seats[1])).to_have_attribute("data-now", "absent")
    found = {seat.enrollment.person.name: (seat.state, seat.marked_by) for seat in session.seats.all()}
    assert found == {
        "Ani": ("present", made),
        "Budi": ("absent", sari),
        "Lidia": ("expected", None),
        "Rukmini": ("present", made),
    }
    expect(page.locator("[data-key]", has_text="Rukmini")).to_have_count(1)
    assert [row["state"] for row in acts(phone)] == ["sent"] * 3
    queue = phone.open("#/queue")
    expect(queue.locator("[data-shelf=sent]")).to_contain_text("2 marks")
    expect(queue.locator("[data-shelf=sent]")).to_contain_text("A later mark stands")


def test_held_marks_are_told_until_they_are_decided(phone: Phone, seats: list[Enrollment], sari: User) -> None:
    phone.context.route(SYNC, cut)
    page = sheet(phone)
    tap(page, seats[0], "present")
    tap(page, seats[1], "present")
    Session.objects.update(state="closed")
    session = Session.objects.get()
    phone.context.unroute(SYNC)
    phone.send()
    for seat in seats[:2]:
        stands(page, seat, "waits for the coordinator")
    expect(page.locator("[data-notice=closed]")).to_be_visible()
    one, other = (Act.objects.get(seat__enrollment=seat) for seat in seats[:2])
    take_act(one, reason="On the paper", by=sari, at=now())
    dismiss_act(other, reason="She was at home", by=sari, at=now())
    phone.page.evaluate(MEET)
    phone.send()
    page = sheet(phone)
    stands(page, seats[0], "saved")
    stands(page, seats[1], "not taken: She was at home")
    expect(line(page, seats[1])).to_have_attribute("data-now", "")
    queue = phone.open("#/queue")
    expect(queue.locator("[data-shelf=sent]")).to_contain_text("Taken by the coordinator")
    expect(queue.locator("[data-shelf=sent]")).to_contain_text("Not taken by the coordinator: She was at home")
    assert session.seats.get(enrollment=seats[0]).state == "present"


def test_sent_marks_are_let_go_when_the_pack_has_told_them_for_a_day(phone: Phone, seats: list[Enrollment]) -> None:
    page = sheet(phone)
    line(page, seats[0]).locator("[data-next]").click()
    expect(line(page, seats[0])).to_have_attribute("data-now", "present")
    phone.send()
    assert [row["state"] for row in acts(phone)] == ["sent"]
    phone.page.evaluate(AGE, 1.1)
    phone.page.evaluate(MEET)
    phone.send()
    assert acts(phone) == []
    page = sheet(phone)
    expect(line(page, seats[0])).to_have_attribute("data-now", "present")
    stands(page, seats[0], "saved")


def test_marks_stay_while_no_newer_pack_came(phone: Phone, seats: list[Enrollment]) -> None:
    page = sheet(phone)
    line(page, seats[0]).locator("[data-next]").click()
    expect(line(page, seats[0])).to_have_attribute("data-now", "present")
    phone.context.route("**/api/v1/me/pack/", cut)
    phone.send()
    phone.page.evaluate(AGE, -1)
    phone.send()
    assert [row["state"] for row in acts(phone)] == ["sent"]
