"""States of visits, their photos and action items, and the moves between them."""

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


class HeldReason(models.TextChoices):
    """Why a version that was sent waits for a person."""

    OTHER_VERSION = "other_version", _("Two versions of one visit")
    NOT_ASSIGNED = "not_assigned", _("Village no longer assigned")
    CLOSED_PERIOD = "closed_period", _("Period is closed")
    CLOCK = "clock", _("Clock of the phone is wrong")
    KEY_TAKEN = "key_taken", _("Key belongs to another visit")


class HeldState(models.TextChoices):
    """What became of a version that waits for a person."""

    WAITING = "waiting", _("To decide")
    TAKEN = "taken", _("Taken")
    DISMISSED = "dismissed", _("Not taken")


HELD_MOVES = Moves(HeldState, {HeldState.WAITING: (HeldState.TAKEN, HeldState.DISMISSED)})


class PhotoState(models.TextChoices):
    """Whether a photo of a visit is here; one that the mentor took out of the visit again has no picture."""

    AWAITED = "awaited", _("Still on the phone")
    ARRIVED = "arrived", _("Arrived")
    WITHDRAWN = "withdrawn", _("Taken out")


PHOTO_MOVES = Moves(
    PhotoState,
    {
        PhotoState.AWAITED: (PhotoState.ARRIVED, PhotoState.WITHDRAWN),
        PhotoState.ARRIVED: (PhotoState.WITHDRAWN,),
        PhotoState.WITHDRAWN: (PhotoState.AWAITED,),  # named once more
    },
)


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
