"""The pack of a mentor's phone: what is needed, nothing of others, the same number of queries however much it is."""

import json
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from mentoring.actions import put_visit
from mentoring.content import Agreed, Came, Found, VisitContent
from mentoring.models import Visit
from mentoring.states import VisitState
from phone.pack import pack_of
from programs.models import Cohort, Session
from programs.states import SessionState
from tests import factories
from villages.models import Person, Village

ADDRESS = "/api/v1/me/pack/"


def _visit(made: User, cohort: Cohort, lidia: Person, *, at: datetime, state: str = VisitState.SUBMITTED) -> Visit:
    content = VisitContent(
        village=cohort.village_id,
        program=cohort.program_id,
        visited_at=at - timedelta(hours=2),
        summary="Looms",
        attendees=(Came(lidia.pk), Came(name="A guest")),
        findings=(Found("Good cloth", criterion="quality"),),
        action_items=(Agreed(uuid4(), "Buy yarn", "Bu Lidia"),),
        state=state,
    )
    verdict = put_visit(id=uuid4(), content=content, by=made, at=at)
    assert verdict.visit
    return verdict.visit


def test_pack_holds_what_the_mentor_needs(made: User, cohort: Cohort, lidia: Person, at: datetime) -> None:
    visit = _visit(made, cohort, lidia, at=at)
    pack = pack_of(made, at=at).content
    assert pack["user"] == {"id": made.pk, "name": "Made"}
    [village] = pack["villages"]
    assert (village["name"], village["zone"], village["programs"]) == (
        "Parengan",
        "Asia/Jakarta",
        [{"id": cohort.program_id, "name": "Desa Devisa 2026"}],
    )
    assert pack["people"] == [{"id": lidia.pk, "village": village["id"], "name": "Lidia Wati", "hamlet": lidia.hamlet}]
    [item] = pack["items"]
    assert (item["what"], item["owner"], item["visit"], item["due_on"]) == ("Buy yarn", "Bu Lidia", str(visit.pk), None)
    [shown] = pack["visits"]
    assert shown["attendees"] == [
        {"person": {"id": lidia.pk, "name": "Lidia Wati"}, "name": ""},
        {"person": None, "name": "A guest"},
    ]
    assert shown["findings"] == [{"module": None, "criterion": "quality", "text": "Good cloth"}]
    assert (shown["state"], shown["version"], shown["location"]) == ("submitted", 1, None)
    assert len(pack["modules"]) == 11
    assert len(pack["criteria"]) == 8


def test_pack_tells_nothing_of_others_and_no_numbers(
    made: User, ina: User, cohort: Cohort, lidia: Person, elsewhere: Village, at: datetime
) -> None:
    _visit(made, cohort, lidia, at=at)
    factories.PersonFactory.create(village=elsewhere, name="Baiq Sri")
    text = json.dumps(pack_of(ina, at=at).content)
    assert "Lidia" not in text
    assert "Parengan" not in text
    assert "Baiq Sri" in text
    numbers = [point.number for point in lidia.contact_points.all()]
    assert numbers
    assert not [number for number in numbers if number in json.dumps(pack_of(made, at=at).content)]


def test_old_visits_of_a_village_are_its_last_two(made: User, cohort: Cohort, lidia: Person, at: datetime) -> None:
    long_ago = [_visit(made, cohort, lidia, at=at - timedelta(days=days)) for days in (40, 50, 60)]
    returned = _visit(made, cohort, lidia, at=at - timedelta(days=70))
    Visit.objects.filter(pk=returned.pk).update(state=VisitState.RETURNED, comment="More, please")
    shown = [visit["id"] for visit in pack_of(made, at=at).content["visits"]]
    assert shown == [str(visit.pk) for visit in (*long_ago[:2], returned)]


