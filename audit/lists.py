"""Readings of personal data in words: who, what, of whom, how many."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import ngettext

from accounts.models import User
from audit.models import Access
from common.history import sentence_for
from common.phones import mask_phone
from villages.models import ContactPoint

ADDRESSES: Final = {
    "villages.person": "person-detail",
    "villages.village": "village-detail",
    "programs.program": "program-detail",
    "programs.cohort": "cohort-detail",
    "programs.session": "session-detail",
    "programs.importbatch": "import-detail",
    "mentoring.handover": "handover-detail",
    "replies.reply": "reply-detail",
}
NAMED: Final = frozenset({"villages.contactpoint", "accounts.user"})  # shown by name, without a page
ALONG: Final[dict[str, tuple[str, ...]]] = {
    "programs.session": ("module",),
    "mentoring.handover": ("village",),
    "replies.reply": ("contact_point",),
}


@dataclass(frozen=True)
class Line:
    """One reading as the page shows it."""

    event: Access
    what: str
    kind: str
    name: str  # empty when the reader may not see the row, or it is gone
    address: str  # name of the page, empty where there is none
    extent: str
    many: bool  # more people at once than usual


def lines_of(events: Sequence[Access], *, user: User) -> list[Line]:
    """Write readings out; as many queries as there are kinds of rows among them."""
    names = _names(events, user)
    return [
        Line(
            event=event,
            what=sentence_for(event.subject_type, event.verb),
            kind=capfirst(name_of_kind(event.subject_type)),
            name=names.get((event.subject_type, event.subject_id), ""),
            address=ADDRESSES.get(event.subject_type, ""),
            extent=_extent(event.facts),
            many=event.facts.get("many_people") is True,
        )
        for event in events
    ]


def name_of_kind(label: str) -> str:
    """Name a kind of row as people say it; its label when this house no longer has it."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except LookupError:
        return label


def many_of_kind(label: str) -> str:
    """Name rows of a kind; its label when this house no longer has it."""
    try:
        return str(apps.get_model(label)._meta.verbose_name_plural)
    except (LookupError, ValueError):
        return label


def _extent(facts: dict[str, Any]) -> str:
    """Say how many numbers or rows it were."""
    if isinstance(numbers := facts.get("contact_points"), list):
        return ngettext("%(count)d number", "%(count)d numbers", len(numbers)) % {"count": len(numbers)}
    if isinstance(rows := facts.get("rows"), int):
        counted = ngettext("%(count)d row", "%(count)d rows", rows) % {"count": rows}
        return f"{counted}: {many_of_kind(facts['of'])}" if facts.get("of") else counted
    return ""


def _names(events: Iterable[Access], user: User) -> dict[tuple[str, str], str]:
    keys: dict[str, set[str]] = defaultdict(set)
    for event in events:
        if event.subject_type in ADDRESSES or event.subject_type in NAMED:
            keys[event.subject_type].add(event.subject_id)
    return {
        (label, str(row.pk)): _name(row)
        for label, wanted in keys.items()
        for row in _rows(label, user).filter(pk__in=wanted)
    }


def _rows(label: str, user: User) -> models.QuerySet[Any]:
    seen: models.QuerySet[Any] = apps.get_model(label)._default_manager.visible_to(user)
    return seen.select_related(*ALONG.get(label, ()))


def _name(row: models.Model) -> str:
    return mask_phone(row.number or "") if isinstance(row, ContactPoint) else str(row)
