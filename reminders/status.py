"""How sending fares, in a fixed number of cheap queries: for the watcher of the servers and for the administrator."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db.models import Count, Max, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reminders.models import ChannelStatus, Message, Outage, Pulse
from reminders.states import SENDERS, Channel, MessageState, Part

LATE = timedelta(seconds=90)  # red from here on: two minutes after the last thing that worked
LAPSED = timedelta(minutes=3)
MOST = 100_000  # rows that are counted; more are "more"


class Tone(StrEnum):
    """How bad a line is; the page's own names of colours."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class Line:
    """One thing that was looked at: what it is, how it is, and what to do about it."""

    name: str
    tone: Tone
    text: str
    advice: str = ""


@dataclass(frozen=True)
class Vitals:
    """The figures."""

    at: datetime
    due: int
    oldest: timedelta  # how long the oldest due message has waited
    lapsed: int  # claims whose sender is gone and that nobody took over
    unknown: int
    signs: dict[str, timedelta]  # how long ago each part gave a sign of life
    failures: int  # rings of the bell that nobody heard, of the last day
    stopped: tuple[tuple[str, str], ...]  # channel and the gateway's code
    resting: tuple[str, ...]
    outage: Outage | None  # the last one, of the last week

    @property
    def silence(self) -> timedelta | None:
        """How long ago anything that sends gave a sign of life."""
        return min((age for part, age in self.signs.items() if part in SENDERS), default=None)

    @property
    def is_well(self) -> bool:
        """Say whether messages leave."""
        return all(line.tone != Tone.BAD for line in lines_of(self))


def vitals(*, at: datetime) -> Vitals:
    """Read the figures as of now; six queries."""
    waiting = Message.objects.due(at).exclude(channel=Channel.MANUAL)
    first = waiting.order_by("due_at", "pk").values_list("due_at", flat=True).first()
    claimed = Message.objects.filter(state=MessageState.CLAIMED, lease_until__lt=at - LAPSED)
    pulses = Pulse.objects.order_by().values_list("part").annotate(last=Max("at"), failures=Sum("failures"))
    signs = {part: (max(at - last, timedelta(0)), failures) for part, last, failures in pulses}
    channels = list(ChannelStatus.objects.filter(channel__in=settings.MESSAGE_CHANNELS).order_by("channel"))
    return Vitals(
        at=at,
        due=waiting.order_by()[:MOST].count() if first else 0,
        oldest=at - first if first else timedelta(0),
        lapsed=claimed[:MOST].count(),
        unknown=Message.objects.filter(state=MessageState.UNKNOWN)[:MOST].count(),
        signs={part: age for part, (age, _failures) in signs.items()},
        failures=sum(failures for _age, failures in signs.values()),
        stopped=tuple((each.channel, each.code) for each in channels if each.halted_at),
        resting=tuple(each.channel for each in channels if not each.halted_at and (each.open_until or at) > at),
        outage=last_outage(at=at),
    )


def last_outage(*, at: datetime) -> Outage | None:
    """Find the last time in which nothing could be sent, if it ended within a week."""
    return Outage.objects.filter(ended_at__gt=at - timedelta(days=7)).order_by("-ended_at", "-pk").first()


def lines_of(found: Vitals) -> list[Line]:
    """Say each figure in words, the worst with what to do."""
    return [*_senders(found), _queue(found), _claims(found), *_channels(found), _unanswered(found), _bell(found)]


def expects_worker() -> bool:
    """Say whether this place runs a Celery worker."""
    return bool(settings.CELERY_BROKER_URL != "memory://")


