"""How staff sign in: no self-signup, e-mail or Indonesian mobile number, password or six digits."""

import logging
from collections.abc import Callable
from functools import partial
from smtplib import SMTPException
from threading import Thread
from typing import Any, ClassVar, Final

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.actions import spend_code
from accounts.models import User
from common.phones import parse_phone

log = logging.getLogger(__name__)

Act = Callable[[], object]
CODE_MAIL: Final = "account/email/login_code"
WAYS: Final = {"whatsapp": "WhatsApp", "sms": "SMS"}
MISMATCH = _("The e-mail or phone number and the password do not belong together.")


class PhoneField(forms.CharField):
    """Reads `0812...`, `62812...` or `+62 812-...` into one E.164 text."""

    def clean(self, value: object) -> str:
        """Give `+62812...`; anything but a mobile number is a ValidationError."""
        text = super().clean(value)
        return parse_phone(text) if text else ""


class StaffAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; everyone else only enters."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": MISMATCH,
        "phone_password_mismatch": MISMATCH,
        "username_password_mismatch": MISMATCH,
        "incorrect_code": _("This is not the code we sent. Check the six digits."),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes and try again."),
        "rate_limited": _("Too many attempts. Wait a few minutes and try again."),
    }

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Nobody makes their own account."""
        return False

    def phone_form_field(self, **kwargs: Any) -> forms.Field:
        """Accept numbers as people write them."""
        return PhoneField(label=_("Phone number"), **kwargs)

    def clean_phone(self, phone: str) -> str:
        """Keep one spelling of a number."""
        return parse_phone(phone)

    def get_user_by_phone(self, phone: str) -> User | None:
        """Find the account of a number, however it was typed."""
        found: User | None = User.objects.filter(phone=parse_phone(phone), is_active=True).first()
        return found

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        """Give the number and whether it is verified: an administrator entered it, so it is."""
        return (user.phone, True) if user.phone else None

    def set_phone(self, user: User, phone: str, _verified: bool) -> None:  # noqa: FBT001  allauth calls it so
        """Write the number of an account."""
        user.phone = parse_phone(phone)
        user.save(update_fields=["phone"])

    def set_phone_verified(self, user: User, _phone: str) -> None:
        """Nothing to write: numbers of staff are entered by an administrator."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a code beside the answer, so that its time tells nothing; any other mail at once."""
        if template_prefix != CODE_MAIL:
            super().send_mail(template_prefix, email, context)
            return
        elsewhere(self.render_mail(template_prefix, email, {"email": email, **context}).send)

    def send_verification_code_sms(self, user: User, phone: str, code: str, **_kwargs: object) -> None:
        """Send the code by the first way that takes it, within the day's limit, else to the e-mail on file."""
        mail = self.render_mail(CODE_MAIL, user.email, {"email": user.email, "code": code}) if user.email else None
        paid = bool(way_of_codes()) and spend_code(at=now())
        elsewhere(partial(send_code, phone, code, language=user.language, paid=paid, mail=mail))

    def get_password_change_redirect_url(self, _request: HttpRequest) -> str:
        """Return to the account page."""
        return reverse("my-account")

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponseBase:
        """Show pages in the language this person chose, on any device."""
        response: HttpResponseBase = super().post_login(request, user, **kwargs)
        keep_language(response, user.language)
        return response


def way_of_codes() -> str:
    """Name the way by which codes go to a number; empty where they go to the e-mail on file."""
    return next((WAYS[name] for name in settings.MESSAGE_CHANNELS if name in WAYS), "")


def send_code(phone: str, code: str, *, language: str, paid: bool, mail: EmailMessage | None) -> None:
    """Try a number's ways, then the mail; a demo prints the digits, never with a number. Touches no table."""
    if paid and import_string(settings.CODE_SENDER)(phone, code, language=language):
        return
    if mail:
        mail.send()
    elif settings.DEMO:
        log.warning("demo sign-in code: %s", code)
    else:
        log.warning("a sign-in code found no way")


def elsewhere(act: Act) -> None:
    """Do this beside the answer: how long the page takes tells nobody whether an account is there."""
    Thread(target=quietly, args=(act,), name="sign-in code").start()


def quietly(act: Act) -> None:
    """Do it, and tell of trouble without a word of what was sent to whom."""
    try:
        act()
    except (OSError, SMTPException) as trouble:
        log.warning("a sign-in code could not be sent: %s", type(trouble).__name__)


def keep_language(response: HttpResponseBase, language: str) -> None:
    """Remember the language of this browser."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.SESSION_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
