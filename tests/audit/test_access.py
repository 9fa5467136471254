"""Who read personal data: administrators see all of it, coordinators what was read of their own people."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from audit.models import Access
from common.events import record
from common.verbs import GENERAL, PERSONAL
from programs.models import Cohort
from tests import factories
from tests.api.conftest import Caller, ask  # noqa: F401  a fixture
from villages.actions import read_numbers
from villages.models import Person

pytestmark = pytest.mark.django_db


def words(answer: object) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())  # type: ignore[attr-defined]


@pytest.fixture
def reading(cohort: Cohort, lidia: Person, made: User, at: datetime) -> Access:
    read_numbers(lidia, by=made, at=at)
    return Access.objects.get()


def test_reading_is_seen_by_who_keeps_the_system_and_by_whose_people_it_was(
    reading: Access, admin: User, sari: User, rina: User, made: User, joko: User, observer: User
) -> None:
    for user in (admin, sari):
        assert list(Access.objects.visible_to(user)) == [reading]
    for user in (rina, made, joko, observer):
        assert not Access.objects.visible_to(user).exists()


def test_what_one_read_oneself_is_always_seen(lidia: Person, rina: User, at: datetime) -> None:
    read_numbers(lidia, by=rina, at=at)  # while the village was hers
    assert Access.objects.visible_to(rina).count() == 1


def test_list_of_numbers_is_seen_by_whose_people_are_among_them(
    cohort: Cohort, lidia: Person, made: User, sari: User, rina: User, at: datetime
) -> None:
    points = [*lidia.contact_points.values_list("pk", flat=True), 999_999]
    record(made, verb="read_numbers", by=made, at=at, contact_points=points)
    record(made, verb="read_numbers", by=made, at=at, contact_points=[999_999])
    assert Access.objects.visible_to(sari).count() == 1
    assert not Access.objects.visible_to(rina).exists()


def test_other_events_are_no_readings(cohort: Cohort, sari: User, admin: User, at: datetime) -> None:
    record(cohort, verb="changed", by=sari, at=at)
    assert not Access.objects.visible_to(admin).exists()


def test_page_says_who_read_what_of_whom(reader: Client, reading: Access, admin: User, lidia: Person) -> None:
    reader.force_login(admin)
    page = words(reader.get("/audit/"))
    for sentence in ("Made", "Numbers were read", "1 number", "Lidia Wati", f'href="/people/{lidia.pk}/"'):
        assert sentence in page
    assert lidia.contact_points.get().number not in page


def test_page_is_for_the_desk(client: Client, made: User, joko: User, observer: User) -> None:
    for user in (made, joko, observer):
        client.force_login(user)
        assert client.get("/audit/").status_code == 403


def test_page_is_filtered_by_who_what_when_and_kind(reader: Client, reading: Access, admin: User, made: User) -> None:
    reader.force_login(admin)
    day = reading.at.date()
    for kept in (f"by={made.pk}", "verb=read_numbers", "kind=villages.person", f"from={day}&to={day}"):
        assert "Lidia Wati" in words(reader.get(f"/audit/?{kept}")), kept
    dropped = (f"by={admin.pk}", "verb=exported", "kind=programs.session", f"from={day + timedelta(days=1)}")
    for gone in dropped:
        assert "Nothing was read like this" in words(reader.get(f"/audit/?{gone}")), gone
    for wrong in ("by=x", "verb=nonsense", "kind=nonsense", "from=13/31/2026"):
        assert reader.get(f"/audit/?{wrong}").status_code == 400


def test_empty_page_says_so_in_both_languages(client: Client, reader: Client, admin: User) -> None:
    reader.force_login(admin)
    assert "Nobody has read personal data yet" in words(reader.get("/audit/"))
    reader.cookies.clear()
    reader.force_login(admin)
    assert "Belum ada yang membaca data pribadi" in words(reader.get("/audit/"))


def test_page_asks_the_same_for_one_row_and_for_seven(
    client: Client, cohort: Cohort, reading: Access, sari: User, at: datetime
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get("/audit/").status_code == 200
        return len(found)

    client.force_login(sari)
    asked()
    before = asked()
    for number in range(6):
        person = factories.reachable_person(cohort.village, name=f"Siti {number}")
        read_numbers(person, by=sari, at=at)
    assert asked() == before


def test_row_that_is_gone_or_unknown_is_told_by_its_kind(
    reader: Client, admin: User, at: datetime, lidia: Person
) -> None:
    record(lidia, verb="read_numbers", by=None, at=at, contact_points=[])
    record(admin, verb="exported", by=admin, at=at, rows=7)
    factories.EventFactory.create(verb="exported", subject_type="former.kind", subject_id="x", by=admin)
    reader.force_login(admin)
    page = words(reader.get("/audit/"))
    assert "former.kind" in page.lower()
    assert "7 rows" in page
    assert "the house itself" in page


def test_program_reads_the_same(ask: Caller, reading: Access, admin: User, sari: User, rina: User, made: User) -> None:  # noqa: F811
    for user in (admin, sari):
        (row,) = ask(user).get("/api/v1/audit-events/", {"verb": "read_numbers"}).data["results"]
        assert (row["id"], row["by"]["name"], row["subject_type"]) == (reading.pk, "Made", "villages.person")
        assert ask(user).get(f"/api/v1/audit-events/{reading.pk}/").status_code == 200
    assert ask(rina).get(f"/api/v1/audit-events/{reading.pk}/").status_code == 404
    assert ask(made).get("/api/v1/audit-events/").status_code == 403


def test_printed_list_of_names_is_written_down(client: Client, cohort: Cohort, lidia: Person, sari: User) -> None:
    factories.PersonFactory.create(village=cohort.village, name="Siti")
    client.force_login(sari)
    assert client.get(f"/villages/{cohort.village_id}/consents/paper/").status_code == 200
    assert Access.objects.get(verb="names_printed").facts["rows"] == 1


def test_every_personal_verb_has_a_word() -> None:
    assert set(PERSONAL) <= set(GENERAL)


def test_lists_of_many_people_are_marked_and_found(reader: Client, admin: User, sari: User, at: datetime) -> None:
    facts = {"table": "person", "of": "villages.person"}
    record(sari, verb="exported", by=sari, at=at, **facts, rows=1234, many_people=True)
    record(sari, verb="exported", by=sari, at=at, **facts, rows=17, many_people=False)
    record(sari, verb="read_numbers", by=sari, at=at, contact_points=[1, 2, 3])
    reader.force_login(admin)
    page = words(reader.get("/audit/"))
    assert page.count("chip-warn") == 1
    assert "1234 rows: people" in page
    shown = {asked: words(reader.get(f"/audit/?many_people={asked}")) for asked in ("true", "false")}
    assert "1234 rows" in shown["true"]
    assert "17 rows" not in shown["true"]
    assert "3 numbers" not in shown["true"]
    assert "1234 rows" not in shown["false"]
    assert "17 rows" in shown["false"]
    assert "3 numbers" in shown["false"]


def test_program_finds_lists_of_many_people(ask: Caller, admin: User, at: datetime) -> None:  # noqa: F811
    for many in (True, False):
        record(admin, verb="exported", by=admin, at=at, rows=1, many_people=many)
    [row] = ask(admin).get("/api/v1/audit-events/", {"many_people": "true"}).data["results"]
    assert row["facts"]["many_people"] is True
