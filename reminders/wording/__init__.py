"""From what a message is about to the words of one letter, in the form of its channel."""

from collections.abc import Sequence

from reminders.channels.gateway import Wording
from reminders.states import Kind
from reminders.topics import LINK, Notice, Topic
from reminders.wording.texts import address_of, text_of
from villages.models import ContactPoint


def write(topics: Sequence[Topic | Notice], *, channel: str, point: ContactPoint) -> Wording:  # noqa: ARG001
    """Write one letter for one number; several sessions and reminders join in it."""
    first, link = topics[0], address_of(point)
    if isinstance(first, Notice) and first.kind == Kind.REPLY:
        return Wording(text=first.values.get("text", ""), link=first.link or link, language=first.language)
    if isinstance(first, Notice):
        return Wording(text=" · ".join([*first.values.values(), LINK]), link=first.link or link)
    return Wording(text=text_of([topic for topic in topics if isinstance(topic, Topic)]), link=link)
