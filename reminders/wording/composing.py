"""Which words a letter takes, and the letter itself from given words."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.utils import translation

from reminders.channels.gateway import Wording
from reminders.states import Kind, Script
from reminders.topics import LANGUAGE, Notice, Topic
from reminders.wording.defaults import Words
from reminders.wording.letters import FORMERS, Letterhead
from reminders.wording.values import FREE, MANNERS, Named, named, noticed

Topics = Sequence[Topic | Notice]


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


def compose(topics: Topics, words: Words, *, channel: str, link: str, key: UUID | None = None) -> Wording:
    """Write about sessions, or one notice, with these words."""
    first, sessions, manner = topics[0], chosen(topics), MANNERS.get(channel, FREE)

    def naming(limit: int, most: int) -> Named:
        if isinstance(first, Notice):
            return noticed(first, manner, limit=limit)
        return named(sessions, manner, limit=limit, most=most)

    language = language_of(topics)
    head = Letterhead(script_of(topics), words, naming, len(sessions), language, link, key)
    with translation.override(language):
        written = FORMERS[channel](head)
    return replace(written, calendar=first.calendar) if isinstance(first, Notice) else written
