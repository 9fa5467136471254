"""Changing words, and hearing what WhatsApp says of them; what it approved stays in use until the new is approved."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import Language
from common.errors import RowMoved
from common.events import record
from reminders.models import Template
from reminders.states import Form, Script, TemplateState
from reminders.wording.checks import check_words
from reminders.wording.defaults import NAMES, Words, words_given
from reminders.wording.templates import words_of

VERSION: Final = re.compile(r"_v([0-9]+)$")
UTILITY: Final = "utility"
# What WhatsApp's words mean to us; `flagged` is a warning and changes nothing.
MEANING: Final[Mapping[str, TemplateState]] = {
    **dict.fromkeys(("approved", "reinstated"), TemplateState.APPROVED),
    **dict.fromkeys(("pending", "in_appeal", "in_review", "missing"), TemplateState.PENDING),
    **dict.fromkeys(("rejected", "disabled", "deleted", "pending_deletion", "archived"), TemplateState.REJECTED),
    "limit_exceeded": TemplateState.REJECTED,
    "paused": TemplateState.PAUSED,
}
# What WhatsApp's error codes say of a template it was asked to send.
CODES: Final = {"132001": "missing", "132015": "paused", "132016": "disabled"}


@transaction.atomic
def change_template(
    script: Script, form: Form, language: str, *, words: Words, edition: int, by: User, at: datetime
) -> Template:
    """Bring other words into force, by whoever saw the last ones; WhatsApp says the old until it approves the new."""
    asked = _tidy(words, form)
    check_words(script, form, language, asked)
    row = _locked(script, form, language)
    if row.edition != edition:
        raise RowMoved(row)
    before = words_of(row, script=script, form=form, language=language)
    if form == Form.LONG:
        asked = _submit(row, before, asked)
        _refuse_taken_name(row, asked.name)
    if asked == before:
        return row
    given = words_given(script, form, language)
    row.body = "" if asked.body == given.body else asked.body
    row.subject = "" if asked.subject == given.subject else asked.subject
    row.provider_name = "" if asked.name == given.name else asked.name
    row.edition, row.changed_at, row.changed_by = row.edition + 1, at, by
    row.save()
    record(row, verb="reworded", by=by, at=at, edition=row.edition)
    return row


def reset_template(script: Script, form: Form, language: str, *, edition: int, by: User, at: datetime) -> Template:
    """Return to the words that come with the release."""
    given = words_given(script, form, language)
    return change_template(script, form, language, words=given, edition=edition, by=by, at=at)


@transaction.atomic
def note_template(
    script: Script, language: str, *, state: TemplateState, category: str, by: User, at: datetime
) -> Template:
    """Write down what WhatsApp's own page says of the words that were submitted last."""
    row = _locked(script, Form.LONG, language)
    _hear(row, _name(row), state, category, by=by, at=at)
    return row


@transaction.atomic
def hear_template(name: str, language: str, *, state: str = "", category: str = "", at: datetime) -> bool:
    """Take WhatsApp's own word on a template, as its webhook tells it; False when the name is none of ours."""
    row = _named(name, _language(language))
    if row is None:
        return False
    _hear(row, name, MEANING.get(state.lower()), category.lower(), by=None, at=at)
    return True


def hear_refusal(name: str, language: str, *, code: str, at: datetime) -> bool:
    """Take it from an error that WhatsApp does not know a template, or holds it back: it is not asked again."""
    return code in CODES and hear_template(name, language, state=CODES[code], at=at)


def _tidy(words: Words, form: Form) -> Words:
    lines = [line.rstrip() for line in words.body.replace("\r\n", "\n").strip().split("\n")]
    body = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
    return Words(
        body,
        words.subject.strip() if form == Form.EMAIL else "",
        words.name.strip() if form == Form.LONG else "",
    )


def _submit(row: Template, before: Words, asked: Words) -> Words:
    """Keep what may be said meanwhile, and give changed words a name of their own at WhatsApp."""
    if not row.approved_name and row.provider_state == TemplateState.UNHEARD:
        row.approved_name, row.approved_body = before.name, before.body
    if (asked.name, asked.body) == (before.name, before.body):
        return asked
    if asked.body == row.approved_body and asked.name in (before.name, row.approved_name):
        row.provider_state = TemplateState.UNHEARD
        return Words(asked.body, name=row.approved_name)
    if asked.body != before.body and asked.name in (before.name, row.approved_name):
        asked = Words(asked.body, name=_next(before.name))
    row.provider_state = TemplateState.PENDING
    return asked


def _next(name: str) -> str:
    found = VERSION.search(name)
    return VERSION.sub(f"_v{int(found[1]) + 1}", name) if found else f"{name}_v2"


def _refuse_taken_name(row: Template, name: str) -> None:
    others = Template.objects.filter(form=Form.LONG, language=row.language).exclude(pk=row.pk)
    default = next((script for script, given in NAMES.items() if given == name), row.script)
    if default != row.script or others.filter(provider_name=name).exists():
        raise ValidationError({"provider_name": _("Another message has this name at WhatsApp.")})


def _locked(script: Script, form: Form, language: str) -> Template:
    """Take the row of these words for ourselves; the first change makes it."""
    Template.objects.get_or_create(script=script, form=form, language=language)
    return Template.objects.select_for_update().get(script=script, form=form, language=language)


def _named(name: str, language: str) -> Template | None:
    """Find whose name it is: submitted, in use, or that of words nobody changed."""
    rows = Template.objects.select_for_update().filter(form=Form.LONG, language=language)
    known = rows.filter(provider_name=name).first() or rows.filter(approved_name=name).first()
    script = next((script for script, given in NAMES.items() if given == name), None)
    return known or (_locked(script, Form.LONG, language) if script else None)


def _language(told: str) -> str:
    code = told[:2].lower()
    return code if code in Language.values else Language.INDONESIAN.value


def _name(row: Template) -> str:
    return row.provider_name or NAMES[Script(row.script)]


def _hear(
    row: Template, name: str, state: TemplateState | None, category: str, *, by: User | None, at: datetime
) -> None:
    """Apply one word; what is said of words that are no longer in use changes nothing."""
    origin = row.provider_state
    if state is not None:
        _apply(row, name, state)
    if row.provider_state != origin:
        record(row, verb="judged", by=by, at=at, origin=origin, goal=row.provider_state)
    if category and category != row.category:
        record(row, verb="recategorised", by=by, at=at, origin=row.category or UTILITY, goal=category)
        row.category = category
    row.save()


def _apply(row: Template, name: str, state: TemplateState) -> None:
    current = words_of(row, script=Script(row.script), form=Form.LONG, language=row.language)
    if state == TemplateState.APPROVED and name == current.name:
        row.approved_name, row.approved_body = current.name, current.body
    elif state != TemplateState.APPROVED and name == row.approved_name:
        row.approved_name = row.approved_body = ""
    if name == current.name:
        row.provider_state = state
