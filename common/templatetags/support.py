"""`{% support_code %}`: the id of this request, the same one as in the log."""

from django import template

from common.middleware import request_id

register = template.Library()


@register.simple_tag
def support_code() -> str:
    """Give the id a person can read to support; empty outside a request."""
    code = request_id.get()
    return "" if code == "-" else code[:12]
