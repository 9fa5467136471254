"""The outbox: what was told, what will be, what could not be; and telling one person by hand."""

from typing import Final

from django.contrib import messages as flashes
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.errors import Refused
from common.pages import ListPage, Page, way_back
from programs.models import Session
from reminders.actions import retry_message, settle_message, tell_by_hand
from reminders.filters import MessageFilter
from reminders.models import Message
from reminders.reading import summary_of, ways_of, words_of
from reminders.rules import Can
from reminders.states import MessageState
from reminders.topics import LINK, LINK_SHOWN
from reminders.wording.texts import address_of
from villages.models import Person
from villages.rules import Can as VillageCan

ANSWERS: Final = {"yes": True, "no": False}


class MessageList(ListPage[Message]):
    """The outbox, newest first."""

    ability = Can.READ_MESSAGE
    model = Message
    template = "reminders/message_list.html"
    filterset_class = MessageFilter
    order = ("-due_at", "-pk")

    def rows(self) -> models.QuerySet[Message]:
        """Read the numbers, sessions and people along."""
        along = super().rows().select_related("contact_point", "session__module", "trainer", "user")
        return along.prefetch_related("people")

    def context(self) -> dict[str, object]:
        """Count what needs a look."""
        return {
            "summary": summary_of(super().rows()),
            "active": any(value for name, value in self.request.GET.items() if name != "cursor"),
        }


class MessageDetail(Page[Message]):
    """One message: its words, its way, what became of it."""

    ability = Can.READ_MESSAGE
    model = Message
    template = "reminders/message_detail.html"

    def rows(self) -> models.QuerySet[Message]:
        """Read what is shown along."""
        return (
            super()
            .rows()
            .select_related("contact_point__link", "session__module", "session__venue", "session__program", "revision")
            .select_related("user", "trainer")
            .prefetch_related("people", "deliveries", "joined__session__module", "contact_point__refusals")
        )

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Show it; the household's link stands as such, and opens its page for who may renew it."""
        message = self.row()
        promise = message.promise() if message.session else None
        able = request.user.has_perm
        return self.show(
            message=message,
            letter=(message.text or words_of(message, at=now())).replace(LINK, LINK_SHOWN),
            page_url=address_of(message.contact_point) if able(VillageCan.RENEW_LINK) else "",
            outdated=promise is not None and promise[1].number < promise[0].revision,
            ways=ways_of(message),
            can_retry=message.state == MessageState.FAILED and able(Can.RETRY_MESSAGE, message),
            can_settle=message.state == MessageState.UNKNOWN and able(Can.SETTLE_MESSAGE, message),
        )


class MessageRetry(Page[Message]):
    """Try a failed message again."""

    ability = Can.RETRY_MESSAGE
    model = Message

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Plan it again and show it."""
        retry_message(self.row(), by=self.reader, at=now())
        flashes.success(request, _("The message is planned again."))
        return redirect("message-detail", pk=pk)


class MessageSettle(Page[Message]):
    """Say what became of a message that its gateway never answered for."""

    ability = Can.SETTLE_MESSAGE
    model = Message

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Return to the message: the answer is given by a button."""
        return redirect("message-detail", pk=self.row().pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep the answer and return to where it was given."""
        message, said = self.row(), request.POST.get("arrived", "")
        if said not in ANSWERS:
            raise Refused(_("Say whether it arrived."))
        settle_message(message, arrived=ANSWERS[said], by=self.reader, at=now())
        flashes.success(request, _("Noted: it arrived.") if ANSWERS[said] else _("Noted: it did not arrive."))
        return redirect(way_back(request.POST.get("next", ""), reverse("message-detail", kwargs={"pk": pk})))


class SessionTold(Page[Session]):
    """Write down that somebody told a participant."""

    ability = Can.TELL_BY_HAND
    model = Session

    def post(self, request: HttpRequest, pk: int, person: int) -> HttpResponse:
        """Keep it and return to the session."""
        told = Person.objects.visible_to(self.reader).filter(pk=person).first()
        if told is None:
            raise Http404
        tell_by_hand(self.row(), person=told, by=self.reader, at=now())
        flashes.success(request, _("Noted: %(name)s was told.") % {"name": told.name})
        return redirect(reverse("session-detail", kwargs={"pk": pk}))
