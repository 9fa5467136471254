"""Two assessments of a village side by side, as a drawing and as the same figures in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from common.numbers import number
from villages.models import Assessment, Village
from villages.radar import Radar, radar_of
from villages.scores import total, written
from villages.states import SHORT_CRITERIA, Criterion

WEAKEST = 3


@dataclass(frozen=True)
class Scored:
    """One criterion of an assessment: its weight, its value in figures and words, and what shows it."""

    name: str
    weight: str
    value: int | None
    words: str
    evidence: str


@dataclass(frozen=True)
class Line:
    """One criterion: both values, and the step between them where one set of criteria gives them one meaning."""

    name: str
    now: int | None
    before: int | None
    change: int | None

    @property
    def step(self) -> str:
        """Write `+1`, `−1` or `0`; a dash where there is nothing to compare."""
        return signed(self.change)


@dataclass(frozen=True)
class Comparison:
    """The later assessment, the earlier one if there is one, and what may be said of both."""

    now: Assessment
    before: Assessment | None
    lines: tuple[Line, ...]
    radar: Radar
    total: int | None  # hundredths
    total_before: int | None

    @property
    def of_one_set(self) -> bool:
        """Tell whether one set of criteria gives both their meaning; only then totals stand side by side."""
        return self.before is None or self.before.criteria_set_id == self.now.criteria_set_id

    @property
    def change(self) -> int | None:
        """Step of the total in hundredths; None across sets."""
        if self.total is None or self.total_before is None or not self.of_one_set:
            return None
        return self.total - self.total_before

    @property
    def weakest(self) -> list[Line]:
        """The three lowest criteria of the later one, in their fixed order where they are equal."""
        return sorted((line for line in self.lines if line.now is not None), key=lambda line: line.now or 0)[:WEAKEST]

    @property
    def words(self) -> tuple[str, str, str]:
        """Write total, earlier total and the step between them."""
        step = self.change
        sign = "" if step is None or not step else ("+" if step > 0 else "−")
        return written(self.total), written(self.total_before), "–" if step is None else f"{sign}{written(abs(step))}"


def signed(change: int | None) -> str:
    """Write a step with its sign."""
    if change is None:
        return "–"
    return f"+{change}" if change > 0 else str(change).replace("-", "−")


def compared(now: Assessment, before: Assessment | None = None) -> Comparison:
    """Lay them side by side; both drawn where their scales are the same, both totalled where their set is."""
    same = before is not None and before.criteria_set_id == now.criteria_set_id
    drawn = before if before is not None and before.criteria_set.scale == now.criteria_set.scale else None
    return Comparison(
        now=now,
        before=before,
        lines=tuple(_line(code, now, before, same=same) for code in Criterion.values),
        radar=radar_of(
            {code: str(SHORT_CRITERIA[Criterion(code)]) for code in Criterion.values},
            scale=now.criteria_set.scale,
            now=now.values,
            before=drawn.values if drawn else None,
        ),
        total=total(now),
        total_before=total(before) if before is not None and same else None,
    )


def latest(assessments: QuerySet[Assessment], *, village: Village) -> Comparison | None:
    """Compare the last two complete assessments of a village among these; 3 queries, None before the first."""
    rows = assessments.filter(village=village).complete().with_scores()  # type: ignore[attr-defined]
    found: Sequence[Assessment] = list(rows.order_by("-as_of", "-pk")[:2])
    return compared(found[0], found[1] if len(found) > 1 else None) if found else None


def _line(code: str, now: Assessment, before: Assessment | None, *, same: bool) -> Line:
    later, earlier = now.values.get(code), before.values.get(code) if before is not None else None
    change = later - earlier if same and later is not None and earlier is not None else None
    return Line(str(Criterion(code).label), later, earlier, change)


def sheet_of(assessment: Assessment) -> list[Scored]:
    """Write an assessment out, criterion by criterion, in the language of the moment."""
    scores = {score.criterion: score for score in assessment.scores.all()}
    rows = []
    for line in assessment.criteria_set.lines:
        score = scores.get(line.code)
        value = score.value if score else None
        words = dict(line.anchors).get(value, "") if value is not None else ""
        rows.append(Scored(line.name, percent(line.weight), value, words, score.evidence if score else ""))
    return rows


def percent(weight: int) -> str:
    """Write basis points as percent: `12,5`."""
    return number(Decimal(weight) / 100, 2).rstrip("0").rstrip(",")
