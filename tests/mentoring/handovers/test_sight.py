"""Who sees a handover, what they read of the village, and what their phone is told."""

from datetime import date, datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common.models import Event
from mentoring.actions import (
    drop_action,
    note_contacts,
    sign_handover,
    write_works,
)
from mentoring.handover import Sheet, contacts_of, handovers_waiting, latest_works
from mentoring.models import ActionItem, Handover, Visit
from mentoring.places import open_items
from programs.models import Cohort
from tests import factories
from tests.mentoring.handovers.steps import DAY, contact
from villages.models import Village


def test_scope(handover: Handover, made: User, agus: User, sari: User, ina: User, rina: User, admin: User) -> None:
    def sees(user: User) -> bool:
        return Handover.objects.visible_to(user).exists()

    assert [sees(user) for user in (made, agus, sari, admin)] == [True] * 4
    joko, observer = (factories.UserFactory.create(role=role) for role in ("finance", "observer"))
    assert [sees(user) for user in (ina, rina, joko, observer)] == [False] * 4


def test_who_comes_reads_everything_and_who_left_their_own(
    handover: Handover, item: ActionItem, made: User, agus: User, sari: User, cohort: Cohort, at: datetime
) -> None:
    other = factories.VisitFactory.create(cohort=cohort, state="approved")
    contact(cohort.village)
    made.assignments.update(ends_on=None)  # the database has its own clock
    for reader in (sari, agus, made):
        sheet = Sheet(handover, reader, at)
        assert (sheet.whole, len(sheet.visits), sheet.items, len(sheet.contacts)) == (True, 2, [item], 1)
    made.assignments.update(ends_on=date(2026, 1, 2))
    left = Sheet(handover, made, at)
    assert (left.whole, left.items, left.plans, left.contacts) == (False, [], [], [])
    assert [visit.mentor for visit in left.visits] == [made]
    assert other not in left.visits
    agus.assignments.all().delete()
    Handover.objects.filter(pk=handover.pk).update(state="cancelled", reason="Made stays")
    handover.refresh_from_db()
    assert Sheet(handover, agus, at).whole is False


def test_signed_sheet_stays_as_it_was_signed(
    handover: Handover, item: ActionItem, made: User, agus: User, sari: User, cohort: Cohort, at: datetime
) -> None:
    for mentor in (made, agus):
        sign_handover(handover, by=mentor, at=at, version=1)
    drop_action(item, reason="No dye", by=agus, at=at + DAY)
    new = factories.VisitFactory.create(cohort=cohort, mentor=made, received_at=at + DAY)
    factories.ActionItemFactory.create(visit=new)
    sheet = Sheet(handover, sari, at + 9 * DAY)
    assert [each.pk for each in sheet.items] == [item.pk]
    assert new not in sheet.visits


def test_contacts_are_read_once_each_with_whom_they_serve(parengan: Village, elsewhere: Village, made: User) -> None:
    contact(parengan)
    contact(elsewhere)
    factories.reachable_person(parengan)
    (kader,) = contacts_of(parengan.pk)
    assert (kader.names, kader.passes_on) == (("Kusnan",), ("Ngatini", "Parto"))


def test_reading_numbers_is_written_down_by_key(handover: Handover, sari: User, at: datetime) -> None:
    note_contacts(handover, contact_points=[], by=sari, at=at)
    note_contacts(handover, contact_points=[7], by=sari, at=at)
    assert Event.objects.about(handover).get(verb="read_numbers").facts == {"contact_points": [7]}


def test_phone_is_given_what_waits_in_plain_values(
    handover: Handover, item: ActionItem, made: User, agus: User, ina: User, at: datetime
) -> None:
    line = {"id": handover.pk, "village": handover.village_id, "name": handover.village.name}
    assert (handovers_waiting(made), handovers_waiting(agus), handovers_waiting(ina)) == ([line], [line], [])
    sign_handover(handover, by=made, at=at, version=1)
    assert (handovers_waiting(made), handovers_waiting(agus)) == ([], [line])
    write_works(handover, works="Other", by=made, at=at)
    assert handovers_waiting(made) == [line]
    made.assignments.update(ends_on=None)  # the database has its own clock
    assert list(open_items(made, [item.village])) == [item]
    assert list(open_items(ina, [item.village])) == []


def test_what_a_phone_is_given_costs_one_query_each(made: User, sari: User, cohort: Cohort) -> None:
    villages = [cohort.village]

    def asked() -> list[int]:
        counts = []
        for read in (
            lambda: handovers_waiting(made),
            lambda: latest_works([village.pk for village in villages]),
            lambda: list(open_items(made, villages)),
        ):
            with CaptureQueriesContext(connection) as queries:
                read()
            counts.append(len(queries))
        return counts

    assert asked() == [1, 1, 1]
    for _ in range(7):
        visit: Visit = factories.VisitFactory.create(cohort=factories.CohortFactory.create(), mentor=made)
        letter = factories.AssignmentFactory.create(mentor=made, village=visit.village)
        factories.ActionItemFactory.create(visit=visit)
        factories.HandoverFactory.create(village=visit.village, letter=letter)
        villages.append(visit.village)
    assert asked() == [1, 1, 1]
    keys = [village.pk for village in villages]
    assert len(handovers_waiting(made)) == len(latest_works(keys)) == len(open_items(made, villages)) == 7
