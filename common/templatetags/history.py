"""`{% history row %}`: what happened to a row, on its own page."""

from django import template
from django.db import models

from common.history import Knot, history_of_row

register = template.Library()


@register.inclusion_tag("components/history.html")
def history(row: models.Model) -> dict[str, list[Knot]]:
    """Tell it newest first, in the words of the row's own app; 1 query."""
    return {"history": history_of_row(row)}
