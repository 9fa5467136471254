"""Templates as people read them: the words in force, what they look like on a phone, what WhatsApp is asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.history import Knot, tell
from common.models import Event
from common.zones import Zone
from reminders.models import Template
from reminders.states import Channel, Form, Script, TemplateState
from reminders.topics import LINK, LINK_SHOWN
from reminders.wording import meta, sms
from reminders.wording.checks import braced, known_of, required_of
from reminders.wording.composing import Topics, compose
from reminders.wording.defaults import Words, languages_of
from reminders.wording.letters import MISSING
from reminders.wording.samples import link_of, sample_of
from reminders.wording.templates import words_of

HISTORY: Final = 50
CHANNELS: Final = {Form.LONG: Channel.MANUAL, Form.SHORT: Channel.SMS, Form.EMAIL: Channel.EMAIL}
GROUPS: Final = (
    (_("To participants"), ("invitation", "h3", "h1", "h0", "change", "cancellation", "several", "certificate")),
    (_("To trainers"), tuple(script.value for script in Script if script.value.startswith("trainer_"))),
    (
        _("To staff"),
        (
            "visit_tomorrow",
            "visit_missing",
            "visit_returned",
            "action_due",
            "action_overdue",
            "handover",
            "handover_signed",
            "sheet_missing",
            *(script.value for script in Script if script.value.startswith("claim_")),
            "digest",
            "outage",
        ),
    ),
)
SENTENCES: Final[Mapping[str, Promise]] = {
    "reworded": _("Words changed"),
    "judged": _("Word from WhatsApp"),
    "recategorised": _("Category changed by WhatsApp"),
}


@dataclass(frozen=True)
class Sight:
    """One letter as it would be read, and how much of it there is."""

    text: str
    subject: str
    buttons: tuple[str, ...]
    signs: int
    parts: int
    most_signs: int  # with long names
    most_parts: int


@dataclass(frozen=True)
class Face:
    """The words of one script in one form and language: those in force, and what is known of them."""

    script: Script
    form: Form
    language: str
    words: Words
    row: Template | None

    @property
    def changed(self) -> bool:
        """Tell whether somebody changed them."""
        return self.row is not None and bool(self.row.body or self.row.subject or self.row.provider_name)

    @property
    def edition(self) -> int:
        """Count the changes."""
        return self.row.edition if self.row else 0

    @property
    def state(self) -> TemplateState:
        """Say what WhatsApp says of them."""
        return TemplateState(self.row.provider_state) if self.row else TemplateState.UNHEARD

    @property
    def usable(self) -> bool:
        """Say whether WhatsApp takes this message now, in these words or in those before."""
        return self.state in (TemplateState.UNHEARD, TemplateState.APPROVED) or bool(self.meanwhile)

    @property
    def meanwhile(self) -> str:
        """Give the words that WhatsApp says until it approves these."""
        row = self.row
        return row.approved_body if row and row.approved_body and row.approved_body != self.words.body else ""

    @property
    def recategorised(self) -> str:
        """Name the category when WhatsApp bills it as something else than we meant."""
        return self.row.category if self.row and self.row.category not in ("", "utility") else ""

    def seen(self, words: Words | None = None) -> Sight:
        """Show what these words, or words that are tried, look like."""
        return sight_of(self.script, self.form, self.language, words or self.words)

    @property
    def submitted(self) -> str:
        """Write the text as WhatsApp is asked for it."""
        return meta.numbered(self.words.body)

    @property
    def values(self) -> list[tuple[str, str, str]]:
        """List what stands in each place of it, with an example: its number, its name, its value."""
        topics = sample_of(self.script, language=self.language)
        letter = compose(topics, self.words, channel=Channel.WHATSAPP, link=link_of(self.script))
        named = zip(meta.variables(self.words.body), letter.filled_parameters, strict=True)
        return [(f"{{{{{n}}}}}", name, value) for n, (name, value) in enumerate(named, start=1)]


def sight_of(script: Script, form: Form, language: str, words: Words) -> Sight:
    """Try words on the everyday example and on the longest."""
    usual, most = (
        compose(sample_of(script, language=language, longest=longest), words, channel=CHANNELS[form], link=LINK_SHOWN)
        for longest in (False, True)
    )
    texts = [letter.text.replace(LINK, LINK_SHOWN) for letter in (usual, most)]
    signs = [sms.septets(text) if form == Form.SHORT else len(text) for text in texts]
    asked = meta.BUTTONS[language] if form == Form.LONG and script in meta.ASKING else ()
    return Sight(texts[0] or MISSING, usual.subject, asked, signs[0], usual.units, signs[1], most.units)


def places_of(face: Face) -> list[tuple[str, str, str | Promise]]:
    """List what can stand in the words, with an example, and whether it has to; of two that do, either is enough."""
    topics, needed = sample_of(face.script, language=face.language), required_of(face.script, face.form)
    must = {
        name: _("must stand in it") if len(group) == 1 else _("one of these must stand in it")
        for group in needed
        for name in group
    }
    return [
        (braced([name]), _example(topics, face, name), must.get(name, ""))
        for name in sorted(known_of(face.script), key=lambda name: name not in must)
    ]


def _example(topics: Topics, face: Face, name: str) -> str:
    return compose(topics, Words(braced([name])), channel=CHANNELS[face.form], link=LINK_SHOWN).filled


def face_of(script: Script, form: Form, language: str, rows: Iterable[Template]) -> Face:
    """Find the words of one script among those that were changed."""
    key = (script.value, form.value, language)
    row = next((row for row in rows if (row.script, row.form, row.language) == key), None)
    return Face(script, form, language, words_of(row, script=script, form=form, language=language), row)


@dataclass(frozen=True)
class Line:
    """One script in the list: its words by form."""

    script: Script
    language: str
    faces: tuple[Face, ...]

    @property
    def written(self) -> Face:
        """Give the words that WhatsApp says and people send by hand."""
        return self.faces[0]

    @property
    def changed(self) -> list[Face]:
        """List the forms whose words were changed."""
        return [face for face in self.faces if face.changed]


def lines_of(rows: Iterable[Template]) -> list[tuple[str | Promise, list[Line]]]:
    """List every script by whom it is for, in each language in which it is said."""
    known = list(rows)
    return [(name, [line for script in scripts for line in _lines(Script(script), known)]) for name, scripts in GROUPS]


def _lines(script: Script, rows: Iterable[Template]) -> Iterable[Line]:
    for language in languages_of(script):
        yield Line(script, language, tuple(face_of(script, form, language, rows) for form in Form))


def history_of(faces: Iterable[Face]) -> list[Knot]:
    """Tell what happened to the words of one script, newest first; 1 query."""
    rows = {str(face.row.pk): face for face in faces if face.row}
    events = Event.objects.filter(subject_type=Template._meta.label_lower, subject_id__in=rows)
    latest = events.select_related("by").order_by("-pk")[:HISTORY]
    return tell(latest, zone=Zone.WIB, sentences=SENTENCES, facts=lambda event: _facts(event, rows[event.subject_id]))


def _facts(event: Event, face: Face) -> str:
    if event.verb == "judged":
        return str(TemplateState(event.goal).label)
    return event.goal or str(face.form.label)
