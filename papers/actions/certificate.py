"""Certificates are issued together, revoked one by one, and corrected by a new one."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.dates import local_date
from common.errors import Refused
from common.events import record
from common.models import Event
from papers.eligibility import Candidate, Eligibility, eligibility_of
from papers.models import Certificate, CertificateCounter, Letterhead
from papers.numbering import Number
from papers.states import CertificateState
from programs.models import Cohort, Enrollment
from progress.measures import Span, read_spans


@dataclass(frozen=True)
class Signature:
    """What stands at the foot of the paper: where and when it is given, and who signs."""

    given_in: str
    given_on: date
    signer: str
    position: str
    signer_number: str = ""

    @classmethod
    def usual(cls, cohort: Cohort, *, on: date) -> "Signature":
        """Sign as last time in the program, else as its letterhead says; in the regency's town when it says nothing."""
        last = Certificate.objects.filter(enrollment__cohort__program=cohort.program_id).order_by("-pk").first()
        if last is not None:
            return cls(last.given_in, on, last.signer, last.position, last.signer_number)
        district = cohort.village.region.parent
        town = district.parent.name if district and district.parent else cohort.village.region.name
        head = getattr(cohort.program, "letterhead", None) or Letterhead()
        return cls(head.city or town, on, head.signer, head.position, head.signer_number)


@dataclass(frozen=True)
class Issued:
    """What issuing did: the new certificates, and those that were there already."""

    made: list[Certificate]
    had: list[Certificate]


@transaction.atomic
def issue_certificates(
    cohort: Cohort, *, enrollments: Iterable[Enrollment], signature: Signature, by: User, at: datetime
) -> Issued:
    """Give each of them a certificate, or none of them when one may not get it; who has one keeps it."""
    _hold(cohort)
    found = eligibility_of(cohort, at=at)
    asked = _asked(found, enrollments)
    had = [each.certificate for each in asked if each.certificate]
    fresh = [each for each in asked if not each.certificate]
    for each in fresh:
        _refuse_short(each)
    made = _write(cohort, fresh, signature, by=by, at=at)
    for certificate in made:
        record(certificate, verb="issued", by=by, at=at, goal=CertificateState.ISSUED, cohort=cohort.pk)
    return Issued(made, had)


@transaction.atomic
def revoke_certificate(certificate: Certificate, *, reason: str, by: User, at: datetime) -> None:
    """Say that a certificate no longer holds, and why; its number stays and says so.

    The reason may speak of a person, so it stands on the row, where it can be erased, and not in the history.
    """
    why = reason.strip()
    if not why:
        raise ValidationError({"reason": _("Say why this certificate is revoked.")})
    certificate.reason = why
    certificate.clean_fields(exclude={"enrollment", "issued_by", "revoked_by", "replaces"})
    _revoke(certificate, why, by=by, at=at)


@transaction.atomic
def reissue_certificate(certificate: Certificate, *, by: User, at: datetime) -> Certificate:
    """Print name, hours and days anew as they now stand: the old number is revoked, a new one takes its place."""
    cohort = certificate.enrollment.cohort
    _hold(cohort)
    candidate = eligibility_of(cohort, at=at).of(certificate.enrollment_id)
    if candidate is None:
        raise Refused(_("This person no longer takes part, or asked to be forgotten."))
    _refuse_short(candidate)
    facts = facts_of(cohort, candidate, _spans([candidate]).get(certificate.enrollment_id))
    if (certificate.name, certificate.facts) == (candidate.enrollment.person.name, facts):
        raise Refused(_("Nothing has changed since this certificate was issued."))
    _revoke(certificate, _("Replaced by a corrected certificate."), by=by, at=at)
    today = local_date(at, cohort.village.zone)
    hand = (certificate.signer, certificate.position, certificate.signer_number)
    signature = Signature(certificate.given_in, today, *hand)
    (made,) = _write(cohort, [candidate], signature, by=by, at=at, replaces=certificate)
    record(made, verb="reissued", by=by, at=at, goal=CertificateState.ISSUED, replaces=certificate.pk)
    return made


