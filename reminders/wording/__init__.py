"""From what a message is about to the words of one letter, in the form of its channel."""

from collections.abc import Sequence
from uuid import UUID

from reminders.channels.gateway import Wording
from reminders.states import Kind
from reminders.topics import LANGUAGE, Notice, Topic
from reminders.wording.composing import Topics, chosen, compose, language_of, script_of
from reminders.wording.letters import freely
from reminders.wording.templates import Book, open_book, usable
from reminders.wording.texts import address_of
from villages.models import ContactPoint

__all__ = ["Book", "chosen", "open_book", "script_of", "usable", "write"]


def write(
    topics: Topics, *, channel: str, point: ContactPoint, book: Book | None = None, key: UUID | None = None
) -> Wording:
    """Write one letter for one number: several sessions and reminders join in it, each session once.

    A batch opens the book once; the key of the message that carries the letter comes back from its buttons.
    """
    opened = book or open_book()
    notices = [[topic] for topic in topics if isinstance(topic, Notice)]
    sessions = [topic for topic in topics if isinstance(topic, Topic)]
    pieces: list[Topics] = [*([sessions] if sessions else []), *notices]
    written = [_piece(piece, channel=channel, point=point, book=opened, key=key) for piece in pieces]
    return written[0] if len(written) == 1 else _together(written, channel, address_of(point))


def _piece(topics: Topics, *, channel: str, point: ContactPoint, book: Book, key: UUID | None) -> Wording:
    """Write about sessions, or one notice; an answer takes no template."""
    first, language = topics[0], language_of(topics)
    link = (first.link if isinstance(first, Notice) else "") or address_of(point)
    if isinstance(first, Notice) and first.kind == Kind.REPLY:
        return freely(first.values.get("text", ""), channel=channel, link=link, language=language)
    words = book.words(script_of(topics), channel=channel, language=language)
    return compose(topics, words, channel=channel, link=link, key=key)


def _together(written: Sequence[Wording], channel: str, link: str) -> Wording:
    """Join what was meant to go alone in one free text, rather than lose any of it."""
    text = "\n\n".join(each.text.replace("{link}", each.link) if each.link != link else each.text for each in written)
    return freely(text, channel=channel, link=link, language=written[0].language if written else LANGUAGE)
