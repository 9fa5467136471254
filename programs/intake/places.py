"""Which village and cohort a row means, among those of the program."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from programs.models import Cohort, ImportBatch
from villages.intake.cleaning import WrongPlace
from villages.intake.columns import plain
from villages.models import Village, VillageRegion

TITLES: Final = re.compile(r"\b(desa|ds|kelurahan|kel|kecamatan|kec|kabupaten|kab|kota)\b")
CODE: Final = re.compile(r"(\d{2})\.?(\d{2})\.?(\d{2})\.?(\d{4})")


@dataclass
class Places:
    """The cohorts that a list may fill, by village, and the names of those villages."""

    cohort: Cohort | None
    villages: dict[int, Village] = field(default_factory=dict)
    cohorts: dict[int, list[Cohort]] = field(default_factory=lambda: defaultdict(list))
    names: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def find(self, village: str, cohort: str) -> tuple[int, int]:
        """Give the ids of village and cohort; what is missing, unknown or ambiguous is a WrongPlace."""
        place = self._village(village)
        return place, self._cohort(place, cohort).pk

    def _village(self, text: str) -> int:
        if not text.strip():
            return self._only_village()
        found = self.names.get(_key(text), set())
        if len(found) == 1:
            return next(iter(found))
        if found:
            raise WrongPlace("village_ambiguous", "; ".join(sorted(self.villages[pk].place for pk in found)))
        raise WrongPlace("village_other" if self.cohort else "village_unknown", text)

    def _only_village(self) -> int:
        if len(self.villages) == 1:
            return next(iter(self.villages))
        raise WrongPlace("village_missing")

    def _cohort(self, village: int, text: str) -> Cohort:
        cohorts = self.cohorts[village]
        if text.strip():
            cohorts = [cohort for cohort in cohorts if plain(cohort.name) == plain(text)]
        if len(cohorts) == 1:
            return cohorts[0]
        names = "; ".join(sorted(cohort.name for cohort in self.cohorts[village]))
        raise WrongPlace("cohort_unknown" if text.strip() else "cohort_missing", names)


def _key(text: str) -> str:
    """Reduce the name of a place to its words, or a code to its digits."""
    code = CODE.fullmatch(text.strip())
    return "".join(code.groups()) if code else " ".join(TITLES.sub(" ", plain(text)).split())


def places_of(batch: ImportBatch) -> Places:
    """Read the places of a batch: one cohort, or all of the program; 2 queries."""
    rows = Cohort.objects.select_related("village__region__parent__parent").order_by("pk")
    found = Places(cohort=batch.cohort)
    for cohort in rows.filter(pk=batch.cohort_id) if batch.cohort_id else rows.filter(program=batch.program_id):
        found.cohorts[cohort.village_id].append(cohort)
        found.villages[cohort.village_id] = cohort.village
    for village in found.villages.values():
        _learn(found, village.pk, _names(village))
    covered = VillageRegion.objects.filter(village__in=found.villages, left_on__isnull=True)
    for pk, code, name in covered.order_by("pk").values_list("village_id", "region_id", "region__name"):
        _learn(found, pk, (code, name))
    return found


def _names(village: Village) -> Iterable[str]:
    district = village.region.parent.name if village.region.parent else ""
    return village.name, f"{village.name} {district}", village.place, village.region_id


def _learn(places: Places, village: int, names: Iterable[str]) -> None:
    for name in names:
        places.names[_key(name)].add(village)
