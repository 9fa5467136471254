"""Find where places went when their codes changed: by name among what they are part of, by their children, by kinship.

A guess that people decide on; it never joins what it cannot tell apart. Works both ways, so that an older list is read
as the newer one undone.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from villages.states import ChangeKind, RegionLevel

PARTS = frozenset(
    {
        *("barat", "timur", "utara", "selatan", "tengah", "baru", "lama", "hulu", "hilir", "atas", "bawah", "ilir"),
        *("i", "ii", "iii", "iv", "v", "1", "2", "3", "4", "5", "satu", "dua", "tiga", "empat", "lima"),
        *("kidul", "lor", "wetan", "kulon", "ulu", "dalam", "luar", "kota", "induk"),
    }
)
FIRST_CITY = 71
_WORD = re.compile(r"[^\W_]+")
Key = tuple[object, ...]


@dataclass(frozen=True)
class Trace:
    """What became of one place, and the codes where it went."""

    kind: ChangeKind
    targets: tuple[str, ...]


def trace(
    left: Mapping[str, str], came: Mapping[str, str], *, displaced: Collection[str], listed: Mapping[str, str]
) -> dict[str, Trace]:
    """Tell for each place that left, or that lost a part, where it went.

    `left` and `came` are names by code; `displaced` are codes of both that bear another place's name now; `listed` is
    the whole list, name by code.
    """
    return _Trail(left, came, frozenset(displaced), listed).walk()


def words_of(name: str) -> tuple[str, ...]:
    """Read a name as its words, whatever the case, the spaces and the apostrophes."""
    plain = re.sub(r"[’'`ʼ]", "", name.casefold())
    return tuple(_WORD.findall(plain))


def above(code: str) -> str:
    """Tell what a code is part of; nothing for a province."""
    return code.rpartition(".")[0]


def _level(code: str) -> int:
    return code.count(".") + 1


def _upwards(code: str, steps: int) -> str:
    return ".".join(code.split(".")[: max(_level(code) - steps, 0)])


def _sort(code: str) -> bool:
    """Tell a city from a regency; they bear the same names."""
    return _level(code) == RegionLevel.REGENCY and int(code[3:5]) >= FIRST_CITY


@dataclass
class _Trail:
    """Follows places from level to level, and back up from the children."""

    left: Mapping[str, str]
    came: Mapping[str, str]
    displaced: frozenset[str]
    listed: Mapping[str, str]
    went: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    parts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def walk(self) -> dict[str, Trace]:
        for _round in range(2):
            for level in RegionLevel.values:
                self._by_name(level)
            for level in (RegionLevel.DISTRICT, RegionLevel.REGENCY, RegionLevel.PROVINCE):
                self._by_children(level)
        for level in (RegionLevel.DISTRICT, RegionLevel.VILLAGE):
            self._by_kinship(level)
        return self._told()

    def _by_name(self, level: int) -> None:
        """Pair equal names: first within the same parent, then ever wider; what bears a name twice stays open."""
        own = [code for code in self.left if _level(code) == level]
        stays = [code for code in own if code not in self.displaced]
        near: list[Callable[[str, str], Key]] = [
            lambda code, name: (words_of(name), code[-3:]),
            lambda code, name: (words_of(name), _sort(code), code[-4:-3]),
            lambda code, name: (words_of(name), _sort(code)),
        ]
        for key in near:
            self._pair(own, 1, key)
        for steps in range(2, level + 1 if level <= RegionLevel.REGENCY else level):
            self._pair(stays, steps, near[-1])
        renamed = [code for code in stays if above(code) in self.went]
        self._pair(renamed, 1, lambda code, _name: (code.rpartition(".")[2],))

    def _pair(self, own: Iterable[str], steps: int, key: Callable[[str, str], Key]) -> None:
        before, after = defaultdict(list), defaultdict(list)
        for code in own:
            if code not in self.went:
                home = _upwards(code, steps)
                before[self.went.get(home, home), key(code, self.left[code])].append(code)
        if not before:
            return
        levels = {_level(code) for codes in before.values() for code in codes}
        for code, name in self.came.items():
            if code not in self.taken and _level(code) in levels:
                after[_upwards(code, steps), key(code, name)].append(code)
        for one, codes in before.items():
            others = after.get(one, [])
            if len(codes) == len(others) == 1 and codes[0] != others[0]:
                self._match(codes[0], others[0])

    def _match(self, code: str, other: str) -> None:
        self.went[code] = other
        self.taken.add(other)

    def _by_children(self, level: int) -> None:
        """Follow a place to where its children went: one new place, another one, or several."""
        homes: dict[str, Counter[str]] = defaultdict(Counter)
        for code, other in self.went.items():
            if _level(code) == level + 1 and above(code) != above(other):
                homes[above(code)][above(other)] += 1
        for code, counted in homes.items():
            if code in self.went:
                continue
            found = [other for other, _n in counted.most_common()]
            if code not in self.left or code in self.displaced:
                self.parts[code] = [other for other in found if other in self.came and other not in self.taken]
            elif len(found) == 1:
                self._match(code, found[0])
            else:
                self.parts[code] = found

    def _by_kinship(self, level: int) -> None:
        """Guess from names what villages seldom say otherwise: `Sumber` became `Sumber Barat` and `Sumber Timur`."""
        fresh: dict[str, list[str]] = defaultdict(list)
        for code in self.came:
            if code not in self.taken and _level(code) == level:
                fresh[above(code)].append(code)
        for code, kin in self._families(level, fresh):
            if code not in self.left:
                self.parts[code] = kin
            elif len(kin) > 1:
                self.parts[code] = kin
                self.taken.update(kin)
            else:
                self._match(code, kin[0])
        self._reunite(level)

    def _families(self, level: int, fresh: Mapping[str, list[str]]) -> list[tuple[str, list[str]]]:
        found = []
        for code, name in [*self._open(level), *self._staying(level, fresh)]:
            home = self.went.get(above(code), above(code))
            words = words_of(name)
            kin = [other for other in fresh.get(home, ()) if _is_part(words_of(self.came[other]), of=words)]
            if kin:
                found.append((code, kin))
        return found

    def _reunite(self, level: int) -> None:
        """Guess that `Sumber Barat` and `Sumber Timur` became `Sumber`."""
        names: dict[str, dict[tuple[str, ...], str]] = defaultdict(dict)
        wanted = {self.went.get(above(code), above(code)) for code, _name in self._open(level)}
        if not wanted:
            return
        for code, name in self.listed.items():
            if _level(code) == level and above(code) in wanted:
                names[above(code)][words_of(name)] = code
        for code, name in self._open(level):
            words = words_of(name)
            other = names[self.went.get(above(code), above(code))].get(words[:-1])
            if other is not None and other != code and words[-1] in PARTS:
                self._match(code, other)

    def _open(self, level: int) -> list[tuple[str, str]]:
        """List what left without a trace."""
        settled = self.went.keys() | self.parts.keys() | self.displaced
        return [(code, name) for code, name in self.left.items() if _level(code) == level and code not in settled]

    def _staying(self, level: int, homes: Collection[str]) -> list[tuple[str, str]]:
        """List what stays as it is beside something new."""
        return [
            (code, name)
            for code, name in self.listed.items()
            if above(code) in homes and _level(code) == level and code not in self.came and code not in self.parts
        ]

    def _told(self) -> dict[str, Trace]:
        heads = Counter(self.went.values())
        told = {}
        for code, other in self.went.items():
            alone = heads[other] == 1 and other in self.came
            told[code] = Trace(ChangeKind.RECODED if alone else ChangeKind.MERGED, (other,))
        for code, others in self.parts.items():
            if others and code not in told:
                told[code] = Trace(ChangeKind.SPLIT, tuple(others))
        return told


def _is_part(words: tuple[str, ...], *, of: tuple[str, ...]) -> bool:
    return len(words) == len(of) + 1 and words[: len(of)] == of and words[-1] in PARTS
