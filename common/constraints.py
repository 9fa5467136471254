"""Find the sentence of the database constraint that refused a write."""

from decimal import Decimal
from typing import Any, Final

from django.apps import apps
from django.db import IntegrityError, models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.numbers import rupiah

SUM: Final = "%(sum)s"
# Constraints that span tables live in triggers, so their sentences live here.
TRIGGERS: dict[str, Promise] = {
    "attendance_after_the_session_began": _(
        "Attendance is marked once the session has begun, and not when it was cancelled."
    ),
    "attendance_fits_the_session": _("Nobody attends longer than the session lasted."),
    "revision_is_never_changed": _("A revision is never changed."),
    "mark_is_never_changed": _("A mark is never changed; a correction is a new one."),
    "act_is_never_changed": _("What a phone said is never changed; it is decided on once."),
    "event_is_never_changed": _("History is never changed."),
    "report_is_never_changed": _("A frozen report is never changed; freeze a new one."),
    "criteria_set_is_never_changed": _("A published set of criteria is never changed; draft a new one."),
    "criteria_set_is_complete": _("A set is published with all eight criteria and every value explained."),
    "weights_sum_to_a_hundred": _("The weights of the eight criteria sum to 100 percent."),
    "final_assessment_is_never_changed": _("A final assessment is never changed."),
    "assessment_stays_with_its_set": _("An assessment stays with the criteria it began with."),
    "assessment_follows_a_published_set": _("An assessment follows criteria that are published."),
    "submitted_assessment_is_complete": _("An assessment is submitted with all eight scores and their evidence."),
    "scores_change_in_drafts_only": _("Scores change while the assessment is a draft."),
    "score_lies_within_the_scale": _("A score lies within the scale of its criteria."),
    "balance_follows_its_ledger": _("A balance is never written; it follows its ledger."),
    "ledger_is_never_changed": _("A line of the ledger is never changed."),
    "ledger_settles_what_was_committed": _("Only what was committed is paid or released, and all of it."),
    "claims_fit_the_ceiling": _("Of the program's subsidy, %(sum)s is left."),
    "ceiling_covers_the_claims": _("Claims of %(sum)s are already approved or paid; the ceiling cannot be lower."),
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
    """Read the sentence of the violated constraint; a general one when PostgreSQL names none of ours.

    A trigger that speaks of money gives the rupiah in its detail.
    """
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    said = str(_sentences().get(name or "") or _("This does not fit what is already recorded."))
    return said % {"sum": rupiah(Decimal(diagnosis.message_detail))} if diagnosis and SUM in said else said
