"""Pages on which versions of visits are decided on, and the visits around them."""

import re
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from mentoring.actions import Address, keep_photo, take_held
from mentoring.models import HeldVersion, Photo, Visit
from programs.models import Cohort
from tests import factories
from tests.mentoring.pictures import drawn
from tests.mentoring.test_views import KEY, page, sheet
from villages.models import Village

pytestmark = pytest.mark.usefixtures("clock")
LIST = "/visits/review/"


def held_of(cohort: Cohort, mentor: User, **columns: Any) -> HeldVersion:
    visit = factories.VisitFactory.create(cohort=cohort, mentor=mentor, state=columns.pop("stands", "submitted"))
    return factories.HeldVersionFactory.create(visit=visit, **columns)


def alone(cohort: Cohort, mentor: User, reason: str = "not_assigned", **columns: Any) -> HeldVersion:
    held = held_of(cohort, mentor)
    HeldVersion.objects.filter(pk=held.pk).update(visit=None, key=uuid.uuid4(), reason=reason, **columns)
    held.refresh_from_db()
    return held


def at(held: HeldVersion, tail: str = "") -> str:
    return f"{LIST}{held.pk}/{tail}"


def test_list_shows_what_waits_by_village_reason_and_state(
    reader: Client, cohort: Cohort, made: User, sari: User, parengan: Village
) -> None:
    held_of(cohort, made)
    alone(cohort, made, "closed_period")
    shown = page(reader, sari, LIST)
    assert "Two versions of one visit" in shown
    assert "Period is closed" in shown
    assert shown.count("To decide</span>") == 2
    narrowed = page(reader, sari, f"{LIST}?state=waiting&reason=clock&village={parengan.pk}")
    assert "Nothing matches" in narrowed
    assert "<tbody>" in page(reader, sari, f"{LIST}?village={parengan.pk}&reason=closed_period")
    page(reader, sari, f"{LIST}?reason=lost", 400)


def test_list_hides_what_is_decided_until_it_is_asked_for(
    reader: Client, cohort: Cohort, made: User, sari: User
) -> None:
    held = alone(cohort, made)
    reader.force_login(sari)
    reader.post(at(held, "dismiss/"), {"comment": "Twice."})
    assert "Nothing waits for a decision" in page(reader, sari, LIST)
    assert "Not taken" in page(reader, sari, f"{LIST}?state=dismissed")


def test_pages_are_closed_to_others(
    reader: Client, cohort: Cohort, made: User, ina: User, rina: User, joko: User, observer: User
) -> None:
    held = alone(cohort, made)
    for user in (joko, observer):
        page(reader, user, LIST, 403)
        page(reader, user, at(held), 403)
    for user in (ina, rina):
        page(reader, user, at(held), 404)
    page(reader, made, at(held), 200)
    reader.force_login(made)
    assert reader.post(at(held, "take/")).status_code == 403
    assert reader.post(at(held, "dismiss/"), {"comment": "x"}).status_code == 403
    reader.force_login(rina)
    assert reader.post(at(held, "take/")).status_code == 404
    reader.logout()
    assert reader.get(at(held)).status_code == 302


def test_versions_stand_side_by_side_with_marks(reader: Client, cohort: Cohort, made: User, sari: User) -> None:
    shown = page(reader, sari, at(held_of(cohort, made)))
    for words in ("Looked at the new motifs.", "Other words.", "differs:", "1 part differs.", "takes the place"):
        assert words in shown
    approved = page(reader, sari, at(held_of(cohort, made, stands="approved")))
    assert "becomes a correction of it" in approved


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("not_assigned", "mentored Parengan before"),
        ("closed_period", "after the period of this visit was closed"),
        ("clock", "its time is put right"),
        ("key_taken", "a key of its own"),
    ],
)
def test_each_reason_is_said(reader: Client, cohort: Cohort, made: User, sari: User, reason: str, words: str) -> None:
    shown = page(reader, sari, at(alone(cohort, made, reason, skew=7260)))
    assert words in shown
    assert "2 hours 1 minute ahead" in shown


