"""The three time zones of Indonesia, by province; no daylight saving."""

from zoneinfo import ZoneInfo

from django.db import models


class Zone(models.TextChoices):
    """Zone names are stored, never offsets (tz database)."""

    WIB = "Asia/Jakarta", "WIB"
    WIB_PONTIANAK = "Asia/Pontianak", "WIB"
    WITA = "Asia/Makassar", "WITA"
    WIT = "Asia/Jayapura", "WIT"


# Province codes of Kemendagri (Kepmendagri 300.2.2-2138/2025); zones by Keppres 41/1987.
_WIB = {"11", "12", "13", "14", "15", "16", "17", "18", "19", "21", "31", "32", "33", "34", "35", "36"}
_PONTIANAK = {"61", "62"}
_WITA = {"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"}
_WIT = {"81", "82", "91", "92", "93", "94", "95", "96"}


def zone_of(code: str) -> Zone:
    """Tell the zone of a region code by its first two digits."""
    province = code[:2]
    if province in _PONTIANAK:
        return Zone.WIB_PONTIANAK
    if province in _WITA:
        return Zone.WITA
    return Zone.WIT if province in _WIT else Zone.WIB


def knows_province(code: str) -> bool:
    """Tell whether a region code begins with one of the 38 provinces; a newer list may have more."""
    return code[:2] in _WIB | _PONTIANAK | _WITA | _WIT


def tz(name: str) -> ZoneInfo:
    """Open the zone of that stored name."""
    return ZoneInfo(name)
