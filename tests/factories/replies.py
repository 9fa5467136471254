"""What people write, and what staff write back."""

from reminders.states import Channel
from replies.models import Answer, Reply
from replies.states import Intent, Outcome, ReplyState
from tests.factories.base import NOW, RowFactory, counted, from_row, one
from tests.factories.people import ContactPointFactory, UserFactory


class ReplyFactory(RowFactory[Reply]):
    """A sentence that waits for a person."""

    class Meta:
        model = Reply

    channel = Channel.LOG
    event_id = counted(lambda n: f"event-{n}")
    contact_point = one(ContactPointFactory)
    sender = from_row(lambda row: row.contact_point.number if row.contact_point else "")
    text = "Apakah boleh membawa anak?"
    at = NOW
    received_at = from_row(lambda row: row.at)
    intent = Intent.FREE
    outcome = Outcome.WAITING
    state = ReplyState.OPEN


class AnswerFactory(RowFactory[Answer]):
    """A sentence of the coordinator's."""

    class Meta:
        model = Answer

    reply = one(ReplyFactory)
    text = "Boleh, Bu."
    by = one(UserFactory)
    at = NOW
