"""Which readings of personal data someone may know of."""

from functools import reduce
from operator import or_
from typing import Any, Final, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast

from accounts.models import User
from accounts.states import Role
from common.verbs import PERSONAL
from villages.models import ContactPoint

SUBJECTS: Final = (  # rows whose numbers or names are read, by label
    "villages.person",
    "villages.contactpoint",
    "villages.village",
    "programs.program",
    "programs.cohort",
    "programs.session",
    "programs.importbatch",
    "programs.trainer",
    "attendance.sheetphoto",
    "mentoring.assignment",
    "mentoring.handover",
    "exports.claimdocument",
    "exports.transactiondocument",
    "papers.certificate",
    "replies.reply",
)


class AccessQuerySet(models.QuerySet[Any]):
    """Scopes over readings of personal data."""

    def personal(self) -> Self:
        """Keep the events in which numbers or names of people were read or taken out."""
        return self.filter(verb__in=PERSONAL)

    def visible_to(self, user: User) -> Self:
        """Show all to who keeps the system; a coordinator what they did, and what was read of their own people."""
        if not user.is_active or user.role not in (Role.ADMINISTRATOR, Role.COORDINATOR):
            return self.none()
        if user.role == Role.ADMINISTRATOR:
            return self.personal()
        return self.personal().filter(Q(by=user) | _about_rows_of(user) | Exists(_numbers_of(user)))


def _about_rows_of(user: User) -> Q:
    return reduce(or_, (Q(subject_type=label, subject_id__in=_keys(label, user)) for label in SUBJECTS))


def _keys(label: str, user: User) -> models.QuerySet[Any]:
    rows = apps.get_model(label)._default_manager.visible_to(user)
    keys: models.QuerySet[Any] = rows.order_by().annotate(key=Cast("pk", TextField())).values("key")
    return keys


def _numbers_of(user: User) -> models.QuerySet[ContactPoint]:
    """Find one of the user's own people's numbers among those that the outer event read."""
    read = Func(OuterRef("facts"), Value("contact_points"), function="jsonb_extract_path")
    one = Func(F("pk"), function="to_jsonb")
    held = Func(read, one, function="jsonb_contains", output_field=models.BooleanField())
    return ContactPoint.objects.visible_to(user).annotate(was_read=held).filter(was_read=True)
