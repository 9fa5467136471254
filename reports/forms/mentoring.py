"""Whose report, of which village, of which month."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring.models import Assignment, Visit
from reports.forms.month import MonthField
from reports.mentoring import Month
from villages.models import Village


class ReportForm(forms.Form):
    """The chooser of the monthly report; it stands in the address."""

    mentor = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Mentor"), empty_label=_("Choose a mentor"))
    village = forms.ModelChoiceField(
        queryset=Village.objects.none(), label=_("Village"), empty_label=_("Choose a village")
    )
    month = MonthField(label=_("Month"))

    def __init__(self, data: Any = None, *, reader: User, today: date, started: dict[str, Any]) -> None:
        """Offer the mentors and villages of visits and assignments that this reader sees, and the last two years."""
        super().__init__(data, initial=started)
        self.reader, self.today = reader, today
        self.seen = Visit.objects.visible_to(reader).order_by()
        self.sent = Assignment.objects.visible_to(reader).order_by()
        mentors, villages = (self._offered(name) for name in ("mentor", "village"))
        self._fill("mentor", User.objects.filter(mentors).order_by("name", "pk"))
        found = Village.objects.filter(villages).select_related("region__parent__parent__parent")
        self._fill("village", found.order_by("name", "pk"))
        month: Any = self.fields["month"]
        month.initial = month.offer(today)[0][0]

    def _offered(self, name: str) -> Q:
        return Q(pk__in=self.seen.values(name)) | Q(pk__in=self.sent.values(name))

    def _fill(self, name: str, rows: Any) -> None:
        field: Any = self.fields[name]
        field.queryset = rows
        first = list(rows[:2])
        if len(first) == 1:
            field.initial, field.empty_label = first[0].pk, None

    def clean(self) -> dict[str, Any]:
        """Take a mentor and a village that belong together."""
        given = self.cleaned_data
        mentor, village = given.get("mentor"), given.get("village")
        if mentor and village:
            pair = {"mentor": mentor, "village": village}
            if not (self.sent.filter(**pair).exists() or self.seen.filter(**pair).exists()):
                self.add_error("village", gettext("This mentor was never sent to this village."))
        return given

    def report(self) -> Month:
        """Name the month that is told of."""
        given = self.cleaned_data
        return Month(given["mentor"], given["village"], given["month"], self.reader)