def test_taking_it_twice_takes_it_once(reader: Client, cohort: Cohort, made: User, sari: User, admin: User) -> None:
    held, following = alone(cohort, made), alone(cohort, made)
    reader.force_login(sari)
    for _ in range(2):
        answer = reader.post(at(held, "take/"), follow=True)
        assert "The version is taken." in answer.content.decode()
    visit = Visit.objects.get(pk=held.key)
    assert (visit.state, visit.version) == ("submitted", 1)
    shown = page(reader, sari, at(held))
    assert f"/visits/{visit.pk}/" in shown
    assert at(following) in shown
    reader.force_login(admin)
    assert reader.post(at(held, "take/")).status_code == 409
    assert reader.post(at(held, "dismiss/"), {"comment": "No."}).status_code == 409


def test_what_does_not_fit_is_said_on_the_page(reader: Client, cohort: Cohort, made: User, sari: User) -> None:
    held = alone(cohort, made)
    HeldVersion.objects.filter(pk=held.pk).update(content={**held.content, "attendees": [[10**9, ""]]})
    reader.force_login(sari)
    answer = reader.post(at(held, "take/"))
    assert answer.status_code == 400
    assert "Write them down by name." in answer.content.decode()
    assert not Visit.objects.filter(pk=held.key).exists()


def test_dismissing_asks_why_and_tells_the_mentor(reader: Client, cohort: Cohort, made: User, sari: User) -> None:
    held = alone(cohort, made)
    reader.force_login(sari)
    blank = reader.post(at(held, "dismiss/"), {"comment": ""})
    assert blank.status_code == 400
    assert '<details class="fold" open>' in blank.content.decode()
    for _ in range(2):
        assert reader.post(at(held, "dismiss/"), {"comment": "Written twice."}).status_code == 302
    assert "Written twice." in page(reader, made, at(held))


def test_visit_of_a_village_lost_meanwhile_is_kept_from_the_sheet_too(
    reader: Client, cohort: Cohort, made: User, sari: User
) -> None:
    reader.force_login(made)
    cohort.program.closed_through = date(2026, 10, 1)
    cohort.program.save()
    answer = reader.post("/visits/new/", sheet(), follow=True)
    assert "The period of this visit is closed." in answer.content.decode()
    assert HeldVersion.objects.get().reason == "closed_period"


def test_clock_of_the_phone_is_said_on_the_visit(reader: Client, cohort: Cohort, made: User, sari: User) -> None:
    visit = factories.VisitFactory.create(cohort=cohort, mentor=made, clock_skew=-4000)
    shown = page(reader, sari, f"/visits/{visit.pk}/")
    assert "The phone's clock was 1 hour 6 minutes behind" in shown.replace("&#x27;", "'")
    Visit.objects.update(clock_skew=300)
    assert "clock was" not in page(reader, sari, f"/visits/{visit.pk}/")


def test_visit_leads_to_the_next_that_waits(reader: Client, cohort: Cohort, made: User, sari: User) -> None:
    first, second = (factories.VisitFactory.create(cohort=cohort, mentor=made) for _ in range(2))
    reader.force_login(sari)
    shown = reader.post(f"/visits/{first.pk}/approve/", {"version": 1}, follow=True).content.decode()
    assert f'href="/visits/{second.pk}/"' in shown
    assert "Next visit that waits" in shown
    shown = reader.post(f"/visits/{second.pk}/return/", {"comment": "Who?", "version": 1}, follow=True).content.decode()
    assert "Next visit that waits" not in shown
    factories.VisitFactory.create(cohort=cohort, mentor=made)
    assert "Next visit that waits" not in page(reader, made, f"/visits/{first.pk}/")


def test_visits_are_narrowed_by_village_and_lead_to_what_waits(
    reader: Client, cohort: Cohort, made: User, sari: User, parengan: Village
) -> None:
    alone(cohort, made)
    shown = page(reader, sari, f"/visits/?village={parengan.pk}")
    assert 'name="village"' in shown
    assert "1 to decide on" in shown
    shown = page(reader, sari, "/")
    assert "waits for a decision: Village no longer assigned" in shown


