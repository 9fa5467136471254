"""Tables of certificates, and of what people were told and wrote; never a number, a link or a text that holds one."""

from django.db.models import Case, F, Value, When
from django.utils.translation import gettext_lazy as _

from downloads.columns import Column, Kind, Table, column_of, columns_of, key, related, worked_out
from downloads.lists.shared import tally
from papers.filters import CertificateFilter
from papers.models import Certificate
from papers.rules import Can
from progress.summary import training_hours
from reminders.filters import MessageFilter
from reminders.models import Message
from reminders.rules import Can as CanRemind
from replies.filters import ReplyFilter
from replies.models import Answer, Reply
from replies.rules import Can as CanReply

_PRINTED = Case(When(enrollment__person__erased_at__isnull=False, then=Value("")), default=F("name"))


def _hours(minutes: int | None) -> int | None:
    return None if minutes is None else training_hours(int(minutes))


CERTIFICATES = Table(
    "certificate",
    Certificate,
    Can.READ_CERTIFICATE,
    ("-number", "-pk"),
    (
        key(Certificate),
        *columns_of(Certificate, "number", "state"),
        Column("enrollment", _("participant"), Kind.KEY, ("enrollment_id",)),
        *related(Certificate, "enrollment__person", "enrollment__cohort"),
        *related(Certificate, "enrollment__cohort__program", "enrollment__cohort__village"),
        worked_out("name", _("name as printed"), Kind.TEXT, _PRINTED),
        Column("first_on", _("first day"), Kind.TEXT, ("facts__first_on",)),
        Column("last_on", _("last day"), Kind.TEXT, ("facts__last_on",)),
        Column("minutes", _("minutes"), Kind.NUMBER, ("facts__minutes",)),
        Column("training_hours", _("training hours"), Kind.NUMBER, ("facts__minutes",), compose=_hours),
        *columns_of(Certificate, "given_in", "given_on", "signer"),
        column_of(Certificate, "position", heading=_("position of the signer")),
        column_of(Certificate, "issued_at"),
        *related(Certificate, "issued_by"),
        column_of(Certificate, "revoked_at"),
        *related(Certificate, "revoked_by"),
        column_of(Certificate, "reason"),
        Column("replaces", _("replaces"), Kind.KEY, ("replaces_id",)),
    ),
    CertificateFilter,
    personal=True,
)
MESSAGES = Table(
    "message",
    Message,
    CanRemind.READ_MESSAGE,
    ("-due_at", "-pk"),
    (
        key(Message),
        column_of(Message, "kind"),
        Column("contact_point", _("contact point"), Kind.KEY, ("contact_point_id",)),
        Column("session", _("session"), Kind.KEY, ("session_id",)),
        Column("revision", _("revision"), Kind.NUMBER, ("revision__number",)),
        worked_out("people", _("people"), Kind.NUMBER, tally(Message.people.through.objects.all(), per="message")),
        *columns_of(Message, "due_at", "expires_at", zone="session__zone"),
        *columns_of(Message, "state", "note", "channel", "attempt", "tries", "failed_channels", "code"),
        *columns_of(Message, "units", "billable", "category", "begun_at", "settled_at"),
        *columns_of(Message, "subject_type", "subject_id", "subject_revision"),
        *related(Message, "user", "trainer"),
    ),
    MessageFilter,
)
REPLIES = Table(
    "reply",
    Reply,
    CanReply.READ_REPLY,
    ("-at", "-pk"),
    (
        key(Reply),
        *columns_of(Reply, "channel", "at", "received_at"),
        Column("contact_point", _("contact point"), Kind.KEY, ("contact_point_id",)),
        *columns_of(Reply, "intent", "outcome", "state"),
        Column("message", _("message"), Kind.KEY, ("message_id",)),
        Column("session", _("session"), Kind.KEY, ("session_id",)),
        *related(Reply, "village"),
        worked_out("answers", _("times answered"), Kind.NUMBER, tally(Answer.objects.all(), per="reply")),
        column_of(Reply, "closed_at"),
    ),
    ReplyFilter,
)
TABLES = (CERTIFICATES, MESSAGES, REPLIES)
