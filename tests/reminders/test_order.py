"""What one number is told keeps its order, whoever sends."""

from datetime import datetime

import pytest

from reminders.claims import take
from reminders.models import Message
from reminders.states import Kind, MessageState
from tests import factories

pytestmark = pytest.mark.django_db


def test_later_word_waits_while_an_earlier_one_is_on_its_way(at: datetime) -> None:
    first = factories.MessageFactory.create(state=MessageState.CLAIMED, begun_at=at)
    later = factories.MessageFactory.create(
        session=first.session, contact_point=first.contact_point, kind=Kind.CHANGE, due_at=at
    )
    assert take(at=at, size=5) == []
    Message.objects.filter(pk=first.pk).update(state=MessageState.ACCEPTED, lease_until=None)
    assert take(at=at, size=5) == [later.pk]
