"""One letter in the form of its channel: filled in, cut to what the channel carries, and counted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from reminders.channels.gateway import Wording
from reminders.states import Channel, Script
from reminders.topics import LINK
from reminders.wording import meta, sms
from reminders.wording.defaults import Words
from reminders.wording.fitting import SHORTEST, cut, widest
from reminders.wording.values import WHOLE, Named

LONGEST_SUBJECT: Final = 200
MISSING: Final = "…"
Naming = Callable[[int, int], Named]  # by the most signs of a value and the most sessions; 0 is all of them


@dataclass(frozen=True)
class Letterhead:
    """What a letter is written with: its words, its values, and where its link leads."""

    script: Script
    words: Words
    naming: Naming
    sessions: int  # how many it speaks of
    language: str
    link: str
    key: UUID | None = None

    def fill(self, text: str, limit: int = WHOLE, most: int = 0) -> str:
        """Put the values in the places of a text; each place is filled once."""
        return put(text, self.naming(limit, most))

    def filled(self, text: str) -> str:
        """Write a text as it will be read, to measure it."""
        return text.replace(LINK, self.link)


def put(text: str, values: Named) -> str:
    """Put values in the places of a text; what is not there is a gap that shows."""
    return meta.VARIABLE.sub(lambda place: values.get(place[1]) or MISSING, text)


def at_length(head: Letterhead) -> Wording:
    """Write it whole, for a channel without bounds."""
    return Wording(head.fill(head.words.body), link=head.link, language=head.language)


def as_mail(head: Letterhead) -> Wording:
    """Write plain text with a subject of one line."""
    subject = cut(meta.flat(head.fill(unstarred(head.words.subject)).replace(LINK, "")), LONGEST_SUBJECT)
    return Wording(head.fill(unstarred(head.words.body)), link=head.link, language=head.language, subject=subject)


def as_sms(head: Letterhead) -> Wording:
    """Write it in as few parts as can be, with the widest values that fit in them."""
    body = unstarred(head.words.body)

    def render(limit: int) -> str:
        return sms.plain(head.fill(body, limit))

    text = render(WHOLE)
    if (fewest := sms.parts(head.filled(text))) > 1:
        fewest = sms.parts(head.filled(render(SHORTEST)))
        text = widest(render, lambda each: sms.parts(head.filled(each)) <= fewest, len(text)) or render(SHORTEST)
    return Wording(text, link=head.link, language=head.language, units=fewest)


def as_template(head: Letterhead) -> Wording:
    """Write what WhatsApp needs to fill its approved text, and keep that text as it will be read."""
    limit, most = _bounds(head)
    values = head.naming(limit, most)
    return Wording(
        put(head.words.body, values),
        link=head.link,
        language=head.language,
        template=head.words.name,
        parameters=tuple(values.get(name) or MISSING for name in meta.variables(head.words.body)),
        buttons=meta.buttons(head.script, head.key),
    )


def _bounds(head: Letterhead) -> tuple[int, int]:
    """Find how wide values may be, and of how many sessions there is room to speak."""

    def fits(limit: int, most: int = 0) -> bool:
        return len(head.filled(head.fill(head.words.body, limit, most))) <= meta.LONGEST

    wide = (limit for limit in (WHOLE, 300, 120, 60, 40, 30, SHORTEST) if fits(limit))
    if (limit := next(wide, None)) is not None:
        return limit, 0
    return SHORTEST, next((most for most in range(head.sessions - 1, 1, -1) if fits(SHORTEST, most)), 1)


def unstarred(text: str) -> str:
    """Leave out the stars that only WhatsApp reads."""
    return text.replace("*", "")


def freely(text: str, *, channel: str, link: str, language: str) -> Wording:
    """Write a text that takes no template."""
    if channel != Channel.SMS:
        return Wording(text, link=link, language=language, subject=meta.flat(cut(text, 60, "…")))
    plain = sms.plain(text)
    return Wording(plain, link=link, language=language, units=sms.parts(plain.replace(LINK, link)))


FORMERS: Final[Mapping[str, Callable[[Letterhead], Wording]]] = {
    Channel.WHATSAPP: as_template,
    Channel.SMS: as_sms,
    Channel.EMAIL: as_mail,
    Channel.MANUAL: at_length,
    Channel.LOG: at_length,
}
