"""States of visits and action items, and the moves between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.moves import Moves


class VisitMode(models.TextChoices):
    """How the mentor met the village."""

    ON_SITE = "on_site", _("On site")
    ONLINE = "online", _("Online")
    PHONE = "phone", _("By phone")


class VisitState(models.TextChoices):
    """From the phone to the record."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")


VISIT_MOVES = Moves(
    VisitState,
    {
        VisitState.DRAFT: (VisitState.SUBMITTED,),
        VisitState.SUBMITTED: (VisitState.APPROVED, VisitState.RETURNED),
        VisitState.RETURNED: (VisitState.SUBMITTED,),
    },
)
EDITABLE = (VisitState.DRAFT, VisitState.RETURNED)


class PlanState(models.TextChoices):
    """What became of a planned visit; one that is moved stays planned."""

    PLANNED = "planned", _("Planned")
    VISITED = "visited", _("Visited")
    CANCELLED = "cancelled", _("Cancelled")


PLAN_MOVES = Moves(
    PlanState,
    {
        PlanState.PLANNED: (PlanState.VISITED, PlanState.CANCELLED),
        PlanState.VISITED: (PlanState.PLANNED,),  # the visit was given back and was another day or place after all
    },
)


class ActionState(models.TextChoices):
    """What became of an action item."""

    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")
    CARRIED_OVER = "carried_over", _("Carried over")


ACTION_MOVES = Moves(
    ActionState,
    {ActionState.OPEN: (ActionState.DONE, ActionState.DROPPED, ActionState.CARRIED_OVER)},
)
SETTLED = (ActionState.DONE, ActionState.DROPPED, ActionState.CARRIED_OVER)


class HandoverState(models.TextChoices):
    """From the coordinator's desk to both signatures."""

    PREPARED = "prepared", _("To be signed")
    SIGNED = "signed", _("Signed by both")
    CANCELLED = "cancelled", _("Called off")


HANDOVER_MOVES = Moves(
    HandoverState,
    {HandoverState.PREPARED: (HandoverState.SIGNED, HandoverState.CANCELLED)},
)


class Side(models.TextChoices):
    """Whose hand a handover bears."""

    GIVER = "giver", _("Gives the village")
    TAKER = "taker", _("Takes the village")
