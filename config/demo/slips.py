"""Slips of couriers, drawn: a waybill and a receipt as one holds them, of parcels that never were."""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

SIZE, MARGIN, LINE = (900, 1200), 70, 62


def slip(title: str, lines: Sequence[tuple[str, str]]) -> bytes:
    """Draw one slip: its title, then pairs of word and value, and bars that look like a code."""
    picture = Image.new("RGB", SIZE, "#fbfaf5")
    pen = ImageDraw.Draw(picture)
    large, plain = ImageFont.load_default(size=58), ImageFont.load_default(size=34)
    pen.rectangle((24, 24, SIZE[0] - 24, SIZE[1] - 24), outline="#333", width=4)
    pen.text((MARGIN, MARGIN), title, font=large, fill="#111")
    for place, (word, value) in enumerate(lines):
        y = MARGIN + 130 + place * LINE
        pen.text((MARGIN, y), word, font=plain, fill="#555")
        pen.text((MARGIN + 270, y), value, font=plain, fill="#111")
    bars = "".join(value for _word, value in lines).encode()
    for place, byte in enumerate(bars[:70]):
        x = MARGIN + place * 11
        pen.rectangle((x, SIZE[1] - 260, x + 2 + byte % 7, SIZE[1] - 110), fill="#111")
    written = BytesIO()
    picture.save(written, "JPEG", quality=80)
    return written.getvalue()
