"""Pages that offer other times, when the one that was typed is taken."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now

from common.errors import Refused
from common.pages import Row
from common.zones import tz
from programs.actions.booking import Clash
from programs.models import Program, Session
from programs.series import Span
from programs.slots import Diary, Slot, ahead_of, diary_of
from programs.taken import Taken
from programs.views.asking import AskingPage

OFFERED: Final = 4
PARTS: Final = ("day", "starts", "ends")


@dataclass(frozen=True)
class Wish:
    """A time that was typed, and what the session would take."""

    program: Program
    taken: Taken
    span: Span
    besides: Collection[Session] = ()
    capacity: int | None = None

    def diary(self, *, by: Any) -> Diary:
        """Read what these have from that day on."""
        window = ahead_of([self.span], self.taken.zone)
        return diary_of(self.program, self.taken, *window, by=by, besides=self.besides, capacity=self.capacity)


@dataclass(frozen=True)
class Offer:
    """A free time that one tap puts into the form."""

    slot: Slot
    zone: str

    @property
    def value(self) -> str:
        """Write day and hours of the place, as the fields take them."""
        start, end = (moment.astimezone(tz(self.zone)) for moment in self.slot.span)
        return f"{start:%Y-%m-%d %H:%M} {end:%H:%M}"


class OfferingPage(AskingPage[Row]):
    """A form about a time: where it is taken the nearest free ones can be tapped, and then the form goes on."""

    offers: Sequence[Offer] = ()

    def wish(self, form: forms.Form) -> Wish:
        """Say what was typed; only for a form that is valid."""
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        """Offer the free times."""
        return {**super().context(), "offers": self.offers}

    def post(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """Act; or, when a free time was tapped, put it into the form with everything else that was typed."""
        if "slot" not in request.POST:
            return super().post(request, **kwargs)
        typed, parts = request.POST.copy(), request.POST["slot"].split()
        if len(parts) == len(PARTS):
            for name, part in zip(PARTS, parts, strict=True):
                typed[name] = part
        return self.tapped(self.form(typed))

    def tapped(self, form: forms.Form) -> HttpResponse:
        """Show the form with the time that was tapped."""
        valid = form.is_valid()
        return self.show(form=form, status=HTTPStatus.OK if valid else HTTPStatus.BAD_REQUEST, **self.context())

    def say_refusal(self, form: forms.Form, refusal: Refused) -> None:
        """Say it, and where something is taken, what is free instead."""
        super().say_refusal(form, refusal)
        if isinstance(refusal, Clash):
            self.offer(self.wish(form))

    def offer(self, wish: Wish) -> None:
        """Look for the nearest free times."""
        slots = wish.diary(by=self.reader).nearest(wish.span, after=now(), most=OFFERED)
        self.offers = [Offer(slot, wish.taken.zone) for slot in slots]
