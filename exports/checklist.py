"""How a claim stands: its hands in their order, and which of its papers are there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import pgettext_lazy

from exports.models import ClaimDocument, SubsidyClaim
from exports.states import OFF, ClaimState, DocumentKind

HANDS: Final = (
    ("submitted", pgettext_lazy("step", "Submission")),
    ("verified", pgettext_lazy("step", "Verification")),
    ("approved", pgettext_lazy("step", "Approval")),
    ("paid", pgettext_lazy("step", "Payment")),
    ("closed", pgettext_lazy("step", "Closing")),
)
WAITS: Final = {
    ClaimState.DRAFT: "submitted",
    ClaimState.RETURNED: "submitted",
    ClaimState.SUBMITTED: "verified",
    ClaimState.VERIFIED: "approved",
    ClaimState.APPROVED: "paid",
    ClaimState.PAID: "closed",
}


@dataclass(frozen=True)
class Step:
    """One hand of a claim: what it does, who did it when, and whether it is the next."""

    label: str
    at: datetime | None
    who: str
    next: bool
    off: bool = False

    @property
    def done(self) -> bool:
        """Tell whether that hand was laid on it."""
        return self.at is not None


def steps_of(claim: SubsidyClaim) -> list[Step]:
    """List the five hands; a claim that came back to who handed it in begins anew, one that is off ends there."""
    waits = WAITS.get(ClaimState(claim.state))
    return [_step(claim, name, str(label), next_=name == waits) for name, label in HANDS]


def _step(claim: SubsidyClaim, name: str, label: str, *, next_: bool) -> Step:
    again = claim.state == ClaimState.RETURNED
    at = None if again else getattr(claim, f"{name}_at")
    hand = getattr(claim, f"{name}_by")
    return Step(label, at, hand.name if at and hand else "", next_, off=at is None and claim.state in OFF)


@dataclass(frozen=True)
class Line:
    """One kind of document: whether the scheme asks for it, and the papers of this kind."""

    kind: DocumentKind
    asked: bool
    papers: tuple[ClaimDocument, ...]

    @property
    def missing(self) -> bool:
        """Tell whether it is asked for and not there."""
        return self.asked and not self.papers


def checklist(claim: SubsidyClaim) -> list[Line]:
    """List what the scheme asks for, then what was added beside it; one query."""
    papers = list(ClaimDocument.objects.filter(claim=claim).select_related("by").order_by("at", "pk"))
    asked = [kind for kind in DocumentKind if kind in claim.scheme.documents]
    beside = [kind for kind in DocumentKind if kind not in asked and any(paper.kind == kind for paper in papers)]
    return [
        Line(kind, kind in asked, tuple(paper for paper in papers if paper.kind == kind)) for kind in (*asked, *beside)
    ]
