"""The report card of a village: the villages to choose from, one village's page, and its sheet of paper."""

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import now

from common.pages import ListPage, Page, is_narrowed
from papers.views.paper import as_pdf
from reports.card import Card, card_of
from reports.card_paper import card_paper
from reports.rules import Can
from villages.filters import VillageFilter
from villages.models import Village

LONGEST_KEY = 18  # digits that PostgreSQL's keys hold


class CardList(ListPage[Village]):
    """Villages by name, each with its card."""

    ability = Can.READ_CARD
    model = Village
    template = "reports/card_list.html"
    filterset_class = VillageFilter
    order = ("name", "pk")

    def rows(self) -> models.QuerySet[Village]:
        """Read along the place."""
        return super().rows().select_related("region__parent__parent")

    def context(self) -> dict[str, Any]:
        """Tell whether the list is filtered."""
        return {"active": is_narrowed(self.request)}


class CardPage(Page[Village]):
    """What the page and its paper share."""

    ability = Can.READ_CARD
    model = Village
    template = "reports/card.html"

    def rows(self) -> models.QuerySet[Village]:
        """Read along the place."""
        return super().rows().select_related("region__parent__parent")

    def card(self) -> Card:
        """Read the card in the program of the address, else in the latest; another program is not there."""
        given = self.request.GET.get("program", "")
        if given and not (given.isascii() and given.isdigit() and len(given) <= LONGEST_KEY):
            raise Http404
        card = card_of(self.row(), reader=self.reader, program=int(given) if given else None, at=now())
        if card is None:
            raise Http404
        return card


class VillageCard(CardPage):
    """The card as a page."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Show it."""
        return self.show(card=self.card(), query=request.GET.urlencode())


class VillageCardPdf(CardPage):
    """The card on one sheet."""

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Write it."""
        return as_pdf(card_paper(self.card(), at=now()), f"rapor-desa-{pk}")
