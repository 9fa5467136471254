"""How staff sign in: no self-signup, e-mail or Indonesian mobile number, password or six digits."""

import logging
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.phones import parse_phone

log = logging.getLogger(__name__)

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

    def send_verification_code_sms(self, user: User, phone: str, code: str, **_kwargs: object) -> None:  # noqa: ARG002  by name
        """Send the code to the e-mail on file; a demo without one prints the digits, never with a number."""
        if user.email:
            self.send_mail("account/email/login_code", user.email, {"request": self.request, "code": code})
        elif settings.DEMO:
            log.warning("demo sign-in code: %s", code)

    def get_password_change_redirect_url(self, _request: HttpRequest) -> str:
        """Return to the account page."""
        return reverse("my-account")

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponseBase:
        """Show pages in the language this person chose, on any device."""
        response: HttpResponseBase = super().post_login(request, user, **kwargs)
        keep_language(response, user.language)
        return response


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
