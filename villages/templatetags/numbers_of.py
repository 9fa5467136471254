"""Numbers on pages: masked until asked for, and the page that each one opens."""

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.phones import local_phone, mask_phone
from villages.links import token_of
from villages.models import ContactPoint, PersonContact

register = template.Library()


@register.simple_tag
def masked(contact: PersonContact) -> SafeString:
    """Show enough of a number to recognise it."""
    return format_html('<span class="nowrap">{}</span>', mask_phone(contact.contact_point.number))


@register.simple_tag
def full_number(contact: PersonContact) -> str:
    """Show the whole number as people dial it; only where its reading is written down."""
    return local_phone(contact.contact_point.number)


@register.simple_tag
def link_of_number(point: ContactPoint) -> str:
    """Write the whole address of a household's page; empty when it is closed."""
    token = token_of(point)
    return f"{settings.BASE_URL}/s/{token}" if token else ""
