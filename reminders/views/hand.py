"""Sending by hand: one number after the other, on a phone, by WhatsApp or by whatever reaches people."""

from typing import Any, Final
from urllib.parse import quote

from django.contrib import messages as flashes
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.dates import at_clock
from common.errors import Refused
from common.middleware import POLICY
from common.pages import ListPage, Page
from reminders.actions import confirm_by_hand, read_numbers_of
from reminders.channels.gateway import Wording
from reminders.filters import HandFilter
from reminders.models import Message
from reminders.opening import Opened, open_by_hand, wording_of
from reminders.reading import reason_of
from reminders.rules import Can
from reminders.states import Channel, MessageState
from reminders.topics import LINK, LINK_SHOWN
from reminders.worklists import errands_of, numbers_by_hand, numbers_seen
from villages.models import ContactPoint

AWAY: Final = "https://wa.me https://api.whatsapp.com https://web.whatsapp.com whatsapp:"
POLICY_AWAY: Final = POLICY.replace("form-action 'self'", f"form-action 'self' {AWAY}")


class HandList(ListPage[ContactPoint]):
    """What waits for a hand, number by number; those that were opened ask how it went."""

    ability = Can.TELL_BY_HAND
    model = ContactPoint
    template = "reminders/hand_list.html"
    filterset_class = HandFilter
    order = ("since", "pk")

    def rows(self) -> models.QuerySet[ContactPoint]:
        """Read the numbers with what is to be told."""
        return numbers_by_hand(self.reader, at=now())

    def show(self, **context: Any) -> HttpResponse:
        """Say who stands behind each number; a press may lead to WhatsApp."""
        found = context.get("page")
        context["errands"] = errands_of(found.rows) if found else []
        context["active"] = any(value for name, value in self.request.GET.items() if name != "cursor")
        response = super().show(**context)
        response["Content-Security-Policy"] = POLICY_AWAY
        return response


class HandOpen(Page[ContactPoint]):
    """Open what waits for one number: in WhatsApp, or as a text to read out and to copy."""

    ability = Can.TELL_BY_HAND
    model = ContactPoint
    template = "reminders/hand_letter.html"

    def rows(self) -> models.QuerySet[ContactPoint]:
        """Look among the numbers of messages that this user sees."""
        return numbers_seen(self.reader)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Return to the list: a text is opened by a button."""
        return redirect("hand-list")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Claim it, and go where it is sent; the number and the text stand in that address and nowhere else."""
        point = self.row()
        opened = open_by_hand(point, by=self.reader, at=now())
        for message in opened.aside:
            flashes.warning(request, sentence_of(message))
        if opened.wording is None:
            return redirect("hand-list")
        if request.POST.get("way") == Channel.WHATSAPP and not point.is_email:
            return leave(HttpResponseRedirect(whatsapp_address(point, opened.wording)))
        return leave(self.show(**letter_of(opened, point)))


class HandLetter(Page[Message]):
    """A text that was opened: to read out and to copy; the number stands there once it was asked for."""

    ability = Can.TELL_BY_HAND
    model = Message
    template = "reminders/hand_letter.html"

    def rows(self) -> models.QuerySet[Message]:
        """Read the number and the people along."""
        by_hand = super().rows().filter(channel=Channel.MANUAL, begun_at__isnull=False)
        return by_hand.select_related("contact_point__link", "joined_to").prefetch_related(
            "people", "joined__people", "joined__session"
        )

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Show the text; number and link stay hidden."""
        message = self.carrier()
        opened = Opened(messages=(message, *message.joined.all()))
        text = wording_of(message, at=now()).text.replace(LINK, LINK_SHOWN)
        return self.show(message=message, opened=opened, point=message.contact_point, text=text, shown=False)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Show it with the number; that is written down."""
        message = self.carrier()
        read_numbers_of([message.contact_point], message, by=self.reader, at=now())
        opened = Opened((message, *message.joined.all()), wording_of(message, at=now()))
        response = leave(self.show(**letter_of(opened, message.contact_point)))
        response["Content-Security-Policy"] = POLICY_AWAY
        return response

    def carrier(self) -> Message:
        """Give the message that carries the text."""
        message = self.row()
        return message.joined_to or message


class HandSaid(Page[Message]):
    """Say how it went with a text that was opened."""

    ability = Can.TELL_BY_HAND
    model = Message

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Return to the list: how it went is said by a button."""
        return redirect("hand-list")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Keep it; whom nobody could reach stands on the list of calls."""
        message, said = self.row(), request.POST.get("reached", "")
        if said not in {"yes", "no"}:
            raise Refused(_("Say whether they were reached."))
        confirm_by_hand(message, reached=said == "yes", by=self.reader, at=now())
        done = _("Noted: they know.") if said == "yes" else _("Noted. They stand on the list of calls.")
        flashes.success(request, done)
        return redirect("hand-list")


def sentence_of(message: Message) -> str:
    """Say what became of a message that did not leave, and why."""
    names = ", ".join(person.name for person in message.people.all()) or _("nobody")
    facts = {"what": message.title, "who": names, "why": reason_of(message)}
    if message.state == MessageState.PLANNED:
        when = at_clock(message.due_at, message.zone)
        return _("%(what)s, %(who)s: it waits until %(when)s. %(why)s") % {**facts, "when": when}
    return _("%(what)s, %(who)s: it was taken off the list. %(why)s") % facts


def letter_of(opened: Opened, point: ContactPoint) -> dict[str, Any]:
    """Say what the page of one text shows, with number and link."""
    wording = opened.wording or Wording("")
    address = "" if point.is_email else whatsapp_address(point, wording)
    return {
        "message": opened.messages[0],
        "opened": opened,
        "point": point,
        "text": wording.filled,
        "shown": True,
        "whatsapp": address,
        "mail": f"mailto:{point.number}?body={quote(wording.filled)}" if point.is_email else "",
    }


def whatsapp_address(point: ContactPoint, wording: Wording) -> str:
    """Write the address that opens a chat with the text filled in."""
    return f"https://wa.me/{point.number.removeprefix('+')}?text={quote(wording.filled)}"


def leave(response: HttpResponse) -> HttpResponse:
    """Keep what is private in no cache, and tell nobody where the reader came from."""
    response["Cache-Control"], response["Referrer-Policy"] = "no-store", "no-referrer"
    return response
