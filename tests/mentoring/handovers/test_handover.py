"""Handovers: both assignments are written, nothing is orphaned, both sign the text that stands."""

from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from common.errors import MoveRefused, Refused, RowMoved
from common.models import Event
from mentoring.actions import (
    cancel_handover,
    drop_action,
    end_assignment,
    prepare_handover,
    sign_handover,
    write_works,
)
from mentoring.handover import Sheet, latest_works
from mentoring.models import ActionItem, Handover, VisitPlan
from mentoring.states import Side
from programs.models import Cohort
from tests import factories
from tests.mentoring.handovers.steps import DAY, FIRST, LAST, prepare, verbs
from villages.models import Village


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
