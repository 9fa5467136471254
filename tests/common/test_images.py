"""Pictures from outside: bombs, disguises, damage, and what they say about a place."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image, ImageDraw
from PIL.ExifTags import GPS, IFD, Base

from common.images import LARGEST, safe_jpeg

PLACE = b"Parengan"


def drawn(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: Any) -> bytes:
    picture = Image.new(mode, size)
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 2, size[1] // 2), fill="red" if mode == "RGB" else None)
    written = BytesIO()
    picture.save(written, kind, **options)
    return written.getvalue()


def located() -> Any:
    exif = Image.Exif()
    exif[Base.ImageDescription] = PLACE.decode()
    exif[Base.Orientation] = 6  # a phone held upright
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitudeRef] = "S"
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (7.0, 2.0, 30.0)
    return exif


def refusal(sent: bytes) -> tuple[str, str]:
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        safe_jpeg(sent)
    return str(refused.value.code), refused.value.messages[0]


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content), formats=["JPEG"])


USUAL = [
    *(("PNG", mode) for mode in ("RGB", "L", "RGBA", "P", "LA", "1", "I;16")),
    *(("JPEG", mode) for mode in ("RGB", "L", "CMYK")),
    *(("WEBP", mode) for mode in ("RGB", "RGBA")),
]


@pytest.mark.parametrize(("kind", "mode"), USUAL)
def test_every_usual_picture_becomes_a_plain_jpeg(kind: str, mode: str) -> None:
    picture = safe_jpeg(drawn(kind, mode=mode))
    assert (picture.width, picture.height) == opened(picture.content).size == (60, 40)
    assert opened(picture.content).mode == "RGB"


def test_large_picture_is_made_smaller_and_a_small_one_stays() -> None:
    assert safe_jpeg(drawn(size=(4000, 3000))).width == 1600
    assert safe_jpeg(drawn(size=(1000, 5000))).height == 1600
    assert safe_jpeg(drawn(size=(300, 200)), longest=100).width == 100
    assert safe_jpeg(drawn(size=(30, 20))).width == 30


def test_nothing_but_pixels_is_kept_and_the_picture_stands_upright() -> None:
    sent = drawn(exif=located(), icc_profile=b"profile of a phone", comment=PLACE)
    assert PLACE in sent
    picture = safe_jpeg(sent)
    assert (picture.width, picture.height) == (40, 60)
    assert PLACE not in picture.content
    kept = opened(picture.content)
    assert not kept.getexif()
    assert not {"exif", "icc_profile", "comment", "xmp"} & set(kept.info)


def test_words_in_a_png_are_left_behind() -> None:
    words = b"Comment\0" + PLACE
    chunk = struct.pack(">I", len(words)) + b"tEXt" + words + struct.pack(">I", zlib.crc32(b"tEXt" + words))
    sent = drawn("PNG")
    sent = sent[:33] + chunk + sent[33:]
    assert PLACE not in safe_jpeg(sent).content


def test_page_behind_a_picture_is_left_behind() -> None:
    page = b"<html><script>alert(1)</script></html>"
    for sent in (drawn() + page, drawn("PNG") + page, drawn(comment=page)):
        assert b"script" not in safe_jpeg(sent).content


def test_transparent_paper_is_white() -> None:
    corner = opened(safe_jpeg(drawn("PNG", mode="RGBA")).content).getpixel((50, 35))
    assert corner == (255, 255, 255)


def bomb(width: int, height: int) -> bytes:
    """Write the head of a PNG that says it is enormous; the rest is small."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    chunks = [
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize("size", [(13_000, 13_000), (100_000, 100_000), (40_000_001, 1), (7000, 6000)])
def test_bomb_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    code, sentence = refusal(bomb(*size))
    assert code == "size"
    assert "40 million pixels" in sentence


def test_too_many_bytes_are_refused() -> None:
    assert refusal(drawn() + b"\0" * LARGEST)[0] == "size"


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7",
        b"GIF89a" + b"\0" * 40,
        b"PK\x03\x04" + b"\0" * 40,
        b"#!/bin/sh\n",
        b"\x89PNG\r\n\x1a\n",
    ],
)
def test_what_is_no_photo_is_refused(sent: bytes) -> None:
    code, sentence = refusal(sent)
    assert code == "kind"
    assert "JPEG, PNG or WebP" in sentence


def test_gif_and_tiff_are_refused_even_when_whole() -> None:
    assert {refusal(drawn(kind))[0] for kind in ("GIF", "TIFF", "BMP")} == {"kind"}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_picture_is_refused(kind: str) -> None:
    sent = drawn(kind, size=(800, 600))
    assert refusal(sent[: len(sent) * 2 // 3])[0] in {"broken", "kind"}


def test_animation_is_its_first_page() -> None:
    pages = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    written = BytesIO()
    pages[0].save(written, "WEBP", save_all=True, append_images=pages[1:])
    picture = safe_jpeg(written.getvalue())
    red, _green, blue = opened(picture.content).getpixel((5, 5))  # type: ignore[misc]
    assert red > blue


def test_same_file_is_known_again() -> None:
    assert safe_jpeg(drawn()).sha256 == safe_jpeg(drawn()).sha256 != safe_jpeg(drawn(size=(61, 40))).sha256


@settings(max_examples=150, deadline=None)
@given(
    place=some.integers(min_value=0),
    byte=some.integers(min_value=0, max_value=255),
    kind=some.sampled_from(["JPEG", "PNG", "WEBP"]),
)
def test_any_damage_is_a_picture_or_a_sentence(place: int, byte: int, kind: str) -> None:
    sent = bytearray(drawn(kind))
    sent[place % len(sent)] = byte
    with suppress(ValidationError):
        assert opened(safe_jpeg(bytes(sent)).content).format == "JPEG"
