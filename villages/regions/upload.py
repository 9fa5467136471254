"""A file that an administrator brings: read, judged and compared, or refused line by line in their language."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from common.zones import Zone
from villages.models import RegionEdition
from villages.regions.files import read_content, source_of
from villages.regions.loading import CutOff, absent_provinces, check_list
from villages.regions.places import Place, judge
from villages.regions.rows import Reading
from villages.regions.zones import zones_of_new

LARGEST = 16 << 20  # bytes; the whole country is 4 MB
SHOWN = 20


def compare_file(
    *,
    content: bytes,
    file_name: str,
    by: User,
    at: datetime,
    name: str = "",
    as_of: date | None = None,
    part: bool = False,
    accept_gone: bool = False,
    zone: str = "",
) -> RegionEdition:
    """Keep what a file would change; no place changes before somebody loads it."""
    if len(content) > LARGEST:
        raise ValidationError({"file": _("This file is larger than 16 MB.")})
    places = _places(content, file_name, part=part, zone=Zone(zone) if zone else None)
    absent = [] if part or accept_gone else absent_provinces(places)
    if absent:
        missing = _("It has nothing of the provinces %(codes)s. Say whether it is a part, or whether they are gone.")
        raise ValidationError({"file": missing % {"codes": ", ".join(absent)}})
    source = source_of(content, file_name=file_name, name=name, as_of=as_of)
    try:
        return check_list(places, source=source, at=at, by=by, partial=part, accept_gone=accept_gone)
    except CutOff as refusal:
        raise ValidationError({"file": str(refusal)}) from None


def _places(content: bytes, file_name: str, *, part: bool, zone: Zone | None) -> list[Place]:
    reading = read_content(content, file_name=file_name)
    places = judge(reading, partial=part, zones=zones_of_new(reading, said=zone))
    if reading.troubles:
        raise ValidationError({"file": _lines(reading)})
    return places


def _lines(reading: Reading) -> list[str]:
    """Name each broken line; a long list is cut."""
    told = [
        _("Line %(line)d: %(sentence)s") % {"line": each.line, "sentence": each.sentence.translated}
        for each in reading.troubles[:SHOWN]
    ]
    more = len(reading.troubles) - SHOWN
    if more > 0:
        told.append(ngettext("and %(count)d more line", "and %(count)d more lines", more) % {"count": more})
    return told
