"""What is claimed once: a waybill and a document; a second claim is refused in words that name the first."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common.errors import Refused
from exports.models import SubsidyClaim
from exports.querysets import ClaimQuerySet
from exports.states import LIVE

NAMED = {
    "waybill": gettext_lazy("This waybill is already part of claim %(claim)s of %(unit)s."),
    "document": gettext_lazy("This document is already part of claim %(claim)s of %(unit)s."),
}
UNNAMED = {
    "waybill": gettext_lazy("This waybill is already part of another claim."),
    "document": gettext_lazy("This document is already part of another claim."),
}


def claims_of_waybill(key: str) -> ClaimQuerySet[SubsidyClaim]:
    """Find the live claim of a waybill."""
    return SubsidyClaim.objects.filter(waybill_key=key, state__in=LIVE)


def claims_of_document(digest: str) -> ClaimQuerySet[SubsidyClaim]:
    """Find the live claim that a document shows."""
    return SubsidyClaim.objects.filter(papers__sha256=digest, papers__live=True)


@contextmanager
def claimed_once(what: str, others: ClaimQuerySet[SubsidyClaim], *, by: User) -> Iterator[None]:
    """Write what only one live claim may have; another that has it is named, also when it came at the same moment."""
    _refuse(what, others, by)
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        _refuse(what, others, by)
        raise


def _refuse(what: str, others: ClaimQuerySet[SubsidyClaim], by: User) -> None:
    """Name the other claim to who may see it; to anyone else it is another claim."""
    other = others.select_related("business_unit").first()
    if other is not None:
        seen = SubsidyClaim.objects.visible_to(by).filter(pk=other.pk).exists()
        told: Mapping[str, Promise] = NAMED if seen else UNNAMED
        raise Refused(told[what] % {"claim": other, "unit": other.business_unit})


def refuse_twice(claim: SubsidyClaim, digest: str) -> None:
    """Refuse the same file a second time in one claim."""
    if claim.papers.filter(sha256=digest, live=True).exists():
        raise Refused(_("This document is already in this claim."))
