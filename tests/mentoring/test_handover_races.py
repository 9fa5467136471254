"""Two hands at one moment: no village is left to nobody, and a handover signed by both is closed.

Each guard has a twin in which it is taken away, and there the race shows.
"""

from collections.abc import Callable
from datetime import date
from time import sleep
from typing import Any

import pytest

from accounts.models import User
from common.errors import Refused, RowMoved
from mentoring.actions import assignment as assigning
from mentoring.actions import end_assignment, sign_handover, write_works
from mentoring.actions import handover as signing
from mentoring.models import ActionItem, Assignment, Handover, Signature
from programs.models import Cohort
from tests import factories
from tests.factories import NOW
from tests.programs.test_races import Act, at_once

pytestmark = pytest.mark.django_db(transaction=True)
PAUSE = 0.3
LAST = date(2026, 10, 10)


@pytest.fixture
def letters(modules: None, cohort: Cohort, made: User) -> list[Assignment]:
    """Made and another mentor hold Parengan, where something is open."""
    factories.ActionItemFactory.create(visit=factories.VisitFactory.create(cohort=cohort, mentor=made))
    return [made.assignments.get(), factories.AssignmentFactory.create(village=cohort.village)]


@pytest.fixture
def slow_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between looking who comes after and writing the end."""
    look: Callable[[Assignment, date], None] = vars(assigning)["_check_taken"]

    def later(letter: Assignment, ends_on: date) -> None:
        look(letter, ends_on)
        sleep(PAUSE)

    monkeypatch.setattr(assigning, "_check_taken", later)


def ending(letter: Assignment, by: User) -> Act:
    return lambda: end_assignment(letter, ends_on=LAST, by=by, at=NOW)


@pytest.mark.usefixtures("slow_look")
def test_two_assignments_do_not_end_at_once(letters: list[Assignment], sari: User) -> None:
    raised = at_once(*(ending(letter, sari) for letter in letters))
    (refusal,) = [error for error in raised if error]
    assert isinstance(refusal, Refused)
    assert Assignment.objects.filter(ends_on__isnull=True).count() == 1
    assert ActionItem.objects.open().count() == 1


@pytest.mark.usefixtures("slow_look")
def test_without_the_held_village_both_end(
    letters: list[Assignment], sari: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assigning, "_one_at_a_time", lambda _village: None)
    assert at_once(*(ending(letter, sari) for letter in letters)) == [None, None]
    assert not Assignment.objects.filter(ends_on__isnull=True).exists()
    assert ActionItem.objects.open().count() == 1


@pytest.fixture
def handover(modules: None, cohort: Cohort) -> Handover:
    return factories.HandoverFactory.create(village=cohort.village)


def sign(handover: Handover, by: User) -> Act:
    mine = Handover.objects.get(pk=handover.pk)
    return lambda: sign_handover(mine, by=by, at=NOW, version=1)


@pytest.fixture
def slow_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between setting a hand and counting both."""
    record = Signature.save

    def later(row: Any, **options: Any) -> None:
        record(row, **options)
        sleep(PAUSE)

    monkeypatch.setattr(Signature, "save", later)


@pytest.mark.usefixtures("slow_hand")
def test_both_sign_at_one_moment_and_it_is_done(handover: Handover) -> None:
    hands = (handover.giver, handover.taker) * 2
    assert at_once(*(sign(handover, hand) for hand in hands)) == [None] * 4
    handover.refresh_from_db()
    assert (handover.state, handover.signatures.count()) == ("signed", 2)


@pytest.mark.usefixtures("slow_hand")
def test_without_the_held_row_nobody_is_the_second(handover: Handover, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Handover.objects.select_related("giver", "taker")
    monkeypatch.setattr(signing, "_held", lambda key: read.get(pk=key))
    assert at_once(*(sign(handover, hand) for hand in (handover.giver, handover.taker))) == [None, None]
    handover.refresh_from_db()
    assert (handover.state, handover.signatures.count()) == ("prepared", 2)


@pytest.mark.usefixtures("slow_hand")
def test_text_and_hand_at_one_moment_leave_one_truth(handover: Handover) -> None:
    mine = Handover.objects.get(pk=handover.pk)
    factories.SignatureFactory.create(handover=handover)
    raised = at_once(
        sign(handover, handover.taker),
        lambda: write_works(mine, works="Other", by=handover.giver, at=NOW, version=1),
    )
    handover.refresh_from_db()
    if handover.state == "signed":
        assert (handover.version, [type(error) for error in raised]) == (1, [type(None), RowMoved])
    else:
        assert (handover.version, handover.works, raised[1]) == (2, "Other", None)
