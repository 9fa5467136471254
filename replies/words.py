"""The words of our answers; pure: what holds is given, nothing is read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from common.dates import at_clock, clock_range, local_date, long_date
from programs.models import Session
from reminders.topics import LANGUAGE, LINK
from reminders.wording.texts import join_names, place_of
from replies.states import Intent, Outcome


@dataclass(frozen=True)
class Facts:
    """What an answer may have to name."""

    names: Sequence[str] = ()  # as they are addressed
    village: str = ""
    session: Session | None = None  # with module and venue
    noted: Sequence[tuple[Session, Sequence[str]]] = ()  # whose answer was noted for which session
    mentors: Sequence[str] = ()  # name and number in one line
    shared: bool = False  # several people share the number
    known: bool = True  # the number serves somebody


@translation.override(LANGUAGE)
def words_of(intent: str, outcome: str, facts: Facts) -> str:
    """Write one answer, with the marker where the household's link goes."""
    writer = WORDS.get((intent, outcome)) or WORDS[intent, ""]
    return writer(facts)


def when_and_where(session: Session, names: Sequence[str] = ()) -> dict[str, str]:
    """Name a session as a text does."""
    return {
        "who": join_names(names) if names else "",
        "title": session.title,
        "day": long_date(local_date(session.starts_at, session.zone)),
        "time": at_clock(session.starts_at, session.zone),
        "hours": clock_range(session.starts_at, session.ends_at, session.zone),
        "place": place_of(session.venue),
        "link": LINK,
    }


def _noted(facts: Facts, sentence: Callable[[dict[str, str]], str]) -> str:
    lines = [sentence(when_and_where(session, names)) for session, names in facts.noted]
    change = _("To change this: %(link)s") if not facts.shared else _("To answer for each of you alone: %(link)s")
    return "\n".join([_("Thank you."), *lines, change % {"link": LINK}])


def _coming(facts: Facts) -> str:
    return _noted(facts, lambda each: _("Noted: %(who)s will come to *%(title)s*, %(day)s, %(hours)s.") % each)


def _not_coming(facts: Facts) -> str:
    return _noted(facts, lambda each: _("Noted: %(who)s cannot come to *%(title)s*, %(day)s, %(hours)s.") % each)


def _late(facts: Facts) -> str:
    if facts.session is None:
        return _passed_on(facts)
    return _(
        "Thank you. The training *%(title)s*, %(day)s, has begun by now, so this answer changes nothing any more."
        " Reply JADWAL for the next date."
    ) % when_and_where(facts.session)


def _cancelled(facts: Facts) -> str:
    if facts.session is None:
        return _passed_on(facts)
    return _(
        "Thank you. The training *%(title)s*, %(day)s, was cancelled, so nobody needs to answer."
        " We will tell you when there is a new date."
    ) % when_and_where(facts.session)


def _changed(facts: Facts) -> str:
    if facts.session is None:
        return _passed_on(facts)
    return _(
        "Thank you. The training *%(title)s* has another time by now: %(day)s, %(hours)s, %(place)s."
        " Can you come then? Reply HADIR or IZIN, or answer here: %(link)s"
    ) % when_and_where(facts.session)


def _next(facts: Facts) -> str:
    if facts.session is None:
        return _("There is no schedule yet. We will send it to you here.")
    text = _("Your next training: *%(title)s*, %(day)s, %(hours)s, %(place)s. %(link)s")
    return text % when_and_where(facts.session)


def _stopped(_facts: Facts) -> str:
    return _("All right, we will send no more messages. Reply MULAI if you want them again.")


def _welcome(facts: Facts) -> str:
    return _(
        "Thank you, %(who)s. You will get the training schedule of Desa %(village)s."
        " Reply JADWAL, BANTUAN or BERHENTI at any time."
    ) % {"who": join_names(facts.names) if facts.names else "…", "village": facts.village}


def _mentor(facts: Facts) -> str:
    if not facts.mentors:
        return _passed_on(facts)
    return _("Your mentor: %(who)s. Call or write at any time of the day.") % {"who": "; ".join(facts.mentors)}


def _passed_on(_facts: Facts) -> str:
    return _("Thank you. We passed this on; a person from the programme will get in touch.")


def _wish(facts: Facts) -> str:
    return _(
        "Thank you. We passed on that you want to join Desa %(village)s; a person from the programme will get in touch."
    ) % {"village": facts.village}


def _no_village(_facts: Facts) -> str:
    return _(
        "We do not know this village yet. Write DAFTAR and the code that stands on your village's poster."
        " A person reads your message too."
    )


def _sorry(_facts: Facts) -> str:
    return _("We are sorry for the disturbance. This number gets no more messages that are meant for somebody else.")


def _by_itself(facts: Facts) -> str:
    if not facts.known:
        return _(
            "This is an automatic answer; a person will read your message."
            " For the training schedule write DAFTAR and the code that stands on your village's poster."
        )
    if not facts.mentors:
        return _("This is an automatic answer; a person will read your message. Reply JADWAL, HADIR, IZIN or BERHENTI.")
    return _(
        "This is an automatic answer; a person will read your message. Reply JADWAL, HADIR, IZIN or BERHENTI."
        " To talk with your mentor: %(who)s."
    ) % {"who": "; ".join(facts.mentors)}


WORDS: Final[dict[tuple[str, str], Callable[[Facts], str]]] = {
    (Intent.YES, Outcome.DONE): _coming,
    (Intent.NO, Outcome.DONE): _not_coming,
    **{(intent, Outcome.LATE): _late for intent in (Intent.YES, Intent.NO)},
    **{(intent, Outcome.CANCELLED): _cancelled for intent in (Intent.YES, Intent.NO)},
    **{(intent, Outcome.CHANGED): _changed for intent in (Intent.YES, Intent.NO)},
    **{(intent, ""): _passed_on for intent in (Intent.YES, Intent.NO)},
    (Intent.SCHEDULE, Outcome.DONE): _next,
    (Intent.SCHEDULE, ""): _by_itself,
    (Intent.STOP, ""): _stopped,
    (Intent.START, Outcome.DONE): _welcome,
    (Intent.START, ""): _by_itself,
    (Intent.HELP, Outcome.DONE): _mentor,
    (Intent.HELP, ""): _passed_on,
    (Intent.JOIN, Outcome.DONE): _welcome,
    (Intent.JOIN, Outcome.WAITING): _wish,
    (Intent.JOIN, ""): _no_village,
    (Intent.WRONG_NUMBER, ""): _sorry,
    (Intent.FREE, ""): _by_itself,
}
