"""What a cohort needs, proposed from the weakest criteria of its village's last assessment.

The table below is ours, not LPEI's: it says which module works on which criterion, and how much of it a weak village
needs. A person reads the proposal beside each field and decides; nothing here is written by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programs.states import MODE_OF, Mode, ModuleCode
from villages.models import Assessment, Village
from villages.states import Criterion

JP: Final = 45  # minutes of one training hour (jam pelajaran)
M, C = ModuleCode, Criterion


@dataclass(frozen=True)
class Ask:
    """One module that works on one criterion, and why."""

    criterion: str
    module: str
    reason: Promise


@dataclass(frozen=True)
class Amounts:
    """How much of a module: minutes, visits or claims by its mode; for weak, middling and strong criteria."""

    full: int
    half: int
    light: int = 0  # 0 is none


@dataclass(frozen=True)
class Need:
    """What one module is proposed to be, and the criterion with the value that asked for it."""

    module: str
    amount: int
    criterion: str
    value: int
    reason: Promise

    @property
    def hours(self) -> int | None:
        """Training hours (JP) of a training module; None of what is counted in visits or claims."""
        return self.amount // JP if MODE_OF[ModuleCode(self.module)] == Mode.TRAINING else None

    @property
    def criterion_name(self) -> str:
        """Name the criterion in the language of the moment."""
        return str(Criterion(self.criterion).label)


@dataclass(frozen=True)
class Proposal:
    """The needs by module, and the assessment that they follow from; without one there are none."""

    assessment: Assessment | None
    needs: Mapping[str, Need]

    @property
    def amounts(self) -> dict[str, int]:
        """Amount by module, of what is needed at all."""
        return {code: need.amount for code, need in self.needs.items() if need.amount}


AMOUNTS: Final[Mapping[str, Amounts]] = {
    M.MANAGEMENT: Amounts(12 * JP, 6 * JP),
    M.MARKET_ACCESS: Amounts(8 * JP, 4 * JP),
    M.MARKETING: Amounts(8 * JP, 4 * JP),
    M.HANDHOLDING: Amounts(8, 4, 2),  # visits; every village is visited
    M.SAMPLE_SHIPPING: Amounts(3, 2, 1),  # claims
    M.PRODUCTION_CAPACITY: Amounts(16 * JP, 8 * JP),
    M.DESIGN: Amounts(12 * JP, 6 * JP),
    M.BRANDING: Amounts(8 * JP, 4 * JP),
    M.QUALITY_ASSURANCE: Amounts(12 * JP, 6 * JP),
    M.FINANCE: Amounts(4, 2),  # visits on the module
    M.INTERNATIONAL_TRADE: Amounts(4, 2, 1),  # visits on the module; who is ready to export is shown the papers
}
ASKS: Final = (
    Ask(C.UNIQUENESS, M.DESIGN, _("Design gives the product something of its own.")),
    Ask(C.UNIQUENESS, M.BRANDING, _("A brand tells and protects what is the village's own.")),
    Ask(C.QUALITY, M.QUALITY_ASSURANCE, _("A written specification and checks keep every piece the same.")),
    Ask(C.PROCESS, M.PRODUCTION_CAPACITY, _("Planned stages and steady material make large orders come on time.")),
    Ask(C.MARKET, M.MARKET_ACCESS, _("The village meets buyers beyond those it knows.")),
    Ask(C.MARKET, M.MARKETING, _("The village learns to price, show and sell by itself.")),
    Ask(C.MARKET, M.SAMPLE_SHIPPING, _("Buyers abroad order after they held a sample.")),
    Ask(C.MARKET, M.INTERNATIONAL_TRADE, _("Terms, papers and payment of exports are learnt on real orders.")),
    Ask(C.FINANCE, M.FINANCE, _("A mentor keeps the books with the group until it does so alone.")),
    Ask(C.VILLAGE, M.HANDHOLDING, _("Visits bring households together and the village government in.")),
    Ask(C.MANAGEMENT, M.MANAGEMENT, _("Clear tasks, licences and plans make a group a business.")),
    Ask(C.INFRASTRUCTURE, M.PRODUCTION_CAPACITY, _("Better tools and a shared workplace make up for what is missing.")),
    Ask(C.INFRASTRUCTURE, M.HANDHOLDING, _("Visits find out what is missing and who can provide it.")),
)


def amount_for(module: str, value: int, scale: range) -> int:
    """Amount of a module for a criterion of this value, in the unit of the module's mode.

    The lowest two of five values ask for all of it, the middle one for half, the upper two for little or nothing; other
    scales are cut at the same places, a quarter and a half of the way up.
    """
    steps, whole = value - scale[0], len(scale) - 1
    amounts = AMOUNTS[module]
    if 4 * steps <= whole:
        return amounts.full
    return amounts.half if 2 * steps <= whole else amounts.light


def propose(values: Mapping[str, int], *, scale: range) -> dict[str, Need]:
    """Let the weakest criterion that asks for a module decide how much of it; the first of equals, in table order."""
    needs: dict[str, Need] = {}
    for ask in ASKS:
        value = values.get(ask.criterion)
        known = needs.get(ask.module)
        if value is not None and (known is None or value < known.value):
            amount = amount_for(ask.module, value, scale)
            needs[ask.module] = Need(ask.module, amount, ask.criterion, value, ask.reason)
    return {code: needs[code] for code in ModuleCode.values if code in needs}


def proposal_for(village: Village, assessments: QuerySet[Assessment]) -> Proposal:
    """Propose from the last final one of these assessments of a village, else from the last submitted; 3 queries."""
    rows = assessments.filter(village=village).complete().with_scores()  # type: ignore[attr-defined]
    found: Assessment | None = rows.order_by("state", "-as_of", "-pk").first()  # "final" comes before "submitted"
    if found is None:
        return Proposal(None, {})
    return Proposal(found, propose(found.values, scale=found.criteria_set.scale))
