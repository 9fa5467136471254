"""The inbox: what people wrote, one conversation, and what is done about it."""

from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages as flashes
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.errors import Refused
from common.filters import LARGEST_ID
from common.pages import FormPage, ListPage, Page
from replies.actions import (
    answer_reply,
    close_reply,
    read_sender,
    register_writer,
    reopen_reply,
    serves_nobody,
    silence_of,
)
from replies.filters import ReplyFilter
from replies.forms import AnswerForm, WriterForm
from replies.models import Reply
from replies.reading import conversation_of, waiting_of, with_writers
from replies.rules import Can
from replies.states import Intent, ReplyState
from villages.models import Person, Village
from villages.rules import Can as VillageCan


class ReplyList(ListPage[Reply]):
    """The inbox, newest first."""

    ability = Can.READ_REPLY
    model = Reply
    template = "replies/reply_list.html"
    filterset_class = ReplyFilter
    order = ("-at", "-pk")

    def rows(self) -> models.QuerySet[Reply]:
        """Read along who may have written and what it is about."""
        return with_writers(super().rows(), self.reader)

    def context(self) -> dict[str, object]:
        """Count what waits."""
        return {
            "waiting": waiting_of(super().rows()),
            "active": any(value for name, value in self.request.GET.items() if name != "cursor"),
        }


class ReplyPage(Page[Reply]):
    """What pages of one reply share: the conversation around it."""

    model = Reply
    template = "replies/reply_detail.html"

    def rows(self) -> models.QuerySet[Reply]:
        """Read along who may have written."""
        return with_writers(super().rows(), self.reader).select_related("closed_by", "message")

    @cached_property
    def reply(self) -> Reply:
        """Read the reply of this address."""
        return self.row()

    def context(self) -> dict[str, Any]:
        """Show the conversation and what can be done."""
        reply, able = self.reply, self.reader.has_perm
        answers = able(Can.ANSWER_REPLY, reply)
        return {
            "reply": reply,
            "talk": conversation_of(reply, self.reader),
            "seats": reply.seats.select_related("enrollment__person", "session__module").order_by("pk"),
            "answers": answers,
            "silence": silence_of(reply, at=now()),
            "closes": answers and reply.state == ReplyState.OPEN,
            "reopens": answers and reply.state in (ReplyState.CLOSED, ReplyState.ANSWERED),
            "registers": answers and able(VillageCan.CHANGE_PERSON) and registrable(reply),
            "reads": able(Can.READ_SENDER, reply) and (reply.contact_point_id or reply.sender),
        }

    def show_reply(self, **context: object) -> HttpResponse:
        """Show the conversation with an empty answer."""
        shown: dict[str, Any] = {"form": AnswerForm(), **self.context(), **context}
        return self.show(**shown)

    def back(self, sentence: str) -> HttpResponse:
        """Say what was done and return to the conversation."""
        flashes.success(self.request, sentence)
        return redirect("reply-detail", pk=self.reply.pk)


def registrable(reply: Reply) -> bool:
    """Say whether a person has to be written down for it: the number serves nobody, or asks for another village."""
    waits = reply.state == ReplyState.OPEN and reply.contact_point is not None
    return waits and (reply.intent == Intent.JOIN or serves_nobody(reply.contact_point))


class ReplyDetail(ReplyPage):
    """One reply in its conversation."""

    ability = Can.READ_REPLY

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Show it."""
        return self.show_reply()


class ReplyAnswer(ReplyPage, FormPage[Reply]):
    """Write back in one's own words."""

    ability = Can.ANSWER_REPLY
    form_class = AnswerForm

    def act(self, form: forms.Form) -> HttpResponse:
        """Plan the text, and close the reply when that settles it."""
        reply = self.reply
        with transaction.atomic():
            answer_reply(reply, text=form.cleaned_data["text"], by=self.reader, at=now())
            if form.cleaned_data["close"] and reply.state == ReplyState.OPEN:
                close_reply(reply, by=self.reader, at=now())
        return self.back(_("Your answer is on its way."))


class ReplyClose(ReplyPage):
    """It is done."""

    ability = Can.ANSWER_REPLY

    def post(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Close it and go on with the next."""
        close_reply(self.reply, by=self.reader, at=now())
        flashes.success(self.request, _("The reply is closed."))
        return redirect("reply-list")


class ReplyReopen(ReplyPage):
    """It is not done after all."""

    ability = Can.ANSWER_REPLY

    def post(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Put it back on the list."""
        reopen_reply(self.reply, by=self.reader, at=now())
        return self.back(_("The reply waits again."))


class ReplyNumber(ReplyPage):
    """The same page with the number in full; opening it is written down."""

    ability = Can.READ_SENDER

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Return to the masked page: reading a number is asked for by a button."""
        return redirect("reply-detail", pk=self.reply.pk)

    def post(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Show the number once."""
        number = read_sender(self.reply, by=self.reader, at=now())
        response = self.show_reply(number=number)
        response["Cache-Control"] = "no-store"
        return response


class ReplyRegister(FormPage[Reply]):
    """Write down who wrote, or give the number to someone who is known."""

    ability = Can.ANSWER_REPLY
    model = Reply
    template = "replies/reply_register.html"
    form_class = WriterForm

    @cached_property
    def reply(self) -> Reply:
        """Read the reply of this address; one that is settled has nobody to write down."""
        reply = self.row()
        if not registrable(reply):
            raise Refused(_("This reply has been settled in the meantime."))
        return reply

    def rows(self) -> models.QuerySet[Reply]:
        """Read the number along."""
        return super().rows().select_related("contact_point", "village")

    def form_arguments(self) -> dict[str, Any]:
        """Offer villages and people one sees; begin with the village that was named."""
        villages = Village.objects.visible_to(self.reader).order_by("name", "pk")
        asked = self.request.POST.get("village") or self.request.GET.get("village") or self.reply.village_id
        people = Person.objects.visible_to(self.reader).present().filter(village=_key(asked)).order_by("name", "pk")
        agreed = self.reply.intent == Intent.JOIN
        return {"villages": villages, "people": people, "agreed": agreed, "initial": {"village": _key(asked)}}

    def context(self) -> dict[str, Any]:
        """Show the number, masked, and what was written."""
        return {"reply": self.reply, "agreed": self.reply.intent == Intent.JOIN}

    def act(self, form: forms.Form) -> HttpResponse:
        """Keep it and show the person."""
        person = register_writer(self.reply, by=self.reader, at=now(), **form.cleaned_data)
        flashes.success(self.request, _("%(name)s is reached by this number now.") % {"name": person.name})
        return redirect("person-detail", pk=person.pk)


def _key(text: object) -> int | None:
    """Read a key out of an address; anything else is none."""
    digits = str(text or "")
    return int(digits) if digits.isascii() and digits.isdigit() and int(digits[:20]) <= LARGEST_ID else None
