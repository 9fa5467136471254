"""The words of messages about sessions, with a marker where the household's link goes."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from common.dates import at_clock, clock_range, local_date, long_date
from programs.models import Venue
from reminders.states import Kind
from reminders.topics import LANGUAGE, LINK, Topic
from villages.links import token_of
from villages.models import ContactPoint


def text_of(topics: Sequence[Topic], language: str = LANGUAGE) -> str:
    """Write one text for one number; several sessions or reminders join in it, each session once."""
    with translation.override(language):
        by_session = {topic.session.pk: topic for topic in sorted(topics, key=_order)}
        chosen = sorted(by_session.values(), key=lambda topic: (topic.session.starts_at, topic.session.pk))
        body = WORDS[chosen[0].kind](chosen[0]) if len(chosen) == 1 else _several(chosen)
        own, others = _parted(chosen)
        return f"{body}\n{_also(others)}" if own and others else body


def address_of(point: ContactPoint) -> str:
    """Write the address of the household's page; a revoked link leaves the village's word alone."""
    token = token_of(point)
    return f"{settings.BASE_URL}/s/{token}" if token else settings.BASE_URL


def place_of(venue: Venue | None) -> str:
    """Name a place with the landmark by which it is found."""
    if venue is None:
        return _("online")
    return f"{venue.name} ({venue.landmark})" if venue.landmark else venue.name


def join_names(names: Iterable[str]) -> str:
    """Write `Bu Ani, Bu Siti and Pak Joko`."""
    *first, last = names
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last} if first else last


def _order(topic: Topic) -> tuple[int, bool]:
    """The last reminder of a session speaks for the earlier ones."""
    return (list(Kind).index(topic.kind), topic.kind == Kind.INVITATION)


def _parted(topics: Sequence[Topic]) -> tuple[list[str], list[str]]:
    people = {person.id: person for topic in topics for person in topic.people}.values()
    own = [person.name for person in people if not person.passed_on]
    return own, [person.name for person in people if person.passed_on]


def _hello(topics: Sequence[Topic]) -> str:
    own, others = _parted(topics)
    if own:
        return _("Hello %(who)s") % {"who": join_names(own)}
    return _("Hello, please tell %(who)s") % {"who": join_names(others)} if others else _("Hello")


def _also(others: list[str]) -> str:
    return _("Please tell %(who)s too.") % {"who": join_names(others)}


def _facts(topic: Topic) -> dict[str, str]:
    session = topic.session
    return {
        "hello": _hello([topic]),
        "title": session.title,
        "day": long_date(local_date(session.starts_at, session.zone)),
        "time": at_clock(session.starts_at, session.zone),
        "hours": clock_range(session.starts_at, session.ends_at, session.zone),
        "place": place_of(session.venue),
        "reason": session.reason.rstrip(". ") or "…",
        "link": LINK,
    }


def _invitation(topic: Topic) -> str:
    return _(
        "%(hello)s, you are invited to the training *%(title)s*.\nDay: %(day)s\nTime: %(hours)s\n"
        "Place: %(place)s\nCan you come? Please answer here: %(link)s\nYou can stop these messages there too."
    ) % _facts(topic)


def _reminder(topic: Topic) -> str:
    return _(
        "%(hello)s, a reminder of the training *%(title)s*.\nDay: %(day)s\nTime: %(hours)s\n"
        "Place: %(place)s\nCan you come? Please answer here: %(link)s\nYou can stop these messages there too."
    ) % _facts(topic)


def _today(topic: Topic) -> str:
    return _(
        "%(hello)s, the training *%(title)s* starts today at %(time)s at %(place)s. See you there.\nSchedule: %(link)s"
    ) % _facts(topic)


def _change(topic: Topic) -> str:
    facts = _facts(topic)
    moment = f"{facts['day']}, {facts['hours']}"
    facts["now"] = moment if topic.decided else _("(the new time)")
    facts["before"] = _before(topic) or moment
    return (
        _(
            "%(hello)s, the schedule of the training *%(title)s* has changed.\nBefore: %(before)s.\n"
            "Now: %(now)s at %(place)s.\nWe are sorry for this change.\nSchedule: %(link)s"
        )
        % facts
    )


def _before(topic: Topic) -> str:
    if topic.before is None:
        return ""
    starts_at, ends_at, venue = topic.before
    zone = topic.session.zone
    moment = f"{long_date(local_date(starts_at, zone))}, {clock_range(starts_at, ends_at, zone)}"
    if venue == topic.session.venue:
        return moment
    return _("%(moment)s at %(place)s") % {"moment": moment, "place": place_of(venue)}


def _cancellation(topic: Topic) -> str:
    facts = _facts(topic)
    return (
        _(
            "%(hello)s, the training *%(title)s* on %(day)s, %(hours)s, is cancelled.\nReason: %(reason)s.\n"
            "We will tell you when there is a new date.\nSchedule: %(link)s"
        )
        % facts
    )


WORDS = {
    Kind.INVITATION: _invitation,
    Kind.H3: _reminder,
    Kind.H1: _reminder,
    Kind.H0: _today,
    Kind.CHANGE: _change,
    Kind.CANCELLATION: _cancellation,
}


def _several(topics: Sequence[Topic]) -> str:
    """Write several sessions under one greeting; who it is for stands with each when it is not the same for all."""
    mixed = len({frozenset(topic.people) for topic in topics}) > 1
    parts = [_("%(hello)s, here are your trainings.") % {"hello": _hello(topics)}]
    parts += [_item(topic, mixed=mixed) for topic in topics]
    parts.append(
        _("Can you come? Please answer here: %(link)s\nYou can stop these messages there too.") % {"link": LINK}
    )
    return "\n\n".join(parts)


def _item(topic: Topic, *, mixed: bool) -> str:
    lines = _("*%(title)s*\nDay: %(day)s\nTime: %(hours)s\nPlace: %(place)s") % _facts(topic)
    if not mixed:
        return lines
    return lines + "\n" + _("For: %(who)s") % {"who": join_names(person.name for person in topic.people)}
