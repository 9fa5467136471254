"""Two rows of one name: one person written twice, or two people."""

from collections.abc import Hashable
from typing import Final, NamedTuple

UNKNOWN: Final = 0


class Namesake(NamedTuple):
    """What a row says of one of several people of a name; 0 and empty are unknown."""

    village: int
    key: str
    number: int
    cohort: int
    sex: str
    born: int
    hamlet: str
    craft: str
    phone: str


class Twins:
    """Looks at namesakes in their order and remembers the first row of each person, by what tells people apart.

    One person: the number agrees and birth years do not differ, or the birth year agrees and numbers do not differ, or
    the rows say the same in everything. Looking one up costs the same however many there are.
    """

    def __init__(self) -> None:
        """Begin with nobody."""
        self.rows: list[int] = []
        self.firsts: list[int] = []
        self.elsewhere: list[bool] = []
        self._name: tuple[int, str] | None = None
        self._seen: dict[Hashable, tuple[int, int]] = {}

    def look(self, row: Namesake) -> None:
        """Take the next row; rows of one name follow each other."""
        if (row.village, row.key) != self._name:
            self._name, self._seen = (row.village, row.key), {}
        whole, told = ("all", *row[4:]), (row.sex, row.born, row.phone)
        first = next((self._seen[sign] for sign in (whole, *_asked(*told)) if sign in self._seen), None)
        if first is None:
            for sign in (whole, *_left(*told)):
                self._seen.setdefault(sign, (row.number, row.cohort))
            return
        self.rows.append(row.number)
        self.firsts.append(first[0])
        self.elsewhere.append(first[1] != row.cohort)


def _asked(sex: str, born: int, phone: str) -> list[Hashable]:
    """Name the signs by which an earlier row would be the same person."""
    if born != UNKNOWN and phone:
        return [(sex, phone, born), (sex, phone, UNKNOWN), (sex, "", born)]
    if phone:
        return [("phone", sex, phone)]
    return [("born", sex, born)] if born != UNKNOWN else []


def _left(sex: str, born: int, phone: str) -> list[Hashable]:
    """Name the signs that later rows will ask for."""
    signs: list[Hashable] = [(sex, phone, born)] if born != UNKNOWN or phone else []
    if phone:
        signs.append(("phone", sex, phone))
    if born != UNKNOWN:
        signs.append(("born", sex, born))
    return signs
