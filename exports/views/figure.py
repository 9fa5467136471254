"""Pages of figures that others published: side by side, never one sum."""

from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.pages import FormPage, ListPage, Page, is_narrowed
from exports.actions import change_figure, enter_figure, withdraw_figure
from exports.filters.figure import FigureFilter
from exports.forms.figure import FigureForm
from exports.models import RegionFigure
from exports.rules import Can


class FigureList(ListPage[RegionFigure]):
    """Published figures, those of one region beside each other."""

    ability = Can.READ_FIGURE
    model = RegionFigure
    template = "exports/figure_list.html"
    filterset_class = FigureFilter
    order = ("region", "-starts_on", "-pk")

    def rows(self) -> models.QuerySet[RegionFigure]:
        """Read along where."""
        return super().rows().select_related("region__parent__parent")

    def show(self, **context: Any) -> HttpResponse:
        """Lay the figures of each region beside each other."""
        found = context["page"].rows if context["page"] else []
        regions = [(region, list(figures)) for region, figures in groupby(found, key=lambda figure: figure.region)]
        return super().show(**context, regions=regions)

    def context(self) -> dict[str, object]:
        """Tell whether anything is filtered."""
        return {"active": is_narrowed(self.request)}


class FigureNew(FormPage[RegionFigure]):
    """Enter what a source published."""

    ability = Can.CHANGE_FIGURE
    model = RegionFigure
    template = "exports/figure_form.html"
    form_class = FigureForm

    def act(self, form: forms.Form) -> HttpResponse:
        """Keep it and show it."""
        figure = enter_figure(**form.cleaned_data, by=self.reader, at=now())
        messages.success(self.request, _("The figure stands beside the others now."))
        return redirect("figure-detail", figure.pk)


class FigurePage(Page[RegionFigure]):
    """What pages of one figure share."""

    model = RegionFigure

    def rows(self) -> models.QuerySet[RegionFigure]:
        """Read along where and by whom."""
        return super().rows().select_related("region__parent__parent", "entered_by", "withdrawn_by")


class FigureDetail(FigurePage):
    """One figure with its source, its period and whose exports it speaks of."""

    ability = Can.READ_FIGURE
    template = "exports/figure_detail.html"

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Show it."""
        figure = self.row()
        changes = self.reader.has_perm(Can.CHANGE_FIGURE, figure) and figure.withdrawn_at is None
        return self.show(figure=figure, changes=changes)


class FigureEdit(FormPage[RegionFigure], FigurePage):
    """Correct a figure that was copied wrongly."""

    ability = Can.CHANGE_FIGURE
    template = "exports/figure_form.html"
    form_class = FigureForm

    def form_arguments(self) -> dict[str, Any]:
        """Begin from where it stands."""
        return {"figure": self.row()}

    def context(self) -> dict[str, object]:
        """Name the figure."""
        return {"figure": self.row()}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write the correction."""
        figure = self.row()
        change_figure(figure, **form.cleaned_data, by=self.reader, at=now())
        messages.success(self.request, _("Saved."))
        return redirect("figure-detail", figure.pk)


class FigureWithdraw(FigurePage):
    """Take a figure back as a mistake."""

    ability = Can.CHANGE_FIGURE
    template = "exports/figure_withdraw.html"

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Ask first."""
        return self.show(figure=self.row())

    def post(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Take it back; pressing twice does it once."""
        figure = self.row()
        if figure.withdrawn_at is None:
            withdraw_figure(figure, by=self.reader, at=now())
        messages.success(self.request, _("The figure is taken back."))
        return redirect("figure-detail", figure.pk)