def test_sessions_are_the_near_ones_whose_sheet_is_open(
    made: User, cohort: Cohort, lidia: Person, elsewhere: Village, at: datetime
) -> None:
    enrollment = factories.EnrollmentFactory.create(cohort=cohort, person=lidia)
    other = factories.CohortFactory.create(program=cohort.program, village=elsewhere, name="Lombok")
    foreign = factories.EnrollmentFactory.create(
        cohort=other, person=factories.PersonFactory.create(village=elsewhere, name="Baiq Sri")
    )

    def session(days: int, state: str) -> Session:
        row: Session = factories.SessionFactory.create(
            program=cohort.program, cohorts=[cohort, other], starts_at=at + timedelta(days=days), state=state
        )
        for seat in (enrollment, foreign):
            factories.AttendanceFactory.create(session=row, enrollment=seat)
        return row

    open_sheet, ahead = session(-3, SessionState.HELD), session(10, SessionState.SCHEDULED)
    session(-2, SessionState.CLOSED)
    session(-20, SessionState.HELD)
    session(20, SessionState.SCHEDULED)
    session(5, SessionState.DRAFT)
    shown = pack_of(made, at=at).content["sessions"]
    assert [row["id"] for row in shown] == [open_sheet.pk, ahead.pk]
    assert shown[0]["villages"] == [cohort.village_id]
    assert shown[0]["cohorts"] == [{"id": cohort.pk, "name": "Angkatan 1", "village": cohort.village_id}]
    assert [(seat["name"], seat["enrollment"], seat["version"]) for seat in shown[0]["seats"]] == [
        ("Lidia Wati", enrollment.pk, 0)
    ]


def test_pack_costs_the_same_for_one_village_and_fifty(made: User, cohort: Cohort, lidia: Person, at: datetime) -> None:
    _visit(made, cohort, lidia, at=at)
    with CaptureQueriesContext(connection) as one:
        pack_of(made, at=at)
    for _ in range(49):
        village = factories.VillageFactory.create(region=cohort.village.region)
        factories.AssignmentFactory.create(mentor=made, village=village)
        factories.PersonFactory.create(village=village)
        _visit(
            made,
            factories.CohortFactory.create(program=cohort.program, village=village),
            factories.PersonFactory.create(village=village),
            at=at,
        )
    with CaptureQueriesContext(connection) as many:
        pack = pack_of(made, at=at)
    assert len(pack.content["villages"]) == 50
    assert len(many) == len(one)


def test_a_phone_that_has_the_pack_gets_no_body(client: Client, made: User, cohort: Cohort) -> None:
    client.force_login(made)
    first = client.get(ADDRESS)
    assert first.status_code == 200
    assert first["Cache-Control"] == "no-store"
    holds = json.loads(first["Holds"])
    assert (holds["villages"], holds["people"]) == (1, 0)
    assert abs(holds["bytes"] - len(first.content)) < 400
    for known in (first["ETag"], f"W/{first['ETag']}", f'"other", {first["ETag"]}'):
        again = client.get(ADDRESS, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
    factories.PersonFactory.create(village=cohort.village)
    assert client.get(ADDRESS, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_pack_is_for_mentors_who_are_signed_in(client: Client, made: User, sari: User, joko: User) -> None:
    assert client.get(ADDRESS).status_code == 401
    for user, status in ((made, 200), (sari, 403), (joko, 403)):
        client.force_login(user)
        assert client.get(ADDRESS).status_code == status


def test_a_closed_account_is_told_from_an_ended_sign_in(client: Client, made: User) -> None:
    client.force_login(made)
    User.objects.filter(pk=made.pk).update(is_active=False)
    closed = client.get(ADDRESS)
    assert (closed.status_code, closed.json()["code"]) == (403, "permission_denied")
    User.objects.filter(pk=made.pk).update(is_active=True)
    made.refresh_from_db()
    made.set_password("another long one")
    made.save(update_fields=["password"])
    ended = client.get(ADDRESS)
    assert (ended.status_code, ended.json()["code"]) == (401, "not_authenticated")
