"""Which words are in force: what somebody changed, else what came with the release; read once for a batch."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reminders.models import Template
from reminders.states import FORMS, Channel, Form, Script, TemplateState
from reminders.topics import LANGUAGE
from reminders.wording.defaults import Words, words_given

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Book:
    """All words in force at one moment."""

    changed: Mapping[Key, Template]

    def words(self, script: Script, *, channel: str, language: str) -> Words:
        """Give the words of one script as this channel says them; WhatsApp says what it approved."""
        form = FORMS[Channel(channel)]
        row = self.changed.get((script, form, language))
        if row is not None and channel == Channel.WHATSAPP and row.approved_name:
            return Words(row.approved_body, name=row.approved_name)
        return words_of(row, script=script, form=form, language=language)

    def usable(self, script: Script, *, channel: str, language: str) -> bool:
        """Say whether this channel may say these words now; WhatsApp refuses what it did not approve."""
        row = self.changed.get((script, Form.LONG, language)) if channel == Channel.WHATSAPP else None
        return row is None or bool(row.approved_name) or row.provider_state == TemplateState.UNHEARD


def open_book() -> Book:
    """Read what was changed, in one query."""
    return Book({(row.script, row.form, row.language): row for row in Template.objects.all()})


def words_of(row: Template | None, *, script: Script, form: Form, language: str) -> Words:
    """Give the words of one row; what it leaves empty comes with the release."""
    given = words_given(script, form, language)
    if row is None:
        return given
    return Words(row.body or given.body, row.subject or given.subject, row.provider_name or given.name)


def usable(channel: str, scripts: Iterable[str], *, language: str = LANGUAGE, book: Book | None = None) -> bool:
    """Say whether a channel may say all of these now; kinds of messages are scripts too, an answer always may."""
    opened = book or open_book()
    known = [Script(name) for name in scripts if name in Script.values]
    return all(opened.usable(script, channel=channel, language=language) for script in known)
