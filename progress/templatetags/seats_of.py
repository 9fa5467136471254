"""Attendance and commitment on pages of lower rooms: `{% session_rates session %}`, `{% cohort_rates cohort %}`."""

from django import template

from programs.models import Cohort, Session
from progress.measures import count_seats, count_session_seats
from progress.summary import Seats

register = template.Library()


@register.inclusion_tag("progress/rates.html")
def session_rates(session: Session) -> dict[str, Seats | None]:
    """Show how many of a held session's seats were filled, and how many kept their word; 1 query."""
    found = count_session_seats([session.pk])
    return {"seats": Seats(*found[0][1:]) if found else None}


@register.inclusion_tag("progress/rates.html")
def cohort_rates(cohort: Cohort) -> dict[str, Seats | None]:
    """Show the same over all held sessions of a cohort; 1 query."""
    found = count_seats([cohort.pk])
    return {"seats": Seats(*found[0][1:]) if found else None}
