"""Readings of personal data in words: who, what, of whom, how many."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import ngettext

from accounts.models import User
from audit.models import Access
from common.history import sentence_for
from common.phones import mask_phone

ADDRESSES: Final = {  # where a kind of row is read, and which of its columns the address names
    "villages.person": ("person-detail", "pk"),
    "villages.village": ("village-detail", "pk"),
    "programs.program": ("program-detail", "pk"),
    "programs.cohort": ("cohort-detail", "pk"),
    "programs.session": ("session-detail", "pk"),
    "programs.importbatch": ("import-detail", "pk"),
    "programs.trainer": ("trainer-detail", "pk"),
    "attendance.sheetphoto": ("session-photos", "session_id"),
    "mentoring.assignment": ("assignment-letter", "pk"),
    "mentoring.handover": ("handover-detail", "pk"),
    "exports.claimdocument": ("claim-detail", "claim_id"),
    "exports.transactiondocument": ("transaction-detail", "transaction_id"),
    "papers.certificate": ("certificate-detail", "pk"),
    "replies.reply": ("reply-detail", "pk"),
}
NAMED: Final = frozenset({"villages.contactpoint", "accounts.user"})  # shown by name, without a page
ALONG: Final[dict[str, tuple[str, ...]]] = {
    "programs.session": ("module",),
    "attendance.sheetphoto": ("session__module",),
    "mentoring.assignment": ("mentor", "village"),
    "mentoring.handover": ("village",),
    "exports.claimdocument": ("claim__business_unit",),
    "exports.transactiondocument": ("transaction__business_unit",),
    "replies.reply": ("contact_point",),
}


NOWHERE: Final = ("", "")


@dataclass(frozen=True)
class Line:
    """One reading as the page shows it."""

    event: Access
    what: str
    kind: str
    name: str  # empty when the reader may not see the row, or it is gone
    address: str  # of its page, empty where there is none
    extent: str
    many: bool  # more people at once than usual


def lines_of(events: Sequence[Access], *, user: User) -> list[Line]:
    """Write readings out; as many queries as there are kinds of rows among them."""
    found = _found(events, user)
    return [
        Line(
            event=event,
            what=sentence_for(event.subject_type, event.verb),
            kind=capfirst(name_of_kind(event.subject_type)),
            name=found.get((event.subject_type, event.subject_id), NOWHERE)[0],
            address=found.get((event.subject_type, event.subject_id), NOWHERE)[1],
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


def _found(events: Iterable[Access], user: User) -> dict[tuple[str, str], tuple[str, str]]:
    """Name the rows that were read, with the addresses of their pages."""
    keys: dict[str, set[str]] = defaultdict(set)
    for event in events:
        if event.subject_type in ADDRESSES or event.subject_type in NAMED:
            keys[event.subject_type].add(event.subject_id)
    return {
        (label, str(row.pk)): (_name(label, row), _address(label, row))
        for label, wanted in keys.items()
        for row in _rows(label, user).filter(pk__in=wanted)
    }


def _rows(label: str, user: User) -> models.QuerySet[Any]:
    seen: models.QuerySet[Any] = apps.get_model(label)._default_manager.visible_to(user)
    return seen.select_related(*ALONG.get(label, ()))


def _name(label: str, row: Any) -> str:
    """Call a row as people do; a document by its kind and whose it is."""
    match label:
        case "villages.contactpoint":
            return mask_phone(row.number or "")
        case "attendance.sheetphoto":
            return str(row.session)
        case "mentoring.assignment":
            return f"{row.mentor.name} · {row.village.name}"
        case "exports.claimdocument":
            return f"{row.get_kind_display()} · {row.claim.business_unit.name}"
        case "exports.transactiondocument":
            return f"{row.get_kind_display()} · {row.transaction.business_unit.name}"
        case _:
            return str(row)


def _address(label: str, row: models.Model) -> str:
    if label not in ADDRESSES:
        return ""
    name, column = ADDRESSES[label]
    return reverse(name, args=[getattr(row, column)])
