"""The doors for gateways: who knocks proves it before a word is read, is answered fast, and is heard once.

Late, twice and out of order is normal. Nothing here is a page: no account, no session, no cookie, no cache.
"""

import logging
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.utils.timezone import now
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from common.doorbell import ring
from reminders.channels import sms_words, whatsapp_words
from reminders.channels.heard import Heard
from reminders.channels.whatsapp import verify
from reminders.hearing import hear_reports, hear_templates
from replies.hearing import hear_said

log = logging.getLogger(__name__)

MOST: Final = 4 * 1024 * 1024  # bytes; Meta's own limit is three million


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class Webhook(View):
    """One door. A gateway that is not answered with 200 comes again, so only what may be lost is answered so."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Refuse what is too long unread; ask to come again while the database is away."""
        if _length(request) > MOST:
            return plain(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            return super().dispatch(request, *args, **kwargs)
        except (UnreadablePostError, RequestDataTooBig):
            return plain(HTTPStatus.BAD_REQUEST)
        except OperationalError:
            response = plain(HTTPStatus.SERVICE_UNAVAILABLE)
            response["Retry-After"] = "5"
            return response


class WhatsAppWebhook(Webhook):
    """Meta's door: proves itself once when it is set up, and signs what it brings."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Give the challenge back to whoever knows our word."""
        asked, token = request.GET, settings.WHATSAPP_VERIFY_TOKEN
        known = bool(token) and constant_time_compare(asked.get("hub.verify_token", ""), token)
        if not known or asked.get("hub.mode") != "subscribe":
            return plain(HTTPStatus.FORBIDDEN)
        return plain(HTTPStatus.OK, asked.get("hub.challenge", "")[:200])

    def post(self, request: HttpRequest) -> HttpResponse:
        """Check the signature over the bytes as they came, then keep what they say."""
        signature = request.headers.get("X-Hub-Signature-256", "")
        if not signature or not verify(signature, request.body):
            return plain(HTTPStatus.FORBIDDEN)
        keep(whatsapp_words.read_webhook(request.body, at=now()))
        return plain(HTTPStatus.OK)


class SmsWebhook(Webhook):
    """The door of the SMS gateway: shows the token that was agreed."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Check the token, then keep what is told, be it JSON or a form."""
        if not sms_words.verify(request.headers, request.GET.dict()):
            return plain(HTTPStatus.FORBIDDEN)
        form = request.content_type == "application/x-www-form-urlencoded"
        keep(sms_words.read_webhook(request.body, form=form, at=now()))
        return plain(HTTPStatus.OK)


@transaction.atomic
def keep(heard: Heard) -> None:
    """Keep all of one request or nothing of it, each word once, and have it looked at."""
    at = now()
    if heard.reports:
        hear_reports(heard.reports, at=at)
    if heard.said:
        hear_said(sorted(heard.said, key=lambda each: each.event_id), at=at)  # so that two never deadlock
    hear_templates(heard.templates, at=at)
    if heard.unread:
        log.warning("webhook: %d parts could not be read", heard.unread)
    ring()


def plain(status: HTTPStatus, text: str = "") -> HttpResponse:
    """Answer a machine."""
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def _length(request: HttpRequest) -> int:
    told = request.META.get("CONTENT_LENGTH") or "0"
    return int(told) if len(told) <= len(str(MOST)) and told.isdecimal() else MOST + 1
