"""What stands under a report: counted just now, or frozen on a day under a number, by which code and list of places."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from common.dates import at_clock, local_date, written_date
from reports.models import RegionReport


@dataclass(frozen=True)
class Seal:
    """When it was counted, and the marks of a frozen one; `sequence` is 0 while it is not frozen."""

    at: datetime
    zone: str
    code_edition: str
    region_edition: str
    over: bool
    sequence: int = 0
    sha256: str = ""

    @classmethod
    def of(cls, facts: dict[str, Any], *, sequence: int = 0, sha256: str = "") -> "Seal":
        """Read it from the facts, and the number and fingerprint under which they were frozen."""
        at, zone = datetime.fromisoformat(facts["counted_at"]), facts["outcomes"]["period"]["zone"]
        return cls(at, zone, facts["editions"]["code"], facts["editions"]["regions"], facts["over"], sequence, sha256)

    @classmethod
    def of_report(cls, report: RegionReport) -> "Seal":
        """Read it from a frozen report."""
        return cls.of(report.facts, sequence=report.sequence, sha256=report.sha256)

    @property
    def moment(self) -> str:
        """Write the day and the hour."""
        return f"{written_date(local_date(self.at, self.zone))}, {at_clock(self.at, self.zone)}"

    @property
    def sentence(self) -> str:
        """Say in one line what kind of report this is."""
        if self.sequence:
            said = _("Frozen on %(moment)s, edition %(number)s.")
        elif self.over:
            said = _("Counted on %(moment)s; not frozen.")
        else:
            said = _("Counted on %(moment)s; the month is not over, figures are provisional.")
        return said % {"moment": self.moment, "number": self.sequence}

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """List the marks with their names."""
        marks = [(_("State"), self.sentence), (_("Edition of the program"), self.code_edition)]
        marks.append((_("Edition of the regions"), self.region_edition))
        return (*marks, (_("Fingerprint (SHA-256)"), self.sha256)) if self.sha256 else tuple(marks)
