"""Fields of forms: words and numbers as people write them."""

from django import forms

from common.fields import refuse_control_characters
from common.phones import parse_address, parse_phone


class Words(forms.CharField):
    """A text without the characters that no person types."""

    default_validators = [refuse_control_characters]


class PhoneField(forms.CharField):
    """A mobile number as people write it; clean, it is `+62...`."""

    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "placeholder": "0812 3456 7890"})

    def clean(self, value: object) -> str:
        """Read the number; empty stays empty where it may."""
        text = str(super().clean(value))
        return parse_phone(text) if text else ""


class AddressField(forms.CharField):
    """A mobile number as people write it, or an e-mail address; clean, it is `+62...` or small letters."""

    widget = forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off", "placeholder": "0812 3456 7890"})

    def clean(self, value: object) -> str:
        """Read the address; empty stays empty where it may."""
        text = str(super().clean(value))
        return parse_address(text) if text else ""
