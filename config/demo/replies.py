"""What people write in the demo: clear answers, a question, and two whom nobody knows yet."""

from datetime import datetime, timedelta
from itertools import count
from typing import Final

from config.demo.people import BLOCK
from config.demo.story import Story
from reminders.channels.heard import Said
from reminders.states import Channel
from replies.answering import answer_new
from replies.hearing import hear_said

WORDS: Final = (  # minutes ago, the last digits of the number, what it wrote
    (200, "01", "HADIR"),
    (170, "03", "Izin, ada hajatan keluarga"),
    (150, "07", "jadwal"),
    (90, "08", "Apakah perlu membawa benang sendiri?"),
    (60, "98", "DAFTAR PARENGAN, nama saya Rini"),
    (20, "97", "Halo, apakah desa kami bisa ikut?"),
)


def tell_replies(story: Story) -> None:
    """Let them write in the hours before now, each answered at once."""
    numbers = count(1)
    for minutes, digits, text in WORDS:
        said = {"event_id": f"demo-{next(numbers)}", "sender": f"+62{BLOCK[1:]}{digits}", "text": text}
        story.then(story.at - timedelta(minutes=minutes), lambda at, said=said: _write(said, at))  # type: ignore[misc]


def _write(said: dict[str, str], at: datetime) -> None:
    hear_said([Said(channel=Channel.LOG, at=at, **said)], at=at)
    answer_new(at=at)
