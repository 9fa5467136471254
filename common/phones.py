"""Phone numbers as Indonesians write them, kept as one E.164 text."""

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

MOBILE = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}


def parse_phone(text: str) -> str:
    """Read `0812...`, `62812...`, `+62 812-...` as `+62812...`; anything but a mobile number is a ValidationError."""
    trimmed = text.strip()
    if trimmed.startswith("62"):
        trimmed = f"+{trimmed}"
    try:
        number = phonenumbers.parse(trimmed, "ID")
    except phonenumbers.NumberParseException:
        raise ValidationError(_("This is no phone number. Write it like 0812 3456 7890."), code="phone") from None
    if not phonenumbers.is_valid_number(number):
        raise ValidationError(_("This phone number is too short, too long or unknown."), code="phone")
    if phonenumbers.number_type(number) not in MOBILE:
        raise ValidationError(_("This is a landline. Messages need a mobile number."), code="phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def parse_address(text: str) -> str:
    """Read a mobile number, or an e-mail address in small letters; anything else is a ValidationError."""
    trimmed = text.strip()
    if "@" not in trimmed:
        return parse_phone(trimmed)
    validate_email(trimmed)
    return trimmed.lower()


def mask_phone(number: str) -> str:
    """Show enough of `+6281234567890` or an e-mail address to recognise it and no more: `0812-••••-890`."""
    if "@" in number:
        return f"{number[0]}••••{number[number.index('@') :]}"
    local = f"0{number[3:]}" if number.startswith("+62") else number
    return f"{local[:4]}-••••-{local[-3:]}" if len(local) > 7 else "••••"  # noqa: PLR2004  four and three digits stay


def local_phone(number: str) -> str:
    """Write `+6281234567890` as people dial it: `0812 3456 7890`."""
    if not number.startswith("+62"):
        return number
    digits = f"0{number[3:]}"
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))