def in_words(age: timedelta | None) -> str:
    """Write how long ago something was, as roughly as a person would."""
    if age is None:
        return _("never")
    minutes = int(age.total_seconds() // 60)
    if minutes < 1:
        return _("less than a minute ago")
    if minutes < 120:  # noqa: PLR2004  from two hours on nobody counts minutes
        return ngettext("%(count)s minute ago", "%(count)s minutes ago", minutes) % {"count": minutes}
    hours = minutes // 60
    if hours < 48:  # noqa: PLR2004  from two days on nobody counts hours
        return ngettext("%(count)s hour ago", "%(count)s hours ago", hours) % {"count": hours}
    return ngettext("%(count)s day ago", "%(count)s days ago", hours // 24) % {"count": hours // 24}


def _senders(found: Vitals) -> Iterator[Line]:
    silent = found.silence is None or found.silence > LATE
    yield Line(
        _("Sending"),
        Tone.BAD if silent else Tone.GOOD,
        _("Last sign of life: %(ago)s.") % {"ago": in_words(found.silence)},
        _("Start the worker or the dispatcher again. Nothing is lost: what is still useful leaves then.")
        if silent
        else "",
    )
    worker = found.signs.get(Part.WORKER)
    if expects_worker():
        silent = worker is None or worker > LATE
        yield Line(
            _("Celery worker"),
            Tone.BAD if silent else Tone.GOOD,
            _("Last sign of life: %(ago)s.") % {"ago": in_words(worker)},
            _("Look at Redis, at beat and at the worker. The dispatcher sends meanwhile, where one runs.")
            if silent
            else "",
        )


def _queue(found: Vitals) -> Line:
    late = found.oldest > LATE
    waiting = ngettext("%(count)s message is due.", "%(count)s messages are due.", found.due) % {"count": found.due}
    if not found.due:
        return Line(_("Queue"), Tone.GOOD, _("Nothing waits."))
    since = _("The oldest was due %(ago)s.") % {"ago": in_words(found.oldest)}
    advice = _("Messages leave too slowly or not at all: look at the senders and the channels.")
    return Line(_("Queue"), Tone.BAD if late else Tone.GOOD, f"{waiting} {since}", advice if late else "")


def _claims(found: Vitals) -> Line:
    if not found.lapsed:
        return Line(_("Interrupted"), Tone.GOOD, _("None waits to be taken up."))
    text = ngettext(
        "%(count)s message was being sent when its sender ended.",
        "%(count)s messages were being sent when their sender ended.",
        found.lapsed,
    )
    advice = _("The next sender takes them up; when this stays, none is running.")
    return Line(_("Interrupted"), Tone.BAD, text % {"count": found.lapsed}, advice)


def _channels(found: Vitals) -> Iterator[Line]:
    for channel, code in found.stopped:
        reason = f" ({code})" if code else ""
        text = _("Stopped by the gateway%(reason)s.") % {"reason": reason}
        advice = _("Settle it with the gateway, then let the channel go on.")
        yield Line(str(Channel(channel).label), Tone.BAD, text, advice)
    open_ones = set(settings.MESSAGE_CHANNELS) - set(found.resting) - {name for name, _code in found.stopped}
    for name in found.resting:
        tone = Tone.WARN if open_ones else Tone.BAD
        text = _("Rests after several failures and tries again by itself.")
        yield Line(str(Channel(name).label), tone, text)


def _unanswered(found: Vitals) -> Line:
    if not found.unknown:
        return Line(_("Without an answer"), Tone.GOOD, _("The gateways answered for every message."))
    text = ngettext(
        "The gateway gave no answer for %(count)s message; it may have arrived.",
        "The gateway gave no answer for %(count)s messages; they may have arrived.",
        found.unknown,
    )
    advice = _("They are never sent again by themselves. Ask the people, and settle each on its page.")
    return Line(_("Without an answer"), Tone.WARN, text % {"count": found.unknown}, advice)


def _bell(found: Vitals) -> Line:
    if not found.failures:
        return Line(_("Doorbell"), Tone.GOOD, _("Heard whenever it rang."))
    text = ngettext("Rang in vain %(count)s time today.", "Rang in vain %(count)s times today.", found.failures)
    advice = _("Redis does not answer. No page waits for it, and messages leave with the next turn.")
    return Line(_("Doorbell"), Tone.WARN, text % {"count": found.failures}, advice)


def lately(*, at: datetime) -> list[tuple[str, str, int]]:
    """Count the messages that fell due in the last hour, by channel and state."""
    due = Message.objects.filter(due_at__gt=at - timedelta(hours=1), due_at__lte=at).order_by()
    return list(due.values_list("channel", "state").annotate(n=Count("pk")).order_by("channel", "state"))
