"""From what a message is about to the words of one letter, in the form of its channel."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.utils import translation

from reminders.channels.gateway import Wording
from reminders.states import Kind, Script
from reminders.topics import LANGUAGE, Notice, Topic
from reminders.wording.letters import FORMERS, Letterhead, freely
from reminders.wording.templates import Book, open_book, usable
from reminders.wording.texts import address_of
from reminders.wording.values import FREE, MANNERS, Named, named, noticed
from villages.models import ContactPoint

__all__ = ["Book", "chosen", "open_book", "script_of", "usable", "write"]

Topics = Sequence[Topic | Notice]


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


def language_of(topics: Topics) -> str:
    """Tell in which language a letter is: staff choose theirs, villages read Indonesian."""
    return next((topic.language for topic in topics if isinstance(topic, Notice)), LANGUAGE)


def script_of(topics: Topics) -> Script:
    """Tell which words a letter takes; when nobody but a trainer is told they are a trainer's."""
    first = topics[0]
    if isinstance(first, Notice):
        return Script(first.kind.value)
    sessions = chosen(topics)
    name = sessions[0].kind.value if len(sessions) == 1 else Script.SEVERAL.value
    taught = all(topic.trainer and not topic.people for topic in sessions)
    return Script(f"trainer_{name}" if taught else name)


def chosen(topics: Topics) -> list[Topic]:
    """Keep each session once, in the order of their times; its last reminder speaks for the earlier ones."""
    told = sorted((topic for topic in topics if isinstance(topic, Topic)), key=_rank)
    by_session = {topic.session.pk: topic for topic in told}
    return sorted(by_session.values(), key=lambda topic: (topic.session.starts_at, topic.session.pk))


def _rank(topic: Topic) -> tuple[int, bool]:
    return (list(Kind).index(topic.kind), topic.kind == Kind.INVITATION)


def _piece(topics: Topics, *, channel: str, point: ContactPoint, book: Book, key: UUID | None) -> Wording:
    """Write about sessions, or one notice."""
    first, language = topics[0], language_of(topics)
    notice = first if isinstance(first, Notice) else Notice(Kind.REPLY)
    link = notice.link or address_of(point)
    with translation.override(language):
        if isinstance(first, Notice) and first.kind == Kind.REPLY:
            return freely(first.values.get("text", ""), channel=channel, link=link, language=language)
        script, sessions = script_of(topics), chosen(topics)
        words = book.words(script, channel=channel, language=language)
        manner = MANNERS.get(channel, FREE)

        def naming(limit: int, most: int) -> Named:
            return named(sessions, manner, limit=limit, most=most) if sessions else noticed(notice, manner, limit=limit)

        head = Letterhead(script, words, naming, len(sessions), language, link, key)
        return replace(FORMERS[channel](head), calendar=notice.calendar)


def _together(written: Sequence[Wording], channel: str, link: str) -> Wording:
    """Join what was meant to go alone in one free text, rather than lose any of it."""
    text = "\n\n".join(each.filled for each in written)
    return freely(text, channel=channel, link=link, language=written[0].language if written else LANGUAGE)
