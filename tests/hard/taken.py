"""What a phone was told, read off the link's ledger: which of its visits have arrived with all their photos."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.hard.notebook import Note
from tests.hard.proxy import Carried

PHOTO = re.compile(r"/visits/([0-9a-f-]{36})/photos/([0-9a-f-]{36})/(parts/|complete/)?\Z")
GOOD = (200, 201)


@dataclass
class Taken:
    """Grows with the ledger."""

    photos: set[str] = field(default_factory=set)  # whose arrival the phone was told of
    there: set[str] = field(default_factory=set)  # that the server put together, whoever heard of it

    def heard(self, ledger: Sequence[Carried], written: Iterable[Note]) -> set[str]:
        """Name the visits that the phone knows to have arrived; photos go only after their visit did."""
        self.photos.clear()
        self.there.clear()
        for entry in ledger:
            self._note(entry)
        return {note.key for note in written if note.digests.keys() <= self.photos}

    def _note(self, entry: Carried) -> None:
        found = PHOTO.search(entry.target)
        if not found or entry.status not in GOOD:
            return
        key, what = found[2], found[3]
        whole = (what is None and entry.method == "PUT") or what == "complete/"
        if whole:
            self.there.add(key)
        if entry.told and entry.what == "request" and (whole or key in self.there):
            self.photos.add(key)
