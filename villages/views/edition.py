"""Pages of the list of places: its editions, what each changed, and where records go."""

from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.errors import RowMoved
from common.pages import FormPage, ListPage, Page, is_narrowed
from common.zones import Zone
from villages.filters import RegionChangeFilter, RegionEditionFilter
from villages.models import Region, RegionChange, RegionEdition
from villages.regions import edition_in_force
from villages.regions.deciding import SURE, decide_all, decide_change
from villages.regions.forms import DecisionForm, EditionFileForm
from villages.regions.loading import dismiss_edition, load_edition
from villages.regions.showing import shown
from villages.regions.upload import compare_file
from villages.rules import Can
from villages.states import ChangeKind, ChangeState, EditionState


class EditionList(ListPage[RegionEdition]):
    """Every list that was compared or loaded, the latest first."""

    ability = Can.READ_EDITION
    model = RegionEdition
    template = "villages/edition_list.html"
    filterset_class = RegionEditionFilter
    order = ("-checked_at", "-pk")

    def rows(self) -> models.QuerySet[RegionEdition]:
        """Count along what waits for a decision."""
        waiting = Count("changes", filter=Q(changes__state=ChangeState.WAITING))
        return super().rows().select_related("settled_by", "checked_by").annotate(waiting=waiting)

    def context(self) -> dict[str, Any]:
        """Name what is in force, and say whether anything is filtered."""
        active = is_narrowed(self.request)
        return {"in_force": edition_in_force(now()), "active": active, "zone": Zone.WIB}


class EditionNew(FormPage[RegionEdition]):
    """Bring a list; first it is only compared."""

    ability = Can.CHANGE_EDITION
    model = RegionEdition
    template = "villages/edition_new.html"
    form_class = EditionFileForm

    def form(self, data: Any = None) -> forms.Form:
        """Take the file along."""
        return EditionFileForm(data, self.request.FILES if data is not None else None)

    def act(self, form: forms.Form) -> HttpResponse:
        """Compare the file and show what it would change."""
        given = dict(form.cleaned_data)
        file = given.pop("file")
        edition = compare_file(content=file.read(), file_name=file.name, **given, by=self.reader, at=now())
        return redirect("edition-detail", edition.pk)


class EditionDetail(ListPage[RegionChange]):
    """One edition: what it changed, by kind, place and what touches records."""

    ability = Can.READ_EDITION
    model = RegionChange
    template = "villages/edition_detail.html"
    filterset_class = RegionChangeFilter
    order = ("code", "pk")

    @cached_property
    def edition(self) -> RegionEdition:
        """Read the edition once; 404 when not visible."""
        seen = RegionEdition.objects.visible_to(self.reader).select_related("checked_by", "settled_by", "follows")
        return get_object_or_404(seen, pk=self.kwargs["pk"])

    def rows(self) -> models.QuerySet[RegionChange]:
        """Count along the records that each change touches."""
        return super().rows().filter(edition=self.edition).annotate(touched=Count("records"))

    def context(self) -> dict[str, Any]:
        """Sum up the edition, and say what one press would take along."""
        changes = RegionChange.objects.visible_to(self.reader).filter(edition=self.edition)
        counts = dict(changes.order_by().values_list("kind").annotate(number=Count("pk")))
        touching = changes.filter(records__isnull=False).order_by().values("pk").distinct().count()
        waiting = changes.waiting().order_by()
        return {
            "edition": self.edition,
            "kinds": [(kind, label, counts.get(kind, 0)) for kind, label in ChangeKind.choices if counts.get(kind)],
            "touching": touching,
            "waiting": waiting.count(),
            "sure": waiting.filter(kind__in=SURE).count(),
            "active": is_narrowed(self.request),
            "zone": Zone.WIB,
        }


class EditionRow(Page[RegionEdition]):
    """A press on one edition."""

    ability = Can.CHANGE_EDITION
    model = RegionEdition


class EditionLoad(EditionRow):
    """Put a compared list in force."""

    def post(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Load it and show what waits."""
        edition = self.row()
        load_edition(edition, by=self.reader, at=now())
        messages.success(self.request, _("%(name)s is in force now.") % {"name": edition.name})
        return redirect("edition-detail", pk)


class EditionDismiss(EditionRow):
    """Put a compared list aside."""

    def post(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Keep it as not loaded."""
        dismiss_edition(self.row(), by=self.reader, at=now())
        messages.success(self.request, _("The list was not loaded; nothing changed."))
        return redirect("edition-detail", pk)


class EditionFollow(EditionRow):
    """Take along everything that has one place to go to."""

    def post(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Decide them in one go; what has several ways waits on."""
        done = decide_all(self.row(), by=self.reader, at=now())
        said = ngettext("%(count)d change was decided.", "%(count)d changes were decided.", done)
        messages.success(self.request, said % {"count": done})
        return redirect("edition-detail", pk)


class ChangeDetail(FormPage[RegionChange]):
    """One change with the records that it touches, and the decision on them."""

    ability = Can.CHANGE_EDITION
    model = RegionChange
    template = "villages/change_detail.html"
    form_class = DecisionForm

    def rows(self) -> models.QuerySet[RegionChange]:
        """Read the edition along."""
        return super().rows().select_related("edition", "decided_by")

    @cached_property
    def change(self) -> RegionChange:
        """Read the change once."""
        return self.row()

    @cached_property
    def records(self) -> list[Any]:
        """Name the records once."""
        return shown(self.change, user=self.reader)

    def form_arguments(self) -> dict[str, Any]:
        """Offer the records that are open."""
        open_ones = [(each.pk, each.line) for each in self.records if not each.settled]
        return {"change": self.change, "records": open_ones}

    def context(self) -> dict[str, Any]:
        """Show where the place was and went."""
        change = self.change
        codes = [change.code, *change.counterparts]
        places = Region.objects.visible_to(self.reader).filter(pk__in=codes).select_related("parent__parent")
        found = {place.pk: place for place in places}
        decides = change.state == ChangeState.WAITING and change.edition.state == EditionState.LOADED
        return {
            "change": change,
            "here": found.get(change.code),
            "places": [(code, found.get(code)) for code in change.counterparts],
            "records": self.records,
            "decides": decides,
            "zone": Zone.WIB,
        }

    def post(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """Tell the slower hand before anything is judged."""
        if self.change.state not in (ChangeState.PLAIN, ChangeState.WAITING):
            raise RowMoved(self.change)
        return super().post(request, **kwargs)

    def act(self, form: forms.Form) -> HttpResponse:
        """Move the chosen records, or leave them."""
        given = form.cleaned_data
        decide_change(self.change, to=given["place"], records=given["records"], by=self.reader, at=now())
        messages.success(self.request, _("Decided."))
        self.change.refresh_from_db()
        if self.change.state == ChangeState.WAITING:
            return redirect("change-detail", self.change.pk)
        return redirect("edition-detail", self.change.edition_id)
