"""Pictures that people send, made safe: decoded within bounds and written anew, so that only pixels are kept."""

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

LARGEST: Final = 8 * 1024 * 1024  # bytes as sent
MOST_PIXELS: Final = 40_000_000
LONGEST_SIDE: Final = 1600  # pixels as kept
QUALITY: Final = 82
KINDS: Final = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True)
class Picture:
    """A JPEG of ours: no metadata, no place, nothing behind its end."""

    content: bytes
    width: int
    height: int
    sha256: str  # of the file as it was sent, so that the same one is known again


def safe_jpeg(sent: bytes, *, longest: int = LONGEST_SIDE) -> Picture:
    """Write a sent JPEG, PNG or WebP anew, upright, at most `longest` pixels a side; a ValidationError says why not.

    Its code is `size` (bytes or pixels), `kind` (no such picture) or `broken`.
    """
    if len(sent) > LARGEST:
        raise ValidationError(_("A photo has at most 8 MB. Take it again at a lower quality."), code="size")
    drawn = _redraw(sent, longest)
    written = BytesIO()
    drawn.save(written, "JPEG", quality=QUALITY, optimize=True)
    return Picture(written.getvalue(), drawn.width, drawn.height, sha256(sent).hexdigest())


def _redraw(sent: bytes, longest: int) -> Image.Image:
    """Draw the pixels on a fresh canvas: what is not a pixel stays behind."""
    opened = _open(sent)
    if opened.width * opened.height > MOST_PIXELS:
        raise _too_large()
    try:
        opened.draft("RGB", (longest, longest))  # a JPEG is decoded no finer than needed
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail((longest, longest), Image.Resampling.LANCZOS)
        canvas = Image.new("RGB", upright.size, "white")
        seen = upright.convert("RGBA")
        canvas.paste(seen, mask=seen)
    except Exception:  # noqa: BLE001  damaged pictures fail in every way there is
        raise ValidationError(_("This photo is damaged. Take it again."), code="broken") from None
    return canvas


def _open(sent: bytes) -> Image.Image:
    try:
        return Image.open(BytesIO(sent), formats=KINDS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large() from None
    except Exception:  # noqa: BLE001  whatever is no picture fails in every way there is
        raise ValidationError(_("Send a photo as JPEG, PNG or WebP."), code="kind") from None


def _too_large() -> ValidationError:
    return ValidationError(_("A photo has at most 40 million pixels. Take it again at a lower quality."), code="size")
