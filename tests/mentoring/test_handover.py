"""Handovers: both assignments are written, nothing is orphaned, both sign the text that stands."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common.errors import MoveRefused, Refused, RowMoved
from common.models import Event
from mentoring.actions import (
    cancel_handover,
    drop_action,
    end_assignment,
    note_contacts,
    prepare_handover,
    sign_handover,
    write_works,
)
from mentoring.handover import Sheet, contacts_of, handovers_waiting, latest_works, open_items
from mentoring.models import ActionItem, Assignment, Handover, Visit, VisitPlan
from mentoring.states import Side
from programs.models import Cohort
from tests import factories
from villages.models import Village

LAST, FIRST = date(2026, 10, 10), date(2026, 10, 11)
DAY = timedelta(days=1)


@pytest.fixture
def agus(db: None) -> User:
    """A mentor who holds nothing yet."""
    agus: User = factories.UserFactory.create(name="Agus", role="mentor", email="agus@example.org")
    return agus


@pytest.fixture
def item(cohort: Cohort, made: User) -> ActionItem:
    return factories.ActionItemFactory.create(visit=factories.VisitFactory.create(cohort=cohort, mentor=made))


@pytest.fixture
def handover(made: User, agus: User, sari: User, cohort: Cohort, at: datetime) -> Handover:
    return prepare(made, agus, sari, at)


def prepare(giver: User, taker: User, by: User, at: datetime, **days: date) -> Handover:
    letter = Assignment.objects.get(mentor=giver, ends_on=None)
    given = {"last_on": LAST, "first_on": FIRST, **days}
    return prepare_handover(letter, taker=taker, by=by, at=at, **given)


def verbs(row: Any) -> list[str]:
    return [event.verb for event in Event.objects.about(row).order_by("pk")]


def test_preparing_writes_both_assignments(handover: Handover, made: User, agus: User, parengan: Village) -> None:
    assert (handover.giver, handover.taker, handover.state, handover.version) == (made, agus, "prepared", 1)
    assert made.assignments.get().ends_on == LAST
    new = agus.assignments.get()
    assert (new.village, new.starts_on, new.ends_on, handover.new_letter) == (parengan, FIRST, None, new)
    facts = Event.objects.about(handover).get().facts
    assert facts == {"village": parengan.pk, "giver": made.pk, "taker": agus.pk}


def test_who_holds_the_village_already_needs_no_new_letter(
    made: User, agus: User, sari: User, parengan: Village, at: datetime
) -> None:
    factories.AssignmentFactory.create(mentor=agus, village=parengan)
    handover = prepare(made, agus, sari, at)
    assert (agus.assignments.count(), handover.new_letter) == (1, None)


def test_wrong_handovers_are_refused_in_words(made: User, agus: User, sari: User, at: datetime) -> None:
    with pytest.raises(ValidationError) as same:
        prepare(made, made, sari, at)
    assert "taker" in same.value.message_dict
    with pytest.raises(ValidationError) as desk:
        prepare(made, sari, sari, at)
    assert "mentor" in desk.value.message_dict
    with pytest.raises(ValidationError) as early:
        prepare(made, agus, sari, at, last_on=date(2025, 1, 1))
    assert "ends_on" in early.value.message_dict
    assert not Handover.objects.exists()
    assert not agus.assignments.exists()


def test_ended_assignment_is_not_handed_over(made: User, agus: User, sari: User, at: datetime) -> None:
    letter = made.assignments.get()
    end_assignment(letter, ends_on=LAST, by=sari, at=at)
    with pytest.raises(Refused):
        prepare_handover(letter, taker=agus, last_on=LAST, first_on=FIRST, by=sari, at=at)


def test_plans_beyond_the_last_day_pass_on(made: User, agus: User, sari: User, cohort: Cohort, at: datetime) -> None:
    def plan(days: int) -> VisitPlan:
        return factories.VisitPlanFactory.create(mentor=made, village=cohort.village, planned_at=at + days * DAY)

    sooner, last, later, gap = plan(2), plan(9), plan(12), plan(10)
    handover = prepare(made, agus, sari, at, first_on=date(2026, 10, 12))
    for row in (sooner, last, later, gap):
        row.refresh_from_db()
    assert [row.mentor for row in (sooner, last, later)] == [made, made, agus]
    assert (later.state, later.version, gap.state) == ("planned", 2, "cancelled")
    assert Event.objects.about(later).get().facts == {"handover": handover.pk, "mentor": agus.pk}


def test_visit_that_both_had_planned_is_planned_once(
    made: User, agus: User, sari: User, parengan: Village, at: datetime
) -> None:
    factories.AssignmentFactory.create(mentor=agus, village=parengan)
    mine, theirs = (
        factories.VisitPlanFactory.create(mentor=mentor, village=parengan, planned_at=at + 20 * DAY)
        for mentor in (made, agus)
    )
    prepare(made, agus, sari, at)
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.state, theirs.state) == ("cancelled", "planned")


def test_last_assignment_does_not_end_while_something_is_open(
    item: ActionItem, made: User, sari: User, at: datetime
) -> None:
    letter = made.assignments.get()
    with pytest.raises(Refused):
        end_assignment(letter, ends_on=LAST, by=sari, at=at)
    drop_action(item, reason="No dye", by=sari, at=at)
    plan = factories.VisitPlanFactory.create(mentor=made, village=item.village, planned_at=at + 12 * DAY)
    with pytest.raises(Refused):
        end_assignment(letter, ends_on=LAST, by=sari, at=at)
    letter.refresh_from_db()
    assert letter.ends_on is None
    VisitPlan.objects.filter(pk=plan.pk).update(planned_at=at + 5 * DAY)
    end_assignment(letter, ends_on=LAST, by=sari, at=at)
    assert letter.ends_on == LAST


@pytest.mark.parametrize(
    ("columns", "ends"),
    [
        ({}, True),
        ({"starts_on": date(2026, 12, 1)}, True),
        ({"ends_on": LAST + DAY}, True),
        ({"ends_on": LAST}, False),
        ({"mentor__is_active": False}, False),
    ],
    ids=["open", "begins later", "a day longer", "ends as well", "account is off"],
)
def test_somebody_has_to_come_after(
    item: ActionItem, made: User, sari: User, at: datetime, *, columns: dict[str, Any], ends: bool
) -> None:
    factories.AssignmentFactory.create(village=item.village, **columns)
    if ends:
        end_assignment(made.assignments.get(), ends_on=LAST, by=sari, at=at)
    else:
        with pytest.raises(Refused):
            end_assignment(made.assignments.get(), ends_on=LAST, by=sari, at=at)


def test_items_of_a_draft_hold_nobody_back(cohort: Cohort, made: User, sari: User, at: datetime) -> None:
    draft = factories.VisitFactory.create(cohort=cohort, mentor=made, state="draft")
    factories.ActionItemFactory.create(visit=draft)
    end_assignment(made.assignments.get(), ends_on=LAST, by=sari, at=at)


def test_both_sign_once_and_the_second_closes(handover: Handover, made: User, agus: User, at: datetime) -> None:
    for _ in range(3):
        sign_handover(handover, by=made, at=at, version=1)
    assert (handover.state, handover.signatures.count()) == ("prepared", 1)
    sign_handover(handover, by=agus, at=at + DAY, version=1)
    assert (handover.state, handover.signed_at) == ("signed", at + DAY)
    sign_handover(handover, by=agus, at=at + 2 * DAY, version=1)
    rows = handover.signatures.order_by("pk").values_list("side", "signed_by", "signed_at", "version")
    assert list(rows) == [("giver", made.pk, at, 1), ("taker", agus.pk, at + DAY, 1)]
    assert verbs(handover) == ["prepared", "signed", "signed"]


def test_changed_text_is_signed_anew(handover: Handover, made: User, agus: User, at: datetime) -> None:
    sign_handover(handover, by=agus, at=at, version=1)
    write_works(handover, works="Ask Bu Lidia first.\r\n", by=made, at=at, version=1)
    assert (handover.works, handover.version) == ("Ask Bu Lidia first.", 2)
    write_works(handover, works=" Ask Bu Lidia first. ", by=made, at=at)  # pressed twice
    assert handover.version == 2
    with pytest.raises(RowMoved):
        sign_handover(handover, by=made, at=at, version=1)
    sign_handover(handover, by=made, at=at, version=2)
    assert handover.state == "prepared"
    hands = {hand.side: hand for hand in Sheet(handover, agus, at).hands}
    assert (hands[Side.TAKER].signature, hands[Side.TAKER].outdated) == (None, True)
    sign_handover(handover, by=agus, at=at, version=2)
    assert (handover.state, handover.signatures.count()) == ("signed", 3)
    with pytest.raises(Refused):
        write_works(handover, works="Other", by=made, at=at)


def test_slower_writer_is_told(handover: Handover, made: User, sari: User, at: datetime) -> None:
    other = Handover.objects.get(pk=handover.pk)
    write_works(handover, works="One", by=made, at=at, version=1)
    with pytest.raises(RowMoved):
        write_works(other, works="Two", by=sari, at=at, version=1)


def test_desk_signs_only_for_a_giver_who_is_gone(
    handover: Handover, made: User, agus: User, ina: User, sari: User, at: datetime
) -> None:
    for stranger in (sari, ina):
        with pytest.raises(Refused):
            sign_handover(handover, by=stranger, at=at, version=1, reason="Ill")
    User.objects.filter(pk=made.pk).update(is_active=False)
    with pytest.raises(ValidationError) as refused:
        sign_handover(handover, by=sari, at=at, version=1, reason=" ")
    assert "reason" in refused.value.message_dict
    sign_handover(handover, by=sari, at=at, version=1, reason="Moved to Kupang")
    row = handover.signatures.get()
    assert (row.side, row.signed_by, row.reason) == ("giver", sari, "Moved to Kupang")
    sign_handover(handover, by=agus, at=at, version=1, reason="not kept")
    assert (handover.state, handover.signatures.get(side="taker").reason) == ("signed", "")


def test_next_handover_begins_with_the_text_of_the_last(
    handover: Handover, made: User, agus: User, ina: User, sari: User, parengan: Village, at: datetime
) -> None:
    write_works(handover, works="Ask Bu Lidia first.", by=made, at=at)
    agus.assignments.update(starts_on=date(2026, 1, 1))
    second = prepare(agus, ina, sari, at + DAY, last_on=date(2026, 12, 1), first_on=date(2026, 12, 2))
    assert second.works == "Ask Bu Lidia first."
    write_works(second, works="Come on Friday.", by=agus, at=at + 2 * DAY)
    assert latest_works([parengan.pk, 0]) == {parengan.pk: "Come on Friday."}
    cancel_handover(second, reason="Ina stays", by=sari, at=at + 3 * DAY)
    assert latest_works([parengan.pk]) == {parengan.pk: "Ask Bu Lidia first."}


def test_cancelling_gives_everything_back(made: User, agus: User, sari: User, cohort: Cohort, at: datetime) -> None:
    plan = factories.VisitPlanFactory.create(mentor=made, village=cohort.village, planned_at=at + 12 * DAY)
    handover = prepare(made, agus, sari, at)
    with pytest.raises(ValidationError):
        cancel_handover(handover, reason=" ", by=sari, at=at)
    cancel_handover(handover, reason="Made stays", by=sari, at=at)
    plan.refresh_from_db()
    assert (made.assignments.get().ends_on, agus.assignments.exists()) == (None, False)
    assert (plan.mentor, plan.state, handover.new_letter) == (made, "planned", None)
    with pytest.raises(MoveRefused):
        cancel_handover(handover, reason="Made stays", by=sari, at=at)
    with pytest.raises(MoveRefused):
        sign_handover(handover, by=made, at=at, version=1)
    again = prepare(made, agus, sari, at)
    assert again.pk != handover.pk


def test_taker_who_has_begun_stays_on_the_books_until_today(
    made: User, agus: User, sari: User, item: ActionItem, at: datetime
) -> None:
    handover = prepare(made, agus, sari, at, first_on=date(2026, 9, 20))
    cancel_handover(handover, reason="Made stays", by=sari, at=at)
    assert agus.assignments.get().ends_on == date(2026, 10, 1)
    assert made.assignments.get().ends_on is None


def test_cancelling_leaves_nothing_to_a_giver_who_is_gone(
    made: User, agus: User, sari: User, item: ActionItem, at: datetime
) -> None:
    handover = prepare(made, agus, sari, at)
    User.objects.filter(pk=made.pk).update(is_active=False)
    with pytest.raises(Refused):
        cancel_handover(handover, reason="Agus is ill", by=sari, at=at)
    handover.refresh_from_db()
    assert (handover.state, agus.assignments.get().ends_on) == ("prepared", None)


def test_signed_handover_is_not_called_off(
    handover: Handover, made: User, agus: User, sari: User, at: datetime
) -> None:
    for mentor in (made, agus):
        sign_handover(handover, by=mentor, at=at, version=1)
    with pytest.raises(MoveRefused):
        cancel_handover(handover, reason="Late", by=sari, at=at)


def test_database_holds_what_a_handover_is(handover: Handover) -> None:
    for columns in (
        {"taker": handover.giver},
        {"state": "gone"},
        {"state": "cancelled"},
        {"state": "signed"},
        {"signed_at": handover.prepared_at},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Handover.objects.filter(pk=handover.pk).update(**columns)
    with pytest.raises(IntegrityError, match="one_open_handover_per_village_and_giver"), transaction.atomic():
        factories.HandoverFactory.create(village=handover.village, letter=handover.letter)
    factories.SignatureFactory.create(handover=handover)
    with pytest.raises(IntegrityError, match="side_signs_a_version_once"), transaction.atomic():
        factories.SignatureFactory.create(handover=handover)
    with pytest.raises(IntegrityError, match="signature_side_is_known"), transaction.atomic():
        factories.SignatureFactory.create(handover=handover, side="both")


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


def contact(village: Village) -> None:
    """Let Pak Kusnan pass messages on for two weavers."""
    kader = factories.reachable_person(village, name="Kusnan")
    for name in ("Ngatini", "Parto"):
        person = factories.PersonFactory.create(village=village, name=name)
        person.contacts.create(contact_point=kader.contact_points.get(), relation="village_contact")


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
    names = {"id": item.pk, "village": item.village_id, "visit": item.visit_id}
    told = {"what": item.what, "owner": item.owner, "due_on": item.due_on}
    assert open_items(made, [item.village_id]) == [{**names, **told}]
    assert open_items(ina, [item.village_id]) == []


def test_what_a_phone_is_given_costs_one_query_each(made: User, sari: User, cohort: Cohort) -> None:
    villages = [cohort.village.pk]

    def asked() -> list[int]:
        counts = []
        for read in (
            lambda: handovers_waiting(made),
            lambda: latest_works(villages),
            lambda: open_items(made, villages),
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
        villages.append(visit.village_id)
    assert asked() == [1, 1, 1]
    assert len(handovers_waiting(made)) == len(latest_works(villages)) == len(open_items(made, villages)) == 7
