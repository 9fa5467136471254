"""What scores come to: the one place where the total of an assessment is computed."""

from collections.abc import Mapping
from decimal import Decimal

from common.numbers import number
from villages.models import Assessment

HUNDREDTHS = 100


def total_of(weights: Mapping[str, int], values: Mapping[str, int]) -> int | None:
    """Weighted mean of the values in hundredths of a scale point, halves rounded up; None until every one is there.

    Weights are basis points that sum to 10,000, so points x basis points / 100 are hundredths: no float takes part.
    """
    if not weights or set(weights) - set(values):
        return None
    weighed = sum(weight * values[code] for code, weight in weights.items())
    return (weighed + HUNDREDTHS // 2) // HUNDREDTHS


def total(assessment: Assessment) -> int | None:
    """Total of one assessment by the weights of its own set, in hundredths; only totals of one set compare."""
    return total_of(assessment.criteria_set.weights, assessment.values)


def written(hundredths: int | None) -> str:
    """Write `3,45`, or a dash where there is no total yet."""
    return "–" if hundredths is None else number(Decimal(hundredths) / HUNDREDTHS, 2)
