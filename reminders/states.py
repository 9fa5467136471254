"""Kinds and states of messages, and the moves between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.states import Role
from common.moves import Moves


class Kind(models.TextChoices):
    """What a message is about; one of each per subject as it stands and number."""

    INVITATION = "invitation", _("Invitation")
    H3 = "h3", _("Reminder, three days before")
    H1 = "h1", _("Reminder, the day before")
    H0 = "h0", _("Reminder, two hours before")
    CHANGE = "change", _("Change of schedule")
    CANCELLATION = "cancellation", _("Cancellation")
    VISIT_TOMORROW = "visit_tomorrow", _("Visit tomorrow")
    VISIT_MISSING = "visit_missing", _("Visit not logged")
    ACTION_DUE = "action_due", _("Action item due")
    VISIT_RETURNED = "visit_returned", _("Visit log returned")
    ACTION_OVERDUE = "action_overdue", _("Action item overdue")
    HANDOVER = "handover", _("Handover to be signed")
    HANDOVER_SIGNED = "handover_signed", _("Handover signed by both")
    SHEET_MISSING = "sheet_missing", _("Attendance not entered")
    CLAIM_SUBMITTED = "claim_submitted", _("Claim to be verified")
    CLAIM_APPROVED = "claim_approved", _("Claim to be paid")
    CLAIM_RETURNED = "claim_returned", _("Claim returned")
    CLAIM_REJECTED = "claim_rejected", _("Claim rejected")
    CLAIM_PAID = "claim_paid", _("Claim paid")
    DIGEST = "digest", _("Morning digest")
    OUTAGE = "outage", _("Messages that came too late")
    CERTIFICATE = "certificate", _("Certificate issued")
    REPLY = "reply", _("Answer to a message")


JOINED = (Kind.INVITATION, Kind.H3, Kind.H1, Kind.H0)
URGENT = (Kind.CHANGE, Kind.CANCELLATION)
# What staff may switch off; that a visit or a claim came back or was decided answers their own work, and a handover
# waits for their hand: these are always told.
NOTICES_OF: dict[str, tuple[Kind, ...]] = {
    Role.MENTOR: (Kind.VISIT_TOMORROW, Kind.VISIT_MISSING, Kind.ACTION_DUE, Kind.ACTION_OVERDUE),
    Role.COORDINATOR: (Kind.DIGEST, Kind.SHEET_MISSING, Kind.CLAIM_SUBMITTED),
    Role.FINANCE: (Kind.DIGEST, Kind.CLAIM_APPROVED),
}
SWITCHABLE = list(dict.fromkeys(kind.value for kinds in NOTICES_OF.values() for kind in kinds))


class Channel(models.TextChoices):
    """By which way a message goes."""

    WHATSAPP = "whatsapp", "WhatsApp"
    SMS = "sms", "SMS"
    EMAIL = "email", _("E-mail")
    MANUAL = "manual", _("By hand")
    LOG = "log", _("Log")


PRICED = (Channel.WHATSAPP, Channel.SMS)


class Category(models.TextChoices):
    """What a gateway takes a text for when it charges for it."""

    UTILITY = "utility", _("Utility")
    MARKETING = "marketing", _("Marketing")
    AUTHENTICATION = "authentication", _("Authentication")
    SERVICE = "service", _("Service")


class Part(models.TextChoices):
    """What gives signs of life: two that send, and the bell that wakes one of them."""

    WORKER = "worker", _("Celery worker")
    DISPATCHER = "dispatcher", _("Dispatcher")
    BELL = "bell", _("Doorbell")


class MessageState(models.TextChoices):
    """From plan to read, and the exits."""

    PLANNED = "planned", _("Planned")
    CLAIMED = "claimed", _("Being sent")
    ACCEPTED = "accepted", _("Accepted by the gateway")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    READ = "read", _("Read")
    JOINED = "joined", _("Joined with another message")
    UNKNOWN = "unknown", _("No answer from the gateway")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Too late to be useful")
    SUPERSEDED = "superseded", _("Superseded by a change")
    BLOCKED = "blocked", _("Not allowed to send")


class Reason(models.TextChoices):
    """Why a message is where it is; kept as a word in `note`, read as a sentence."""

    CHANGED = "changed", _("The schedule changed, so this no longer holds.")
    CANCELLED = "cancelled", _("The session was cancelled.")
    OVER = "over", _("The session is no longer ahead.")
    SWITCHED_OFF = "switched_off", _("The program does not send this kind of message.")
    SAID_NO = "said_no", _("Everybody on this number answered that they cannot come.")
    LEFT = "left", _("Nobody on this number is expected at the session any more.")
    NO_CONSENT = "no_consent", _("Nobody on this number has agreed to messages.")
    STOOD_STILL = "stood_still", _("The sender stood still for a moment, so it did not leave; it is tried again.")
    UNREACHABLE = "unreachable", _("The number is silenced, unreachable or somebody else's.")
    QUIET = "quiet", _("Waits for the morning: nobody is written to between 20.00 and 06.00.")
    TOO_SOON = "too_soon", _("Waits: this number had another reminder within the hour.")
    TOO_LATE = "too_late", _("Its useful time passed before it could leave.")
    NO_ANSWER = "no_answer", _("The gateway was asked and gave no answer; it is not asked again by itself.")
    BY_HAND = "by_hand", _("Somebody asked to try again.")
    DONE = "done", _("What it was about is settled.")
    NOTHING = "nothing", _("There was nothing to tell.")
    UNWANTED = "unwanted", _("They switched this kind of message off.")
    OTHER_NUMBER = "other_number", _("It is told on another number now.")
    LATER = "later", _("The gateway was busy or away; it is tried again.")
    RESTING = "resting", _("The channel rests after failures; it is tried again.")
    NO_WAY = "no_way", _("No channel could reach this number.")
    UNWRITTEN = "unwritten", _("Its words could not be written; the log says why.")
    OPENED = "opened", _("Somebody opened it to send it by hand.")
    SAID = "said", _("Somebody said so.")


_EXITS = (MessageState.EXPIRED, MessageState.SUPERSEDED, MessageState.BLOCKED)
ARRIVED = (MessageState.DELIVERED, MessageState.READ)
MESSAGE_MOVES = Moves(
    MessageState,
    {
        MessageState.PLANNED: (MessageState.CLAIMED, MessageState.JOINED, *ARRIVED, *_EXITS),
        MessageState.CLAIMED: (
            MessageState.PLANNED,
            MessageState.ACCEPTED,
            MessageState.SENT,
            MessageState.JOINED,
            MessageState.UNKNOWN,
            MessageState.FAILED,
            *ARRIVED,
            *_EXITS,
        ),
        MessageState.ACCEPTED: (MessageState.SENT, MessageState.PLANNED, MessageState.FAILED, *ARRIVED),
        MessageState.SENT: (*ARRIVED, MessageState.PLANNED, MessageState.FAILED),
        MessageState.DELIVERED: (MessageState.READ,),
        MessageState.JOINED: (MessageState.PLANNED, MessageState.FAILED),
        MessageState.UNKNOWN: (
            MessageState.PLANNED,
            MessageState.ACCEPTED,
            MessageState.SENT,
            MessageState.JOINED,
            MessageState.FAILED,
            *ARRIVED,
        ),
        MessageState.FAILED: (MessageState.PLANNED, MessageState.JOINED, *ARRIVED),
        MessageState.BLOCKED: (MessageState.PLANNED, MessageState.SUPERSEDED, MessageState.EXPIRED),
        MessageState.SUPERSEDED: (MessageState.PLANNED,),
    },
)
SENDERS = (Part.WORKER, Part.DISPATCHER)
UNSENT = (MessageState.PLANNED, MessageState.BLOCKED)
TOLD = (MessageState.ACCEPTED, MessageState.SENT, *ARRIVED, MessageState.JOINED)
UNDER_WAY = (MessageState.CLAIMED, MessageState.UNKNOWN)
REVIVABLE = (MessageState.BLOCKED, MessageState.SUPERSEDED)
WAITING = (MessageState.PLANNED, MessageState.CLAIMED)
TROUBLE = (MessageState.FAILED, MessageState.UNKNOWN, MessageState.BLOCKED, MessageState.EXPIRED)


class Script(models.TextChoices):
    """Which words are said: those of each kind, of several sessions in one text, and of who teaches."""

    INVITATION = "invitation", _("Invitation")
    H3 = "h3", _("Reminder, three days before")
    H1 = "h1", _("Reminder, the day before")
    H0 = "h0", _("Reminder, two hours before")
    CHANGE = "change", _("Change of schedule")
    CANCELLATION = "cancellation", _("Cancellation")
    SEVERAL = "several", _("Several sessions in one text")
    TRAINER_INVITATION = "trainer_invitation", _("Trainer: invitation")
    TRAINER_H3 = "trainer_h3", _("Trainer: reminder, three days before")
    TRAINER_H1 = "trainer_h1", _("Trainer: reminder, the day before")
    TRAINER_H0 = "trainer_h0", _("Trainer: reminder, two hours before")
    TRAINER_CHANGE = "trainer_change", _("Trainer: change of schedule")
    TRAINER_CANCELLATION = "trainer_cancellation", _("Trainer: cancellation")
    TRAINER_SEVERAL = "trainer_several", _("Trainer: several sessions in one text")
    VISIT_TOMORROW = "visit_tomorrow", _("Visit tomorrow")
    VISIT_MISSING = "visit_missing", _("Visit not logged")
    ACTION_DUE = "action_due", _("Action item due")
    VISIT_RETURNED = "visit_returned", _("Visit log returned")
    ACTION_OVERDUE = "action_overdue", _("Action item overdue")
    HANDOVER = "handover", _("Handover to be signed")
    HANDOVER_SIGNED = "handover_signed", _("Handover signed by both")
    SHEET_MISSING = "sheet_missing", _("Attendance not entered")
    CLAIM_SUBMITTED = "claim_submitted", _("Claim to be verified")
    CLAIM_APPROVED = "claim_approved", _("Claim to be paid")
    CLAIM_RETURNED = "claim_returned", _("Claim returned")
    CLAIM_REJECTED = "claim_rejected", _("Claim rejected")
    CLAIM_PAID = "claim_paid", _("Claim paid")
    DIGEST = "digest", _("Morning digest")
    OUTAGE = "outage", _("Messages that came too late")
    CERTIFICATE = "certificate", _("Certificate issued")


class Form(models.TextChoices):
    """In which form words leave; several channels share one."""

    LONG = "long", _("WhatsApp and by hand")
    SHORT = "short", "SMS"
    EMAIL = "email", _("E-mail")


FORMS = {
    Channel.WHATSAPP: Form.LONG,
    Channel.MANUAL: Form.LONG,
    Channel.LOG: Form.LONG,
    Channel.SMS: Form.SHORT,
    Channel.EMAIL: Form.EMAIL,
}


class TemplateState(models.TextChoices):
    """What WhatsApp says of the words that it has to approve."""

    UNHEARD = "unheard", _("Not heard of yet")
    PENDING = "pending", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    PAUSED = "paused", _("Paused")
