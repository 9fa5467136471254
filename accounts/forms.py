"""The forms of signing in; allauth does the work, these give the words and the keyboards."""

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    ConfirmLoginCodeForm,
    LoginForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from accounts.states import Language
from common.phones import parse_phone

LOGIN_LABEL = _("E-mail or phone number")
LOGIN_HINT = _("For example 0812 3456 7890.")


def _plain(form: forms.Form, **labels: object) -> None:
    """Take away placeholders (they vanish while typing) and give our labels."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
        field.help_text = ""
    for name, label in labels.items():
        form.fields[name].label = str(label)


class SignInForm(LoginForm):
    """E-mail or phone, and the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Give the two fields our words."""
        super().__init__(*args, **kwargs)
        _plain(self, login=LOGIN_LABEL, password=_("Password"))
        self.fields["login"].help_text = LOGIN_HINT
        self.fields["login"].widget.attrs.update({"autocomplete": "username", "autocapitalize": "none"})


class AskCodeForm(RequestLoginCodeForm):
    """One field for e-mail or phone; whether it is known is not told."""

    login = forms.CharField(
        label=LOGIN_LABEL,
        help_text=LOGIN_HINT,
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Keep only the one field."""
        super().__init__(*args, **kwargs)
        del self.fields["email"], self.fields["phone"]

    def clean_login(self) -> str:
        """Read an e-mail address or a mobile number, and look its account up without telling."""
        login: str = self.cleaned_data["login"].strip().lower()
        if "@" in login:
            validate_email(login)
            self.cleaned_data["email"] = login
            self.clean_email()
        else:
            self.cleaned_data["phone"] = parse_phone(login)
            self.clean_phone()
        return login


class EnterCodeForm(ConfirmLoginCodeForm):
    """Six digits, pasteable."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Open the number keyboard and offer the code that just came in."""
        super().__init__(*args, **kwargs)
        _plain(self, code=_("Six-digit code"))
        self.fields["code"].widget.attrs.update({"inputmode": "numeric", "autocomplete": "one-time-code"})

    def clean_code(self) -> str:
        """Ignore the spaces people type between digits."""
        self.cleaned_data["code"] = self.cleaned_data["code"].replace(" ", "")
        return str(super().clean_code())


class NewPasswordForm(ChangePasswordForm):
    """The old password, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Give the fields our words."""
        super().__init__(*args, **kwargs)
        _plain(self, oldpassword=_("Password now"), password1=_("New password"), password2=_("New password again"))
        self.fields["password1"].help_text = _("At least 12 characters. Four words you remember are good.")


class FirstPasswordForm(SetPasswordForm):
    """A password for an account that signed in by code so far."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Give the fields our words."""
        super().__init__(*args, **kwargs)
        _plain(self, password1=_("New password"), password2=_("New password again"))


class ForgottenPasswordForm(ResetPasswordForm):
    """The e-mail address that gets the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Give the field our words."""
        super().__init__(*args, **kwargs)
        _plain(self, email=_("E-mail"))


class RecoveredPasswordForm(ResetPasswordKeyForm):
    """The new password after the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Give the fields our words."""
        super().__init__(*args, **kwargs)
        _plain(self, password1=_("New password"), password2=_("New password again"))


class LanguageForm(forms.Form):
    """The language of the pages, and where to go on."""

    language = forms.ChoiceField(choices=Language.choices)
    next = forms.CharField(required=False, max_length=2000)