def forget_bearer(person: models.Model, _event: Event) -> None:
    """Empty the name, and what was written about its bearer; the number keeps its place and still holds or not."""
    Certificate.objects.filter(enrollment__person_id=person.pk).update(name="", reason="")


def facts_of(cohort: Cohort, candidate: Candidate, span: Span | None) -> dict[str, Any]:
    """Freeze what is printed beside the name: the course, its days, and minutes by module."""
    zone, first, last = cohort.village.zone, cohort.starts_on, cohort.ends_on
    if span:
        first, last = local_date(span.first_at, zone), local_date(span.last_at, zone)
    return {
        "program": cohort.program.name,
        "organiser": cohort.program.organiser,
        "cohort": cohort.name,
        "village": cohort.village.name,
        "place": cohort.village.place,
        "first_on": first.isoformat(),
        "last_on": last.isoformat(),
        "minutes": candidate.progress.attended,
        "modules": [asdict(cell) for cell in candidate.progress.required],
    }


def _hold(cohort: Cohort) -> None:
    """Let two who issue in one cohort wait for each other, so that nobody gets two."""
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)


def _asked(found: Eligibility, enrollments: Iterable[Enrollment]) -> list[Candidate]:
    """Find the participants by name, each once; anybody else, and nobody, is refused."""
    keys = {enrollment.pk for enrollment in enrollments}
    chosen = [each for each in found.candidates if each.enrollment.pk in keys]
    if not keys:
        raise ValidationError({"enrollments": _("Choose at least one participant.")})
    if len(chosen) != len(keys):
        raise ValidationError({"enrollments": _("Certificates go to those who take part in this cohort.")})
    return chosen


def _refuse_short(candidate: Candidate) -> None:
    if candidate.eligible:
        return
    reasons = "; ".join(candidate.lacks) or _("nothing is required of this cohort")
    raise Refused(
        _("%(name)s cannot get a certificate yet. %(reasons)s.")
        % {"name": candidate.enrollment.person.name, "reasons": reasons}
    )


def _revoke(certificate: Certificate, why: str, *, by: User, at: datetime) -> None:
    Certificate.objects.move(certificate, CertificateState.REVOKED, revoked_at=at, revoked_by=by, reason=why)
    goal = CertificateState.REVOKED
    record(certificate, verb="revoked", by=by, at=at, origin=CertificateState.ISSUED, goal=goal)


def _write(
    cohort: Cohort,
    candidates: Sequence[Candidate],
    signature: Signature,
    *,
    by: User,
    at: datetime,
    replaces: Certificate | None = None,
) -> list[Certificate]:
    """Write one certificate for each, in the order of their names, under numbers that follow one another."""
    numbers = take_numbers(local_date(at, cohort.village.zone).year, len(candidates))
    spans = _spans(candidates)
    rows = [
        Certificate(
            number=str(number),
            enrollment=each.enrollment,
            name=each.enrollment.person.name,
            facts=facts_of(cohort, each, spans.get(each.enrollment.pk)),
            **asdict(signature),
            issued_at=at,
            issued_by=by,
            replaces=replaces,
        )
        for each, number in zip(candidates, numbers, strict=True)
    ]
    for row in rows:
        row.clean_fields(exclude={"enrollment", "issued_by", "replaces"})
    return Certificate.objects.bulk_create(rows)


def _spans(candidates: Sequence[Candidate]) -> dict[int, Span]:
    return {span.enrollment: span for span in read_spans(each.enrollment.pk for each in candidates)}


def take_numbers(year: int, count: int) -> list[Number]:
    """Take the next numbers of a year; a rollback gives them back, so that none is ever missing."""
    if not count:
        return []
    counter = counter_of(year)
    first, counter.last = counter.last + 1, counter.last + count
    counter.save(update_fields=["last"])
    return [Number(year, serial) for serial in range(first, counter.last + 1)]


def counter_of(year: int) -> CertificateCounter:
    """Read the year's counter and hold it until the end of the transaction."""
    CertificateCounter.objects.get_or_create(year=year)
    return CertificateCounter.objects.select_for_update().get(year=year)
