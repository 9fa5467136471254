"""Handing out a file that people sent: kept by no cache, run by no browser."""

from typing import Any, Final

from django.http import FileResponse

PDF: Final = "application/pdf"
ALONE: Final = "default-src 'none'; sandbox"
# A browser's own reader of PDF does not run in a sandbox; it needs to load itself and nothing else.
READABLE: Final = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"


def hand_out(opened: Any, *, media_type: str, name: str, to_save: bool = False) -> FileResponse:
    """Answer with a picture or a PDF, to be looked at or saved; `name` is without its ending."""
    file = f"{name}.{'pdf' if media_type == PDF else 'jpg'}"
    response = FileResponse(opened, content_type=media_type, filename=file, as_attachment=to_save)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = READABLE if media_type == PDF else ALONE
    return response
