"""Every number, counted once, in set-based SQL (the definition is in the domain's chapter on progress).

Each count can be restricted to given cohorts and modules, so that a table of cells can be kept fresh by the same SQL.
"""

from progress.measures.cells import CellCount, count_cells
from progress.measures.claims import ClaimCount, count_claims
from progress.measures.exports import ExportCount, FirstExport, count_exports, read_first_exports
from progress.measures.months import MonthCount, count_months
from progress.measures.outcomes import (
    HourCount,
    ItemCount,
    TrainedCount,
    VisitCount,
    count_hours,
    count_items,
    count_trained,
    count_visits,
)
from progress.measures.people import PersonCount, Span, count_people, read_spans
from progress.measures.seats import (
    SeatCount,
    SessionSeatCount,
    SheetCount,
    count_seats,
    count_session_seats,
    count_sheet,
)

__all__ = [
    "CellCount",
    "ClaimCount",
    "ExportCount",
    "FirstExport",
    "HourCount",
    "ItemCount",
    "MonthCount",
    "PersonCount",
    "SeatCount",
    "SessionSeatCount",
    "SheetCount",
    "Span",
    "TrainedCount",
    "VisitCount",
    "count_cells",
    "count_claims",
    "count_exports",
    "count_hours",
    "count_items",
    "count_months",
    "count_people",
    "count_seats",
    "count_session_seats",
    "count_sheet",
    "count_trained",
    "count_visits",
    "read_first_exports",
    "read_spans",
]
