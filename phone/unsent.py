"""The file of what could not be sent from a phone, brought in by a coordinator as if the mentor had sent it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from json import loads
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.states import Role
from attendance.actions import Kept, keep_acts
from attendance.actions.phone import MOST as MOST_ACTS
from attendance.content import ActContent
from common.constraints import sentence_of
from common.errors import Refused
from common.events import record
from mentoring.actions import Address, Outcome, Verdict, keep_photo, put_visit
from mentoring.models import HeldVersion, Photo, Visit
from phone.plain import BROKEN, Sent, act_of, content_of, key_of, photo_of, rows_of
from programs.models import Program, Session
from villages.models import Village

KIND: Final = "desa-devisa-unsent"
SCHEMA: Final = 1
BIGGEST: Final = 64 * 1024 * 1024  # bytes
CUT: Final = gettext_lazy("This file cannot be read. It may have been cut on its way; ask for it again.")
DAMAGED: Final = gettext_lazy("This record is incomplete or damaged.")


@dataclass(frozen=True)
class Unsent:
    """The file as read: whose it is, and its records as they stand there."""

    mentor: int
    visits: list[Any]
    photos: list[Any]
    acts: list[Any]


@dataclass(frozen=True)
class Judged:
    """What became of one record, or of several alike: what it is, the verdict by code, why in words, and how many."""

    title: str
    verdict: str
    detail: str = ""
    count: int = 1


@dataclass(frozen=True)
class Bringing:
    """Whose records they are, who brings them when, and what that person may bring."""

    mentor: User
    by: User
    at: datetime
    programs: frozenset[int]
    villages: dict[int, str]


def read_unsent(data: bytes) -> Unsent:
    """Read a file of unsent records; whatever else it is, is a ValidationError in words."""
    try:
        file = loads(data.decode("utf-8-sig"), parse_constant=_no_number)
        kind, schema = file["kind"], file.get("schema")
    except (*BROKEN, RecursionError) as error:
        raise ValidationError(CUT) from error
    if kind != KIND:
        raise ValidationError(_("This is not a file of unsent records. Save it in the app, on the page “Sending”."))
    if type(schema) is int and schema > SCHEMA:
        raise ValidationError(_("This file comes from a newer app than this server knows."))
    try:
        return Unsent(key_of(file["mentor"]), *(rows_of(file, name) for name in ("visits", "photos", "acts")))
    except BROKEN as error:
        raise ValidationError(CUT) from error


def bring_in(unsent: Unsent, *, by: User, at: datetime) -> list[Judged]:
    """Take each record as its mentor would have sent it; bringing the same file again changes nothing."""
    mentor = User.objects.filter(pk=unsent.mentor, role=Role.MENTOR).first()
    if mentor is None:
        raise ValidationError(_("The mentor who saved this file is not known here."))
    programs = frozenset(Program.objects.visible_to(by).values_list("pk", flat=True))
    names = dict(Village.objects.visible_to(by).values_list("pk", "name"))
    bringing = Bringing(mentor, by, at, programs, names)
    judged = [_visit(item, bringing) for item in unsent.visits]
    photos = [_photo(item, bringing) for item in unsent.photos]
    return [*judged, *_alike(photos), *_alike(_acts(unsent.acts, bringing))]


def _visit(item: Any, bringing: Bringing) -> Judged:
    mentor, at = bringing.mentor, bringing.at
    try:
        key, content = UUID(item["id"]), content_of(item)
        base = item.get("base_version") and key_of(item["base_version"])
    except BROKEN:
        return Judged(_("Visit"), "refused", str(DAMAGED))
    title = bringing.villages.get(content.village, _("Visit"))
    if content.program not in bringing.programs:
        return Judged(_("Visit"), "refused", _("This visit belongs to a program that you do not run."))
    try:
        with transaction.atomic():
            verdict = put_visit(id=key, content=content, by=mentor, at=at, base_version=base)
            _note(verdict, bringing)
    except (ValidationError, Refused, IntegrityError) as refused:
        return Judged(title, "refused", _said(refused))
    return Judged(title, "stored" if verdict.outcome == Outcome.CHANGED else str(verdict.outcome))


def _note(verdict: Verdict, bringing: Bringing) -> None:
    """Say with the visit whose hand brought it in; a repeat says nothing."""
    if verdict.visit and verdict.outcome != Outcome.HAD_IT:
        record(verdict.visit, verb="brought_in", by=bringing.by, at=bringing.at, outcome=str(verdict.outcome))


def _photo(item: Any, bringing: Bringing) -> Judged:
    title = _("Photo")
    try:
        sent = photo_of(item)
    except BROKEN:
        return Judged(title, "refused", str(DAMAGED))
    try:
        with transaction.atomic():
            new = _keep(sent, bringing)
    except Photo.DoesNotExist:
        return Judged(title, "refused", _("The visit of this photo has not arrived. Bring in the file that holds it."))
    except (ValidationError, Refused, IntegrityError) as refused:
        return Judged(title, "refused", _said(refused))
    return Judged(title, "stored" if new else "had_it")


def _keep(sent: Sent, bringing: Bringing) -> bool:
    """Keep a photo of a visit of theirs, here or held, in a program of who brings it; say whose hand brought it."""
    theirs = {"program__in": bringing.programs}
    visits = Visit.objects.filter(pk=sent.visit, mentor=bringing.mentor, **theirs)
    if not (visits.exists() or HeldVersion.objects.filter(key=sent.visit, sent_by=bringing.mentor, **theirs).exists()):
        raise Photo.DoesNotExist
    to = Address(sent.visit, sent.id, bringing.mentor)
    new = keep_photo(to, sent=sent.jpeg, at=bringing.at, taken_at=sent.taken_at)
    if new:
        record(Photo.objects.get(pk=sent.id), verb="brought_in", by=bringing.by, at=bringing.at)
    return new


def _acts(items: list[Any], bringing: Bringing) -> list[Judged]:
    """Keep what can be read of these acts, and say of each in its order what became of it."""
    read = [_read_act(item) for item in items]
    known = [act for act in read if act]
    kept: list[Kept] = []
    for first in range(0, len(known), MOST_ACTS):
        acts = known[first : first + MOST_ACTS]
        kept += keep_acts(acts, by=bringing.mentor, at=bringing.at, brought_by=bringing.by)
    answers, wanted = iter(kept), {act.session for act in known}
    seen = Session.objects.visible_to(bringing.by).filter(pk__in=wanted).select_related("module")
    titles = {session.pk: session.title for session in seen}
    return [_judged(act, next(answers), titles) if act else _damaged() for act in read]


def _read_act(item: Any) -> ActContent | None:
    try:
        return act_of(item)
    except BROKEN:
        return None


def _damaged() -> Judged:
    return Judged(_("Attendance"), "refused", str(DAMAGED))


def _judged(act: ActContent, kept: Kept, titles: dict[int, str]) -> Judged:
    title = titles.get(act.session)
    named = _("Attendance: {title}").format(title=title) if title else _("Attendance")
    return Judged(named, str(kept.verdict), kept.detail)


def _alike(judged: list[Judged]) -> Iterator[Judged]:
    """Put those together of which the same is said, in the order in which they first come."""
    counted: dict[Judged, int] = {}
    for one in judged:
        counted[one] = counted.get(one, 0) + 1
    return (replace(one, count=count) for one, count in counted.items())


def _said(refused: ValidationError | Refused | IntegrityError) -> str:
    """Say in words why the house does not take something."""
    if isinstance(refused, ValidationError):
        return " ".join(refused.messages)
    return sentence_of(refused) if isinstance(refused, IntegrityError) else str(refused)


def _no_number(name: str) -> None:
    raise ValueError(name)
