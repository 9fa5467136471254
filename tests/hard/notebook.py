"""What a mentor means to write in a week: every visit with its words and its photos, the same for the same seed."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image

# Redrawn by the phone these are files of 20 to 250 kB: some go whole, some in parts.
SIZES = ((180, 140), (220, 180), (220, 180), (420, 380), (620, 500))
MOST_PHOTOS = 3
MODULES = ("design", "branding", "quality-assurance")
ENDS = (
    "kain 3\u00bd m \u2014 \u201cgedhog\u201d",
    "<b>&amp; 100 %</b>",
    "baris satu\nbaris dua",
    "\U0001f9f5 benang \u00e9",
)


@dataclass
class Note:
    """One visit as it is to be written down; its key is chosen by the phone."""

    day: int
    village: str
    words: str
    purpose: str
    people: Sequence[str]
    walk_in: str
    module: str
    finding: str
    item: str
    pictures: Sequence[bytes]
    key: str = ""
    digests: dict[str, str] = field(default_factory=dict)  # of the bytes that lay in the phone, by the photo's key


def notes(dice: random.Random, *, visits: int, days: int, people: Mapping[str, Sequence[str]]) -> Iterator[Note]:
    """Write the week; `people` are those of each village."""
    for n in range(visits):
        village = dice.choice(sorted(people))
        yield Note(
            day=n * days // visits,
            village=village,
            words=f"Kunjungan {n}: {dice.choice(ENDS)}",
            purpose=f"Tujuan {n}",
            people=sorted(dice.sample(people[village], 2)),
            walk_in=f"Tamu {n} <i>" if n % 3 == 0 else "",
            module=dice.choice(MODULES),
            finding=f"Temuan {n}: warna 'luntur'" if n % 2 else "",
            item=f"Benang {n} dibeli" if n % 5 == 0 else "",
            pictures=[picture(dice) for _ in range(dice.randint(1, MOST_PHOTOS))],
        )


def picture(dice: random.Random) -> bytes:
    """Draw noise that no other picture is like."""
    width, height = dice.choice(SIZES)
    noise, file = Image.frombytes("L", (width, height), dice.randbytes(width * height)), BytesIO()
    noise.save(file, "JPEG", quality=85)
    return file.getvalue()
