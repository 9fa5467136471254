"""Papers that people send, made safe: a photo is drawn anew, a PDF is kept as it came when nothing in it acts."""

import re
import zlib
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common.images import KINDS, LARGEST, safe_jpeg

PDF: Final = "application/pdf"
JPEG: Final = "image/jpeg"
MEDIA_TYPES: Final = (PDF, *(f"image/{kind.lower()}" for kind in KINDS))
# Names that make a viewer do something, start something or hand over a file; in a locked one nobody can look.
ACTIVE: Final = re.compile(rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA|ImportData|SubmitForm)(?![A-Za-z0-9])")
LOCKED: Final = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM: Final = re.compile(rb"(?<!end)stream[^\r\n]{0,64}(?:\r\n?|\n)")  # readers skip the rest of the line
PACKED: Final = re.compile(rb"/ObjStm(?![A-Za-z0-9])")
# Some readers unpack a stream that only says where its first object begins; in an outline that is a reference.
BEGINS: Final = re.compile(rb"/First[\s\0]+\d+(?![\s\0]*\d|[\s\0]+\d+[\s\0]+R)")
MOST_UNPACKED: Final = 32 * 1024 * 1024  # bytes of all packed objects together
TAIL: Final = 1024  # bytes; the end of a PDF says so here


@dataclass(frozen=True)
class Kept:
    """A file as it is kept; the digest is that of the file as it was sent, so that the same one is known again."""

    content: bytes
    media_type: str
    sha256: str


def read_document(content: bytes, media_type: str) -> Kept:
    """Take a JPEG, PNG or WebP drawn anew, or a PDF that only shows; a ValidationError says why not.

    Its code is `size`, `kind`, `broken` or `active`.
    """
    if media_type.partition(";")[0].strip().lower() not in MEDIA_TYPES:
        raise ValidationError(_("Send a document as PDF, JPEG, PNG or WebP."), code="kind")
    if len(content) > LARGEST:
        raise ValidationError(_("A document has at most 8 MB."), code="size")
    digest = sha256(content).hexdigest()
    if content.startswith(b"%PDF-"):
        _look_through(content)
        return Kept(content, PDF, digest)
    if media_type.startswith(PDF):
        raise ValidationError(_("This is no PDF. Send it as PDF, JPEG, PNG or WebP."), code="kind")
    return Kept(safe_jpeg(content).content, JPEG, digest)


def _look_through(content: bytes) -> None:
    """Refuse a PDF that is cut off, locked, or able to act; packed objects are unpacked to look at them too."""
    if b"%%EOF" not in content[-TAIL:]:
        raise _damaged()
    if LOCKED.search(_plain(content)):
        raise ValidationError(_("This PDF is locked. Save it without a password and send that."), code="active")
    if any(ACTIVE.search(_plain(part)) for part in (content, *_packed(content))):
        raise ValidationError(
            _("This PDF contains programs or other files. Print it to a new PDF and send that."), code="active"
        )


def _plain(part: bytes) -> bytes:
    """Write names without escapes: `/Java#53cript` is `/JavaScript`."""
    return ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)


def _packed(content: bytes) -> list[bytes]:
    """Unpack the objects that stand in compressed streams, within bounds."""
    parts, left, said, after = [], MOST_UNPACKED, 0, 0
    for found in STREAM.finditer(content):
        head, after = _plain(content[after : found.start()]), found.end()
        said += len(PACKED.findall(head))
        if PACKED.search(head) or BEGINS.search(head):
            parts.append(_inflate(content[after:], left))
            left -= len(parts[-1])
    if said > len(parts) or PACKED.search(_plain(content[after:])):
        raise _damaged()
    return parts


def _inflate(stream: bytes, most: int) -> bytes:
    reader = zlib.decompressobj()
    try:
        unpacked = reader.decompress(stream, max(most, 1))
    except zlib.error:
        raise _damaged() from None
    if not reader.eof:
        raise _damaged()
    return unpacked


def _damaged() -> ValidationError:
    return ValidationError(_("This PDF is damaged. Save it again and send that."), code="broken")
