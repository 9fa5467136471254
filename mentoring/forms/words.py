"""Texts of people, as one kind of field."""

from django import forms

from common.fields import refuse_control_characters


class Words(forms.CharField):
    """A text without the characters that no person types."""

    default_validators = [refuse_control_characters]
