"""Pictures as phones take them."""

from io import BytesIO
from typing import Any

from PIL import Image

TURNED = 6  # EXIF: the right side is the top
GPS, ORIENTATION, LATITUDE_REF, LATITUDE = 0x8825, 0x0112, 1, 2


def picture(kind: str = "JPEG", size: tuple[int, int] = (800, 600), *, noise: bool = False, **more: Any) -> bytes:
    """Paint the left half red and the right half blue."""
    image = Image.effect_noise(size, 90).convert("RGB") if noise else Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    kept = BytesIO()
    image.save(kept, kind, **more)
    return kept.getvalue()


def turned(size: tuple[int, int] = (800, 600)) -> bytes:
    """Lay a picture on its side and say in it which way up it is, and where it was taken."""
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED
    exif.get_ifd(GPS).update({LATITUDE_REF: "S", LATITUDE: (7.0, 3.0, 4.0)})
    return picture(size=size, exif=exif)


def named(name: str, content: bytes, kind: str = "image/jpeg") -> Any:
    """Hand a file over as a camera does."""
    return {"name": name, "mimeType": kind, "buffer": content}
