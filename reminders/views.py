"""Pages of messages: what was told, will be, could not be; telling by hand; and what I want to be told myself."""

from typing import Any

from django.contrib import messages as flashes
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import Can as AccountCan
from common.pages import FormPage, ListPage, Page
from programs.models import Session
from reminders.actions import choose_notices, retry_message, tell_by_hand
from reminders.filters import MessageFilter
from reminders.models import Message, Pulse
from reminders.notices.choosing import NoticesForm
from reminders.reading import summary_of, words_of
from reminders.rules import Can
from reminders.states import MessageState
from reminders.status import lines_of, vitals
from reminders.topics import LINK, LINK_SHOWN
from reminders.wording.texts import address_of
from villages.models import Person
from villages.rules import Can as VillageCan


class MessageList(ListPage[Message]):
    """The outbox, newest first."""

    ability = Can.READ_MESSAGE
    model = Message
    template = "reminders/message_list.html"
    filterset_class = MessageFilter
    order = ("-due_at", "-pk")

    def rows(self) -> models.QuerySet[Message]:
        """Read the numbers, sessions and people along."""
        return (
            super()
            .rows()
            .select_related("contact_point", "session__module", "trainer", "user")
            .prefetch_related("people")
        )

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
            .prefetch_related("people", "deliveries", "joined__session__module")
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
            can_retry=message.state == MessageState.FAILED and able(Can.RETRY_MESSAGE, message),
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


class Status(Page[Pulse]):
    """How sending fares, and what to do about it."""

    ability = Can.READ_STATUS
    model = Pulse
    template = "reminders/status.html"

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        """Show the figures as of now."""
        found = vitals(at=now())
        return self.show(found=found, lines=lines_of(found))


class MyMessages(FormPage[User]):
    """Which notices of their work someone wants."""

    ability = AccountCan.USE_OWN_ACCOUNT
    model = User
    template = "reminders/my_messages.html"
    form_class = NoticesForm

    def form_arguments(self) -> dict[str, Any]:
        """Offer what is sent to this role."""
        return {"user": self.reader}

    def act(self, form: Any) -> HttpResponse:
        """Keep the choice; it holds for what has not left yet."""
        choose_notices(self.reader, wanted=form.cleaned_data["wanted"], by=self.reader, at=now())
        flashes.success(self.request, _("Your choice is kept."))
        return redirect("my-messages")
