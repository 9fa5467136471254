"""From what a message is about to the words of one letter, in the form of its channel."""

from collections.abc import Sequence

from reminders.channels.gateway import Wording
from reminders.topics import LINK, Notice, Topic
from reminders.wording.texts import address_of, text_of
from villages.models import ContactPoint


def write(topics: Sequence[Topic | Notice], *, channel: str, point: ContactPoint) -> Wording:  # noqa: ARG001
    """Write one letter for one number; several sessions and reminders join in it."""
    if isinstance(topics[0], Notice):
        return Wording(text=" · ".join([*topics[0].values.values(), LINK]), link=topics[0].link or address_of(point))
    return Wording(text=text_of([topic for topic in topics if isinstance(topic, Topic)]), link=address_of(point))
