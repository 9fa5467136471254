"""Rows move by compare-and-set along their table."""

import pytest

from common.errors import MoveRefused, RowMoved
from villages.models import ContactPoint
from villages.states import ContactState

pytestmark = pytest.mark.django_db


@pytest.fixture
def point() -> ContactPoint:
    return ContactPoint.objects.create(number="+6281200000001")


def test_move_changes_one_row_and_reads_it_back(point: ContactPoint) -> None:
    ContactPoint.objects.move(point, ContactState.VALID)
    assert point.state == ContactState.VALID
    assert ContactPoint.objects.get().state == ContactState.VALID


def test_move_off_the_table_is_refused_by_a_sentence(point: ContactPoint) -> None:
    ContactPoint.objects.move(point, ContactState.UNREACHABLE)
    with pytest.raises(MoveRefused) as refusal:
        ContactPoint.objects.move(point, ContactState.OPTED_OUT)
    assert "“" in str(refusal.value)


def test_slower_hand_is_told_and_changes_nothing(point: ContactPoint) -> None:
    slow = ContactPoint.objects.get()
    ContactPoint.objects.move(point, ContactState.VALID)
    with pytest.raises(RowMoved):
        ContactPoint.objects.move(slow, ContactState.OPTED_OUT)
    assert ContactPoint.objects.get().state == ContactState.VALID
