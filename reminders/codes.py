"""Codes for signing in: they leave at once by a number's first way that takes them, and nothing of them is kept."""

import uuid
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from reminders.channels import GATEWAYS
from reminders.channels.gateway import Letter, Wording
from reminders.states import Channel, MessageState

BY_NUMBER = (Channel.WHATSAPP, Channel.SMS)
NOBODY = 0  # no row stands behind this letter


def send_code(phone: str, code: str, *, language: str) -> bool:
    """Send it by the first way of the ladder that does not refuse it; False when every way refused."""
    for name in settings.MESSAGE_CHANNELS:
        if name in BY_NUMBER:
            letter = Letter(uuid.uuid4(), NOBODY, phone, _wording(name, code, language))
            outcome = GATEWAYS[name]().deliver([letter], at=now()).get(letter.key)
            if outcome is None or outcome.state != MessageState.FAILED:
                return True
    return False


def _wording(channel: str, code: str, language: str) -> Wording:
    if channel == Channel.WHATSAPP:
        template = settings.WHATSAPP_CODE_TEMPLATE
        return Wording("", language=language, template=template, parameters=(code,), code=code)
    with translation.override(language):
        text = _("%(code)s is your code for Desa Devisa. It works for ten minutes. Tell it to nobody.") % {"code": code}
    return Wording(f"{text}\n@{urlsplit(settings.BASE_URL).hostname} #{code}")  # phones fill it in by this line
