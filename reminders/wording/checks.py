"""What changed words must keep so that they can be said: every fault is one sentence beside its field."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common.fields import refuse_control_characters
from reminders.states import Channel, Form, Script
from reminders.wording import meta, sms
from reminders.wording.composing import compose
from reminders.wording.defaults import Words
from reminders.wording.letters import LONGEST_SUBJECT
from reminders.wording.samples import link_of, sample_of

Fault = tuple[str, str]  # the field, and what is wrong with it
STOP_WORD: Final = "BERHENTI"
NAME: Final = re.compile(r"[a-z0-9_]{3,120}")
MOST_PARTS: Final = {Script.SEVERAL: 3, Script.TRAINER_SEVERAL: 3}  # else one

_SESSION: Final = ("hello", "title", "day", "time", "hours", "place", "link")
KNOWN: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("invitation", "h3", "h1", "h0"), _SESSION),
    "change": (*_SESSION, "before", "now"),
    "cancellation": (*_SESSION, "reason"),
    "several": ("hello", "items", "count", "link"),
    **dict.fromkeys(("visit_tomorrow", "visit_missing"), ("hello", "village", "day", "time", "link")),
    "visit_returned": ("hello", "village", "day", "link"),
    **dict.fromkeys(("action_due", "action_overdue"), ("hello", "count", "village", "due", "link")),
    "handover": ("hello", "village", "link"),
    "handover_signed": ("hello", "village", "day", "link"),
    "sheet_missing": ("hello", "title", "day", "link"),
    **dict.fromkeys(("claim_submitted", "claim_approved"), ("hello", "unit", "amount", "link")),
    **dict.fromkeys(("claim_returned", "claim_rejected"), ("hello", "unit", "amount", "link")),
    "claim_paid": ("hello", "unit", "amount", "day", "link"),
    **dict.fromkeys(("digest", "outage"), ("hello", "count", "what", "link")),
    "certificate": ("hello", "who", "title", "link"),
}
# Of each group one must stand; the time of a session is said by its beginning or by its hours.
_TIME: Final = ("time", "hours")
REQUIRED: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    **dict.fromkeys(("invitation", "h3", "h1"), (("hello",), ("title",), ("day",), _TIME, ("place",))),
    "h0": (("hello",), ("title",), _TIME, ("place",)),
    "change": (("hello",), ("title",), ("before",), ("now",), ("place",)),
    "cancellation": (("hello",), ("title",), ("day",), _TIME, ("reason",)),
    "several": (("hello",), ("items",)),
    "visit_tomorrow": (("village",), ("day",), ("time",)),
    **dict.fromkeys(("visit_missing", "visit_returned"), (("village",), ("day",))),
    **dict.fromkeys(("action_due", "action_overdue"), (("count",), ("village",), ("due",))),
    **dict.fromkeys(("handover", "handover_signed"), (("village",),)),
    "sheet_missing": (("title",), ("day",)),
    **dict.fromkeys(("claim_submitted", "claim_approved", "claim_returned", "claim_rejected"), (("unit",),)),
    "claim_paid": (("unit",), ("day",)),
    "digest": (("what",),),
    "outage": (("count",),),
    "certificate": (("hello",), ("title",), ("link",)),
}
LEADING: Final = ("invitation", "h3", "h1", "h0", "change", "cancellation", "several")  # villagers find their page


def known_of(script: Script) -> tuple[str, ...]:
    """List what a script may name."""
    return KNOWN[script.value.removeprefix("trainer_")]


def required_of(script: Script, form: Form) -> tuple[tuple[str, ...], ...]:
    """List what a script must name; a text message has no room for the link."""
    links = (("link",),) if script.value in LEADING and form != Form.SHORT else ()
    return REQUIRED[script.value.removeprefix("trainer_")] + links


def check_words(script: Script, form: Form, language: str, words: Words) -> None:
    """Pass words that can be said, or tell everything that is wrong with them at once."""
    found: dict[str, list[str]] = defaultdict(list)
    for field, sentence in _faults(script, form, words):
        found[field].append(sentence)
    if not found:
        for field, sentence in _lengths(script, form, language, words):
            found[field].append(sentence)
    if found:
        raise ValidationError(dict(found))


def _faults(script: Script, form: Form, words: Words) -> Iterator[Fault]:
    yield from _signs("body", words.body)
    yield from _signs("subject", words.subject)
    named = set(meta.variables(words.body))
    for field, text in (("body", words.body), ("subject", words.subject)):
        if unknown := [name for name in dict.fromkeys(meta.variables(text)) if name not in known_of(script)]:
            yield field, _("Not known here: %(names)s.") % {"names": braced(unknown)}
    if missing := [group for group in required_of(script, form) if not named & set(group)]:
        yield "body", _("Missing: %(names)s.") % {"names": ", ".join(braced(group, _(" or ")) for group in missing)}
    if form != Form.EMAIL and STOP_WORD not in words.body:
        yield "body", _("Say how to stop: the word BERHENTI must stand in it.")
    if form == Form.LONG:
        yield from _approvable(words)
    if form == Form.EMAIL:
        yield from _subject(words.subject)


def _signs(field: str, text: str) -> Iterator[Fault]:
    try:
        refuse_control_characters(text)
    except ValidationError as error:
        yield field, error.messages[0]
    if set(meta.VARIABLE.sub("", text)) & set("{}"):
        yield field, _("Braces stand in pairs around one word, as in {title}.")


def _approvable(words: Words) -> Iterator[Fault]:
    body = words.body.strip()
    if meta.VARIABLE.match(body):
        yield "body", _("WhatsApp takes no text that begins with a value in braces.")
    if re.search(r"\}[\s.,;:!?]*$", body):
        yield "body", _("WhatsApp takes no text that ends with a value in braces.")
    if re.search(r"\}\s*\{", body):
        yield "body", _("WhatsApp takes no two values side by side: put a word between them.")
    if not NAME.fullmatch(words.name):
        yield "provider_name", _("A name at WhatsApp has small letters, digits and underscores only.")


def _subject(subject: str) -> Iterator[Fault]:
    if not subject.strip():
        yield "subject", _("An e-mail needs a subject.")
    if "\n" in subject or len(subject) > LONGEST_SUBJECT:
        yield "subject", _("A subject is one line of at most 200 characters.")


def _lengths(script: Script, form: Form, language: str, words: Words) -> Iterator[Fault]:
    """Try the words with the longest realistic values."""
    channel = {Form.LONG: Channel.WHATSAPP, Form.SHORT: Channel.SMS, Form.EMAIL: Channel.EMAIL}[form]
    topics, link = sample_of(script, language=language, longest=True), link_of(script)
    letter = compose(topics, words, channel=channel, link=link)
    if form == Form.LONG and len(letter.filled) > meta.LONGEST:
        yield "body", _("With long names this has %(n)s characters; WhatsApp takes 1,024.") % {"n": len(letter.filled)}
    most = MOST_PARTS.get(script, 1)
    if form == Form.SHORT and letter.units > most:
        facts = {"n": sms.septets(letter.filled), "parts": letter.units, "most": most}
        yield "body", _("With long names this has %(n)s characters in %(parts)s parts; at most %(most)s.") % facts


def braced(names: object, between: str = ", ") -> str:
    """Write names as they stand in a text."""
    return between.join(f"{{{name}}}" for name in names)  # type: ignore[attr-defined]
