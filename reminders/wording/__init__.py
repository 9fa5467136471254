"""From what a message is about to the words of one letter, in the form of its channel."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from reminders.channels.gateway import Wording
from reminders.states import Channel, Kind
from reminders.topics import LANGUAGE, Notice, Topic
from reminders.wording.composing import Topics, chosen, compose, language_of, script_of
from reminders.wording.invite import invite_of
from reminders.wording.letters import freely
from reminders.wording.templates import Book, open_book, usable
from reminders.wording.texts import address_of
from villages.models import ContactPoint

__all__ = ["Book", "chosen", "may_say", "open_book", "script_of", "usable", "write"]


def write(
    topics: Topics,
    *,
    channel: str,
    point: ContactPoint,
    book: Book | None = None,
    key: UUID | None = None,
    at: datetime | None = None,
) -> Wording:
    """Write one letter for one number: several sessions and reminders join in it, each session once.

    A batch opens the book once; the key of the message that carries the letter comes back from its buttons; an e-mail
    that is written at a moment brings its sessions for the calendar.
    """
    opened = book or open_book()
    written = [_piece(piece, channel=channel, point=point, book=opened, key=key) for piece in _pieces(topics)]
    whole = written[0] if len(written) == 1 else _together(written, channel, address_of(point))
    if channel != Channel.EMAIL or at is None or not (sessions := chosen(topics)):
        return whole
    return replace(whole, calendar=invite_of([topic.session for topic in sessions], at=at))


def may_say(topics: Topics, *, channel: str, book: Book) -> bool:
    """Say whether a channel may say this now; what takes no template always may."""
    templates = [piece for piece in _pieces(topics) if not _is_answer(piece)]
    return all(book.usable(script_of(piece), channel=channel, language=language_of(piece)) for piece in templates)


def _pieces(topics: Topics) -> list[Topics]:
    """Part what goes in one letter: all sessions together, each notice alone."""
    sessions = [topic for topic in topics if isinstance(topic, Topic)]
    notices: list[Topics] = [[topic] for topic in topics if isinstance(topic, Notice)]
    return [sessions, *notices] if sessions else notices


def _is_answer(topics: Topics) -> bool:
    return isinstance(topics[0], Notice) and topics[0].kind == Kind.REPLY


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
