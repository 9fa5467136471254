"""Photos of the demo's visits: drawn cloth, for nobody's face belongs into a demo."""

from hashlib import sha256
from io import BytesIO
from uuid import UUID, uuid5

from PIL import Image, ImageDraw

from mentoring.content import Pictured

SIZE, STEP = (800, 600), 40
DYES = ("#7a1f2b", "#1f3d5c", "#3d2c00", "#0b5d3b", "#8a4b12", "#4a2554")


def cloth(number: int) -> bytes:
    """Draw a piece of cloth: diamonds in rows, another dye for each number."""
    ground, thread = DYES[number % len(DYES)], "#e9dcc3"
    picture = Image.new("RGB", SIZE, ground)
    pen = ImageDraw.Draw(picture)
    for row, y in enumerate(range(0, SIZE[1] + STEP, STEP)):
        for x in range(-STEP * (row % 2), SIZE[0] + STEP, 2 * STEP):
            pen.polygon(
                [(x, y), (x + STEP, y - STEP), (x + 2 * STEP, y), (x + STEP, y + STEP)], outline=thread, width=3
            )
            pen.rectangle((x + STEP - 6, y - 6, x + STEP + 6, y + 6), fill=thread)
    written = BytesIO()
    picture.save(written, "JPEG", quality=80)
    return written.getvalue()


def cloths(visit: UUID, first: int, count: int) -> dict[Pictured, bytes]:
    """Draw so many pieces for one visit, each under a key of its own."""
    drawn = [cloth(first + place) for place in range(count)]
    return {Pictured(uuid5(visit, str(place)), sha256(sent).hexdigest()): sent for place, sent in enumerate(drawn)}