def test_observer_is_shown_no_version_that_waits(reader: Client, cohort: Cohort, made: User, observer: User) -> None:
    held = held_of(cohort, made, stands="approved")
    assert "Other words." not in page(reader, observer, f"/visits/{held.key}/")
    assert "Other words." in page(reader, made, f"/visits/{held.key}/")


def test_correction_is_written_from_the_page_as_a_new_linked_visit(
    reader: Client, cohort: Cohort, made: User, sari: User
) -> None:
    visit = factories.VisitFactory.create(cohort=cohort, mentor=made, state="approved")
    shown = page(reader, made, f"/visits/{visit.pk}/")
    (address,) = re.findall(r'href="(/visits/new/[^"]*corrects[^"]*)"', shown)
    address = address.replace("&amp;", "&")
    assert f'name="corrects" value="{visit.pk}"' in page(reader, made, address)
    assert reader.post(address, sheet(corrects=str(visit.pk))).status_code == 302
    correction = Visit.objects.get(pk=KEY)
    assert (correction.corrects, correction.state) == (visit, "submitted")
    assert f"/visits/{KEY}/" in page(reader, sari, f"/visits/{visit.pk}/")


@pytest.mark.parametrize("address", [LIST, "/visits/"])
def test_lists_ask_the_same_for_one_row_and_for_seven(
    reader: Client, cohort: Cohort, made: User, sari: User, address: str
) -> None:
    counts = []
    for more in (1, 6):
        for _ in range(more):
            alone(cohort, made)
        page(reader, sari, address)
        with CaptureQueriesContext(connection) as queries:
            page(reader, sari, address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_pages_speak_indonesian(client: Client, cohort: Cohort, made: User, sari: User) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "id"
    held = held_of(cohort, made)
    client.force_login(sari)
    for address in (LIST, at(held)):
        shown = client.get(address).content.decode()
        assert "decide" not in shown.lower()
        assert "Kunjungan" in shown


def test_photos_of_a_held_version_are_seen_by_who_decides(
    reader: Client, cohort: Cohort, made: User, sari: User, rina: User, ina: User, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    held, other = alone(cohort, made), alone(cohort, ina)
    assert 'id="photos"' not in page(reader, sari, at(held))
    photo = factories.PhotoFactory.create(visit=None, visit_key=held.key, by=made, position=1, named=False, sha256="")
    keep_photo(Address(held.key, photo.pk, made), sent=drawn(1), at=held.received_at)
    waiting = factories.PhotoFactory.create(visit=None, visit_key=held.key, by=made, position=2)
    factories.PhotoFactory.create(visit=None, visit_key=held.key, by=ina, position=1)  # another phone's, same key
    picture = f"/visits/{held.key}/photos/{photo.pk}/"
    for user in (sari, made):
        shown = page(reader, user, at(held))
        assert f'href="{picture}"' in shown
        assert "1 of 2 photos arrived" in shown
        assert reader.get(picture).status_code == 200
        assert reader.get(f"/api/v1{picture}").status_code == 200
        assert reader.get(f"/api/v1{picture}file/?small=1").status_code == 200
    for user in (rina, ina):
        reader.force_login(user)
        assert reader.get(picture).status_code == 404
        assert reader.get(f"/api/v1{picture}").status_code == 404
    assert set(Photo.objects.visible_to(sari)) == {photo, waiting}
    assert 'id="photos"' not in page(reader, sari, at(other))
    take_held(held, by=sari, at=held.received_at)
    assert f'href="{picture}"' in page(reader, sari, f"/visits/{held.key}/")


def test_page_takes_the_same_queries_for_1_and_6_photos(reader: Client, cohort: Cohort, made: User, sari: User) -> None:
    held, counts = alone(cohort, made), []
    reader.force_login(sari)
    for first, last in ((1, 2), (2, 7)):
        for position in range(first, last):
            factories.PhotoFactory.create(visit=None, visit_key=held.key, by=made, position=position)
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(at(held)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
