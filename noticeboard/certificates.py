"""Whether a certificate holds: what anyone may read who has its number in hand."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from common.dates import local_date, span, written_date
from common.zones import Zone
from papers.models import Certificate
from papers.numbering import Number
from papers.states import CertificateState
from progress.summary import training_hours

DOTS = "•••••"


@dataclass(frozen=True)
class Check:
    """What the public page says; the name only so far that who holds the paper recognises it."""

    number: str
    valid: bool
    name: str
    course: str
    place: str
    organiser: str
    days: str
    hours: str
    given: str
    revoked: str
    replaced_by: str


def check_of(number: Number) -> Check | None:
    """Read one certificate by its number; one query. None when no such number was given."""
    found = Certificate.objects.filter(number=str(number)).select_related("enrollment__person", "replacement")
    row = found.order_by("pk").first()
    if row is None:
        return None
    facts, newer = row.facts, getattr(row, "replacement", None)
    return Check(
        number=row.number,
        valid=row.state == CertificateState.ISSUED,
        name=veiled(row),
        course=f"{facts['program']}, {facts['cohort']}",
        place=facts["place"],
        organiser=facts["organiser"],
        days=span(date.fromisoformat(facts["first_on"]), date.fromisoformat(facts["last_on"])),
        hours=_("%(minutes)d minutes (%(hours)d JP)")
        % {"minutes": facts["minutes"], "hours": training_hours(facts["minutes"])},
        given=f"{row.given_in}, {written_date(row.given_on)}",
        revoked=written_date(local_date(row.revoked_at, Zone.WIB)) if row.revoked_at else "",
        replaced_by=newer.number if newer else "",
    )


def veiled(certificate: Certificate) -> str:
    """Write `Bu L••••• W•••••`: as many dots for a short name as for a long one."""
    name = certificate.printed_name
    if not name:
        return _("name erased on request")
    title = certificate.enrollment.person.address.split()[0]
    return " ".join([title, *(f"{word[0]}{DOTS}" for word in name.split())])


def certificate_for(person: int, key: int) -> Certificate | None:
    """Find a person's own valid certificate; nobody else's."""
    mine = Certificate.objects.valid().filter(pk=key, enrollment__person=person)
    return mine.select_related("enrollment__person").order_by("pk").first()
