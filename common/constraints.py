"""Find the sentence of the database constraint that refused a write."""

from typing import Any

from django.apps import apps
from django.db import IntegrityError, models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Constraints that span tables live in triggers, so their sentences live here.
TRIGGERS: dict[str, Promise] = {
    "attendance_after_the_session_began": _(
        "Attendance is marked once the session has begun, and not when it was cancelled."
    ),
    "attendance_fits_the_session": _("Nobody attends longer than the session lasted."),
    "revision_is_never_changed": _("A revision is never changed."),
    "mark_is_never_changed": _("A mark is never changed; a correction is a new one."),
    "event_is_never_changed": _("History is never changed."),
}


def _sentences() -> dict[str, Any]:
    declared = {
        constraint.name: constraint.violation_error_message
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, models.BaseConstraint)
    }
    return {**TRIGGERS, **declared}


def sentence_of(error: IntegrityError) -> str:
    """Read the sentence of the violated constraint; a general one when PostgreSQL names none of ours."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    return str(_sentences().get(name or "") or _("This does not fit what is already recorded."))
