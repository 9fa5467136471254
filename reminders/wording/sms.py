"""Texts as an SMS carries them: the letters of GSM 03.38, and how many parts they take."""

import unicodedata
from typing import Final

ONE: Final = 160  # septets of a text that goes alone
PART: Final = 153  # and of each part of a longer one
MOST: Final = 10  # parts; what is longer is cut

BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
DOUBLE: Final = frozenset("^{}\\[~]|€")  # each takes two septets
KNOWN: Final = BASIC | DOUBLE
PLAIN: Final = str.maketrans(
    {
        "–": "-",
        "—": "-",
        "‑": "-",
        "−": "-",
        "‘": "'",
        "’": "'",
        "ʼ": "'",
        "`": "'",
        "´": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "…": "...",
        "•": "-",
        "·": "-",
        "×": "x",
        "\u00a0": " ",
        "\u202f": " ",
        "\t": " ",
        "\r": "",
        "đ": "d",
        "Đ": "D",
        "ł": "l",
        "Ł": "L",
        "ı": "i",
        "œ": "oe",
        "Œ": "OE",
        "½": "1/2",
    }
)


def plain(text: str) -> str:
    """Write a text in the letters that every phone shows; a sign without a likeness becomes a question mark."""
    text = text.translate(PLAIN)
    if KNOWN.issuperset(text):
        return text
    return "".join(map(_plain, unicodedata.normalize("NFC", text)))


def septets(text: str) -> int:
    """Measure a plain text."""
    return len(text) + (0 if DOUBLE.isdisjoint(text) else sum(sign in DOUBLE for sign in text))


def parts(text: str) -> int:
    """Count the parts of a plain text; a sign of two septets is never parted."""
    if septets(text) <= ONE:
        return 1
    count, room = 1, PART
    for sign in text:
        size = 2 if sign in DOUBLE else 1
        if size > room:
            count, room = count + 1, PART
        room -= size
    return count


def _plain(sign: str) -> str:
    if sign in KNOWN:
        return sign
    letters = [each for each in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(each)]
    known = "".join(each for each in letters if each in KNOWN)
    return known or ("" if unicodedata.category(sign) in {"So", "Mn", "Me", "Cf", "Cc", "Sk"} else "?")
