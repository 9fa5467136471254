"""What the server has, held against what a mentor typed and what lay in the phone."""

from collections import Counter
from collections.abc import Mapping, Sequence

from mentoring.models import HeldVersion, Photo, Visit
from tests.hard.notebook import Note


def visits_of(written: Sequence[Note]) -> dict[str, float]:
    """Count visits that are missing, there twice or wait for no reason, and those that say something else."""
    stored = {visit.pk: visit for visit in Visit.objects.all()}
    words = Counter(visit.summary for visit in stored.values())
    return {
        "visits lost": sum(not words[note.words] for note in written),
        "visits doubled": words.total() - len(words),
        "visits held": HeldVersion.objects.count(),
        "texts changed": sum(
            said(visit) != meant(note) for note in written for visit in stored.values() if str(visit.pk) == note.key
        ),
    }


def said(visit: Visit) -> Mapping[str, object]:
    """Read what a visit says."""
    came = visit.attendees.select_related("person")
    return {
        "village": visit.village.name,
        "words": (visit.summary, visit.purpose),
        "people": sorted(each.person.name if each.person else each.name for each in came),
        "modules": list(visit.modules.values_list("code", flat=True)),
        "findings": list(visit.findings.values_list("criterion", "text")),
        "items": list(visit.action_items.values_list("what", "owner")),
        "photos": {str(key): sha256 for key, sha256 in visit.photos.values_list("pk", "sha256")},
    }


def meant(note: Note) -> Mapping[str, object]:
    """Say the same of what was typed."""
    return {
        "village": note.village,
        "words": (note.words, note.purpose),
        "people": sorted([*note.people, *filter(None, [note.walk_in])]),
        "modules": [note.module],
        "findings": [("quality", note.finding)] if note.finding else [],
        "items": [(note.item, "Ketua")] if note.item else [],
        "photos": note.digests,
    }


def photos_of(written: Sequence[Note]) -> dict[str, float]:
    """Count photos that are missing or there twice; the digest is of the bytes that lay in the phone."""
    due = {digest for note in written for digest in note.digests.values()}
    there = Counter(Photo.objects.arrived().values_list("sha256", flat=True))
    return {"photos lost": len(due - there.keys()), "photos doubled": there.total() - len(due & there.keys())}
