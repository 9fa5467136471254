"""Invented villagers. Their numbers lie in one obviously invented block, 0812 0000 00xx; nobody has them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from accounts.models import User
from villages.actions import add_contact, add_person, give_consent, mark_number, opt_out
from villages.consents import VERSION
from villages.models import ContactPoint, Person, Village
from villages.states import ConsentHow, ContactState, Purpose, Relation, Sex

BLOCK: Final = "0812000000"
KADER: Final = 20  # Bu Rokhayah passes on what her neighbours without a phone must know
STOPPED: Final = 15  # asked for no more messages
UNANSWERED: Final = 17  # nobody answers


@dataclass(frozen=True)
class Villager:
    """One invented person; number 0 is none, and so is the year of birth."""

    name: str
    sex: str
    born: int
    hamlet: str
    craft: str
    number: int
    relation: str = Relation.OWN
    agreed: str = ConsentHow.SPOKEN


W, M = Sex.FEMALE, Sex.MALE
PARENGAN: Final = (
    # a household of five on one number: the old people are reached by their daughter's
    Villager("Lidia Wati", W, 1978, "Krajan", "menenun", 1),
    Villager("Hasan Basri", M, 1974, "Krajan", "mengikat", 1, Relation.SPOUSE),
    Villager("Mutmainah", W, 1955, "Krajan", "memalet", 1, Relation.CHILD),
    Villager("Abdul Fatah", M, 1952, "Krajan", "mewarna", 1, Relation.CHILD),
    Villager("Sarinah", W, 1954, "Krajan", "memintal", 1, Relation.CHILD),
    Villager("Sumiati", W, 1982, "Krajan", "menenun", 2),
    Villager("Siti Munawaroh", W, 1985, "Wedi", "menenun", 3),
    Villager("Kusnan", M, 1971, "Wedi", "mewarna", 4, agreed=ConsentHow.PAPER),
    Villager("Endang Susilowati", W, 1990, "Wedi", "mengikat", 5),
    Villager("Mustofa", M, 1988, "Wedi", "menjual", 5, Relation.SPOUSE),
    Villager("Khoirul Anam", M, 1995, "Gading", "menjual", 6, agreed=ConsentHow.MESSAGE),
    Villager("Yuliati", W, 1993, "Gading", "menenun", 7),
    Villager("Tutik Handayani", W, 1987, "Gading", "mewarna", 8),
    Villager("Sulastri", W, 1968, "Gading", "menenun", 9),
    Villager("Wahyu Ningsih", W, 1999, "Krajan", "mendesain", 10, agreed=ConsentHow.MESSAGE),
    Villager("Rokhayah", W, 1976, "Krajan", "menenun", KADER, agreed=ConsentHow.PAPER),
    # without a phone: the village contact reaches them
    Villager("Ngatini", W, 1959, "Krajan", "memintal", KADER, Relation.VILLAGE_CONTACT),
    Villager("Parto", M, 1956, "Wedi", "mengikat", KADER, Relation.VILLAGE_CONTACT),
    Villager("Kasiyah", W, 1961, "Gading", "memalet", KADER, Relation.VILLAGE_CONTACT),
    # whom a message does not reach, each for another reason
    Villager("Suwarti", W, 1980, "Wedi", "menenun", 14, agreed=""),
    Villager("Sunarto", M, 1979, "Gading", "mengikat", STOPPED),
    Villager("Djumadi", M, 1963, "Gading", "mewarna", 0),
    Villager("Lilik Mariyani", W, 1991, "Krajan", "menenun", UNANSWERED),
    Villager("Fitri Astuti", W, 1997, "Krajan", "menjual", 18),
)
PANGEAN: Final = (
    Villager("Umi Kulsum", W, 1984, "Tengah", "menenun", 31),
    Villager("Zainal Abidin", M, 1980, "Tengah", "mewarna", 31, Relation.SPOUSE),
    Villager("Supriyati", W, 1977, "Tengah", "menenun", 32),
    Villager("Anik Rahayu", W, 1992, "Barat", "mengikat", 33),
    Villager("Sholikhah", W, 1989, "Barat", "menenun", 34),
    Villager("Rochman", M, 1970, "Barat", "menjual", 35),
)
# written down a second time at a later visit, and not yet noticed
DOUBLES: Final = (
    Villager("Supriati", W, 1977, "Tengah", "", 32, agreed=""),
    Villager("Rahayu Anik", W, 0, "", "mengikat", 33, agreed=""),
)
SUKARARA: Final = (
    Villager("Baiq Nurhayati", W, 1983, "Dasan Baru", "menenun", 41),
    Villager("Baiq Sri Wahyuni", W, 1990, "Dasan Baru", "menenun", 42),
    Villager("Lale Kusuma", W, 1975, "Dasan Baru", "mewarna", 43),
    Villager("Lalu Satriawan", M, 1986, "Ketapang", "menjual", 44),
    Villager("Halimah", W, 1969, "Ketapang", "memintal", 43, Relation.NEIGHBOUR),
    Villager("Zohriah", W, 1994, "Ketapang", "menenun", 45),
)


def populate(village: Village, villagers: tuple[Villager, ...], *, by: User, at: datetime) -> list[Person]:
    """Write people down with their numbers and what they agreed to."""
    return [_welcome(village, villager, by=by, at=at) for villager in villagers]


def _welcome(village: Village, villager: Villager, *, by: User, at: datetime) -> Person:
    person = add_person(
        village=village,
        name=villager.name,
        sex=villager.sex,
        birth_year=villager.born or None,
        hamlet=villager.hamlet,
        craft=villager.craft,
        by=by,
        at=at,
    )
    if villager.number:
        add_contact(person, number=number_of(villager.number), relation=villager.relation, by=by, at=at)
    if villager.agreed:
        give_consent(person, purpose=Purpose.MESSAGES, how=villager.agreed, text_version=VERSION, by=by, at=at)
    return person


def number_of(index: int) -> str:
    """Write one number of the invented block."""
    return f"{BLOCK}{index:02}"


def try_numbers(*, by: User, at: datetime) -> None:
    """Note what turned out about some numbers."""
    points = {point.number[-2:]: point for point in ContactPoint.objects.filter(number__startswith="+6281200000")}
    for index in (1, 2, 3, 4, 5, KADER, 31, 41):
        mark_number(points[f"{index:02}"], to=ContactState.VALID, by=by, at=at)
    mark_number(points[str(UNANSWERED)], to=ContactState.UNREACHABLE, by=by, at=at)
    opt_out(points[str(STOPPED)], by=None, at=at)
