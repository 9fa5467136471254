"""What a text names, as words: who is greeted, what, when, where; the templates put them in their places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from common.dates import at_clock, clock, clock_range, local_date, long_date, short_date, weekday
from common.zones import tz
from programs.models import Venue
from reminders.states import Channel
from reminders.topics import LINK, Notice, Topic
from reminders.wording.fitting import cut, cut_names
from reminders.wording.meta import flat
from reminders.wording.texts import join_names, place_of

WHOLE: Final = 4000  # signs of a value that is not cut
KEPT: Final = frozenset({"day", "time", "hours", "before", "now", "due", "count", "link"})  # never cut
Named = Mapping[str, str]


@dataclass(frozen=True)
class Manner:
    """How a channel wants its values: brief, on one line, or free."""

    brief: bool = False
    one_line: bool = False
    stars: bool = True  # around what WhatsApp shows in bold


MANNERS: Final[Mapping[str, Manner]] = {
    Channel.WHATSAPP: Manner(one_line=True),
    Channel.SMS: Manner(brief=True, one_line=True, stars=False),
    Channel.EMAIL: Manner(stars=False),
}
FREE: Final = Manner()


def named(topics: Sequence[Topic], manner: Manner = FREE, *, limit: int = WHOLE, most: int = 0) -> Named:
    """Name everything about one session, or about several in the order of their times; long values are cut."""
    say = Speaker(manner, limit)
    if len(topics) == 1:
        return {"hello": say.hello(topics), **say.session(topics[0]), "count": "1", "link": LINK}
    shown = topics[:most] if most else topics
    items = say.items(shown) + (f"{say.between}+{len(topics) - len(shown)}" if len(shown) < len(topics) else "")
    return {"hello": say.hello(topics), "items": items, "count": str(len(topics)), "link": LINK}


def noticed(notice: Notice, manner: Manner = FREE, *, limit: int = WHOLE) -> Named:
    """Name what a notice brings along."""
    given = {name: _noted(name, value, manner, limit) for name, value in notice.values.items() if value}
    return {"hello": _("all"), **given, "link": LINK}


def clean(value: str) -> str:
    """Write a value on one line, without the braces that templates read."""
    return " ".join(value.translate(BRACES).split())


BRACES: Final = str.maketrans({"{": "(", "}": ")"})
SPARED: Final = "Pelatihan "
GREETINGS: Final = ("Halo ", "Hello ")


def _noted(name: str, value: str, manner: Manner, limit: int) -> str:
    text = value.translate(BRACES).strip()
    if name == "hello":
        text = next((text.removeprefix(word) for word in GREETINGS if text.startswith(word)), text)
    text = flat(text) if manner.one_line else text
    return text if name in KEPT else cut(text, limit)


@dataclass(frozen=True)
class Speaker:
    """Says the facts of sessions in one manner, none of the softer ones longer than the limit."""

    manner: Manner
    limit: int

    @property
    def between(self) -> str:
        """Part the sessions of one text."""
        return "; " if self.manner.one_line else "\n\n"

    def soft(self, value: str) -> str:
        """Cut what may be cut."""
        return cut(clean(value), self.limit)

    def names(self, names: Sequence[str]) -> str:
        """Name people, or as many of them as there is room for; a name less is better than a place less."""
        return cut_names([clean(name) for name in names], self.limit - len(SPARED), join_names)

    def hello(self, topics: Sequence[Topic]) -> str:
        """Greet whose number it is, and ask them to tell the others."""
        own, others = parted(topics)
        if not others:
            return self.names(own) if own else _("all")
        facts = {"own": self.names(own) if own else "", "others": self.names(others)}
        if self.manner.brief:
            return _("%(own)s (tell %(others)s)") % facts if own else _("%(others)s (please tell them)") % facts
        return _("%(own)s (please tell %(others)s too)") % facts if own else _("all, please tell %(others)s") % facts

    def session(self, topic: Topic) -> Named:
        """Name the facts of one session."""
        session = topic.session
        now = self.moment(session.starts_at, session.ends_at, session.zone)
        return {
            "title": self.title(session.title),
            "day": self.day(session.starts_at, session.zone),
            "time": at_clock(session.starts_at, session.zone),
            "hours": clock_range(session.starts_at, session.ends_at, session.zone),
            "place": self.place(session.venue),
            "reason": self.soft(session.reason).rstrip(". ") or "…",
            "now": now if topic.decided else _("(the new time)"),
            "before": self.before(topic) or now,
        }

    def day(self, moment: datetime, zone: str) -> str:
        """Write the day; briefly `Kamis 1 Okt 2026`."""
        day = local_date(moment, zone)
        return f"{weekday(day)} {short_date(day).split(', ')[1]}" if self.manner.brief else long_date(day)

    def title(self, title: str) -> str:
        """Name the training; where room is short it need not say that it is one."""
        named = clean(title)
        return cut(named if len(named) <= self.limit else named.removeprefix(SPARED), self.limit)

    def place(self, venue: Venue | None) -> str:
        """Name the place."""
        return self.soft(place_of(venue))

    def moment(self, starts_at: datetime, ends_at: datetime, zone: str) -> str:
        """Write day and time."""
        day = self.day(starts_at, zone)
        if self.manner.brief:
            return _("%(day)s %(time)s") % {"day": day, "time": at_clock(starts_at, zone)}
        return f"{day}, {clock_range(starts_at, ends_at, zone)}"

    def before(self, topic: Topic) -> str:
        """Write what they had heard; the place only where it differs too."""
        if topic.before is None:
            return ""
        starts_at, ends_at, venue = topic.before
        zone = topic.session.zone
        if self.manner.brief:
            time = clock(starts_at.astimezone(tz(zone)))
            return _("%(day)s %(time)s") % {"day": self.day(starts_at, zone)[:-5], "time": time}  # the year stands once
        moment = self.moment(starts_at, ends_at, zone)
        if venue == topic.session.venue:
            return moment
        return _("%(moment)s at %(place)s") % {"moment": moment, "place": self.place(venue)}

    def items(self, topics: Sequence[Topic]) -> str:
        """List several sessions; who it is for stands with each when it is not the same for all."""
        mixed = len({frozenset(topic.people) for topic in topics}) > 1
        return self.between.join(self._item(topic, mixed=mixed) for topic in topics)

    def _item(self, topic: Topic, *, mixed: bool) -> str:
        facts = dict(self.session(topic))
        facts["who"] = self.names([person.name for person in topic.people]) if mixed and topic.people else ""
        words = _item_words(self.manner)
        line = (words if self.manner.stars else words.replace("*", "")) % facts
        return line + self._for(facts["who"]) if facts["who"] else line

    def _for(self, who: str) -> str:
        if self.manner.one_line:
            return " " + _("(for %(who)s)") % {"who": who}
        return "\n" + _("For: %(who)s") % {"who": who}


def _item_words(manner: Manner) -> str:
    if manner.brief:
        return _("%(title)s, %(day)s %(time)s, %(place)s")
    if manner.one_line:
        return "*%(title)s*, %(day)s, %(hours)s, %(place)s"
    return _("*%(title)s*\nDay: %(day)s\nTime: %(hours)s\nPlace: %(place)s")


def parted(topics: Sequence[Topic]) -> tuple[list[str], list[str]]:
    """Name whose number it is, and who only hears of it through them; each once."""
    people = {person.id: person for topic in topics for person in topic.people}.values()
    trainers = list(dict.fromkeys(topic.trainer for topic in topics if topic.trainer))
    own = [person.name for person in people if not person.passed_on]
    others = [person.name for person in people if person.passed_on]
    return [*trainers, *(name for name in own if name not in trainers)], others
