"""What people do about messages: ask for another try, tell someone themselves, choose what they are told."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.doorbell import ring
from common.errors import Refused
from common.events import record
from programs.models import Session, SessionRevision
from programs.states import SEATED, SessionState
from reminders.models import ManualContact, Message, Preference, Refusal
from reminders.states import NOTICES_OF, MessageState, Reason
from villages.models import Person


@transaction.atomic
def retry_message(message: Message, *, by: User, at: datetime) -> None:
    """Plan a refused message again, by every way, as long as it is of use; one without an answer stays as it is."""
    if message.expires_at <= at:
        raise Refused(_("This message is of no use any more: its time has passed."))
    origin = message.state
    if origin != MessageState.FAILED:
        raise Refused(_("Only a message that failed is tried again."))
    again = {"channel": "", "failed_channels": [], "tries": 0, "code": "", "begun_at": None, "joined_to": None}
    Message.objects.move(
        message, MessageState.PLANNED, due_at=at, note=Reason.BY_HAND, text="", settled_at=None, **again
    )
    Refusal.objects.filter(contact_point=message.contact_point_id).delete()
    record(message, verb="retried", by=by, at=at, origin=origin, goal=message.state)
    ring()


@transaction.atomic
def tell_by_hand(session: Session, *, person: Person, by: User, at: datetime) -> ManualContact:
    """Write down that a human told a person about the session as it stands; telling twice is one entry."""
    if session.state not in (SessionState.SCHEDULED, SessionState.CANCELLED):
        raise Refused(_("There is nothing to tell about this session."))
    if not person.enrollments.filter(cohort__bookings__session=session, state__in=SEATED).exists():
        raise Refused(_("This person does not take part in this session."))
    revision = SessionRevision.objects.get(session=session, number=session.revision)
    told, new = ManualContact.objects.get_or_create(
        revision=revision, person=person, defaults={"session": session, "by": by, "at": at}
    )
    if new:
        record(session, verb="told_by_hand", by=by, at=at, person=person.pk)
    return told


@transaction.atomic
def choose_notices(user: User, *, wanted: Collection[str], by: User, at: datetime) -> None:
    """Keep which notices of their role a member of staff wants; choosing the same again records nothing."""
    off = {str(kind) for kind in NOTICES_OF.get(user.role, ())} - set(wanted)
    before = set(Preference.objects.filter(user=user).values_list("kind", flat=True))
    if off == before:
        return
    Preference.objects.filter(user=user).exclude(kind__in=off).delete()
    Preference.objects.bulk_create((Preference(user=user, kind=kind) for kind in sorted(off)), ignore_conflicts=True)
    record(user, verb="notices_chosen", by=by, at=at, was=sorted(before), off=sorted(off))
