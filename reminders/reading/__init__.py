"""What pages say about messages: who was told and how, who is not reached, the way each text took."""

from reminders.reading.outbox import Summary, reason_of, summary_of, words_of
from reminders.reading.preview import Preview, preview_of
from reminders.reading.telling import Line, Telling, telling_of
from reminders.reading.ways import Way, next_way, ways_of

__all__ = [
    "Line",
    "Preview",
    "Summary",
    "Telling",
    "Way",
    "next_way",
    "preview_of",
    "reason_of",
    "summary_of",
    "telling_of",
    "ways_of",
    "words_of",
]
