"""Photos as a phone sends them."""

from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from PIL import Image, ImageDraw
from PIL.ExifTags import GPS, IFD, Base

from accounts.models import User
from mentoring.actions import Address, Whole, keep_part
from mentoring.content import Pictured
from mentoring.models import Visit

PLACE = "Parengan, rumah Bu Lidia"
KEY = UUID("018f3a52-0000-7000-8000-000000000001")
PHOTO = UUID("018f3a52-0000-7000-8000-0000000000f1")


def drawn(number: int = 0, *, size: tuple[int, int] = (640, 480), kind: str = "JPEG", **options: Any) -> bytes:
    """Draw a picture; another number is another picture."""
    picture = Image.new("RGB", size, (number * 37 % 256, 80, 120))
    ImageDraw.Draw(picture).text((10, 10), f"photo {number}", fill="white")
    written = BytesIO()
    picture.save(written, kind, **options)
    return written.getvalue()


def located(number: int = 0) -> bytes:
    """Draw a picture that says where and with what it was taken, as phones do."""
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Model], exif[Base.ImageDescription] = "Perusahaan", "Telepon 5", PLACE
    gps = exif.get_ifd(IFD.GPSInfo)
    gps[GPS.GPSLatitudeRef], gps[GPS.GPSLatitude] = "S", (7.0, 2.0, 30.12)
    gps[GPS.GPSLongitudeRef], gps[GPS.GPSLongitude] = "E", (112.0, 14.0, 2.9)
    return drawn(number, exif=exif, comment=PLACE.encode())


def digest_of(sent: bytes) -> str:
    """Tell the SHA-256 of a file."""
    return sha256(sent).hexdigest()


def pictured(sent: bytes, key: UUID | None = None) -> Pictured:
    """Name a photo in a visit."""
    return Pictured(key or uuid4(), digest_of(sent))


def to(visit: Visit | UUID, photo: UUID, by: User) -> Address:
    """Address a photo."""
    return Address(visit.pk if isinstance(visit, Visit) else visit, photo, by)


def cut(sent: bytes, length: int = 64 * 1024) -> list[bytes]:
    """Cut a file into parts."""
    return [sent[start : start + length] for start in range(0, len(sent), length)]


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def keep_parts(visit: Visit, made: User, sent: bytes, at: datetime, key: UUID = PHOTO) -> list[bool]:
    return [
        keep_part(to(visit, key, made), number=number, sent=part, digest=digest_of(part), at=at)
        for number, part in enumerate(cut(sent, 4000))
    ]


def whole(sent: bytes, **changes: Any) -> Whole:
    return replace(Whole(digest_of(sent), len(sent), len(cut(sent, 4000))), **changes)
