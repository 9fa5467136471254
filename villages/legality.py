"""The legality checklist of a business unit: which papers its product needs, and whether they hold on a day.

Nothing is read or written here. A paper holds through its last day; it expires soon in its last ninety.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _

from villages.models import BusinessUnit, Licence
from villages.states import LegalityState, LicenceKind, ProductGroup

SOON: Final = timedelta(days=90)
NIB: Final = "nib"  # a column of the unit itself, without an end
NEEDED: Final[dict[str, tuple[LicenceKind, ...]]] = {
    ProductGroup.FOOD: (LicenceKind.HALAL, LicenceKind.PIRT),
    ProductGroup.FISHERY: (LicenceKind.HALAL,),
    ProductGroup.WOOD: (LicenceKind.SVLK,),
}


@dataclass(frozen=True)
class Line:
    """One paper on the checklist: needed or not, and how it stands."""

    kind: str
    required: bool
    state: LegalityState
    number: str = ""
    expires_on: date | None = None

    @property
    def label(self) -> str:
        """Name the paper in the language of the moment."""
        return _("NIB") if self.kind == NIB else str(LicenceKind(self.kind).label)

    @property
    def lacks(self) -> bool:
        """Tell whether a paper that the product needs is missing or has run out."""
        return self.required and self.state in (LegalityState.MISSING, LegalityState.EXPIRED)

    @property
    def hurries(self) -> bool:
        """Tell whether it holds, but not for long."""
        return self.state == LegalityState.EXPIRING


def needed_by(product_group: str) -> tuple[LicenceKind, ...]:
    """List the papers that a product needs beside the NIB."""
    return (*NEEDED.get(product_group, ()), LicenceKind.BRAND)


def checklist(*, product_group: str, nib: str, licences: Iterable[Licence], on: date) -> list[Line]:
    """List what the product needs, the geographical indication, and what else the unit has; the longest of a kind."""
    held: dict[str, list[Licence]] = {}
    for licence in licences:
        held.setdefault(licence.kind, []).append(licence)
    needed = needed_by(product_group)
    shown = [*needed, LicenceKind.GI]
    more = [kind for kind in LicenceKind if kind in held and kind not in (*shown, LicenceKind.OTHER)]
    lines = [_line(kind, held.get(kind, []), required=kind in needed, on=on) for kind in (*shown, *more)]
    others = [_line(LicenceKind.OTHER, [each], required=False, on=on) for each in held.get(LicenceKind.OTHER, [])]
    has_nib = LegalityState.PRESENT if nib else LegalityState.MISSING
    return [Line(NIB, required=True, state=has_nib, number=nib), *lines, *others]


def legality_of(unit: BusinessUnit, *, on: date) -> list[Line]:
    """Write the checklist of one unit; no query more when its licences were read along."""
    return checklist(product_group=unit.product_group, nib=unit.nib, licences=unit.licences.all(), on=on)


def _line(kind: LicenceKind, licences: list[Licence], *, required: bool, on: date) -> Line:
    if not licences:
        return Line(kind, required, LegalityState.MISSING)
    best = max(licences, key=lambda each: (each.expires_on is None, each.expires_on or date.min))
    return Line(kind, required, state_of(best.expires_on, on=on), best.number, best.expires_on)


def state_of(expires_on: date | None, *, on: date) -> LegalityState:
    """Judge a paper by its last day."""
    if expires_on is None or expires_on > on + SOON:
        return LegalityState.PRESENT
    return LegalityState.EXPIRING if expires_on >= on else LegalityState.EXPIRED
