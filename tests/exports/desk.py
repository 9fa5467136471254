"""Pages as a hand at the desk reads and sends them, and a file as a browser sends it."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client


def shown(client: Client, address: str) -> tuple[int, str]:
    """Ask for a page."""
    answer = client.get(address)
    return answer.status_code, answer.content.decode()


def sent(client: Client, address: str, data: dict[str, Any] | None = None) -> tuple[int, str]:
    """Send a form and follow where it leads; the status is that of the first answer."""
    answer = client.post(address, data or {}, follow=True)
    return (answer.redirect_chain or [("", answer.status_code)])[0][1], answer.content.decode()


def scan(content: bytes, name: str = "scan.pdf", media_type: str = "application/pdf") -> SimpleUploadedFile:
    """Make an upload of it."""
    return SimpleUploadedFile(name, content, media_type)
