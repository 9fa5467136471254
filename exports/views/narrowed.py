"""What every list of this room says beside its rows."""

from typing import Any

from django.http import HttpRequest

from common.pages import is_narrowed


def beside(request: HttpRequest, tab: str) -> dict[str, Any]:
    """Tell whether the list is narrowed, and which of the neighbouring pages it is."""
    return {"active": is_narrowed(request), "tab": tab}
