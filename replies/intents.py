"""What somebody who writes to us wants: words and buttons, read without a row and without a clock.

A machine acts only on what it is sure of. One keyword among words that change nothing is sure; a keyword inside a
sentence about something else is not, and a person reads it. The table of cases is tests/replies/test_intents.py.
"""

import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from replies.states import Intent

WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
PAYLOAD: Final = re.compile(r"rsvp:([0-9a-f-]{36}):(yes|no|ya|tidak)", re.IGNORECASE)
SHORT, SENTENCE, LONG = 4, 8, 12  # words


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


COMING = _set("hadir ya iya iyaa y yes siap bisa bs datang ikut insyaallah nggih inggih njih sanggup 1")
SURELY = _set("hadir datang ikut bisa bs")  # these say it also among a few other words
NOT = _set("tidak tdk tak gak ga gk nggak ngga enggak engga g blm belum bukan jangan jgn mboten ora tanpa no")
CANNOT = _set("tidak tdk tak gak ga gk nggak ngga enggak engga belum blm mboten ora batal")
TO_COME = _set("bisa bs hadir datang dapat ikut mengikuti menghadiri sempat jadi sanggup akan saget")
LEAVE = _set("izin ijin izn idzin berhalangan absen")
BECAUSE = _set("karena krn karna sebab soalnya lagi sedang ada")
# After "tidak" these speak of something else; after "izin" these ask for something else.
OTHERWISE = _set(
    "tahu tau apa masalah mengapa papa mengerti ngerti paham ada jelas berhenti stop kirim terima pernah kenal salah"
    " boleh usah perlu izin ijin absen batal lupa terlambat telat mau lagi sampai bukan jangan masuk nyambung"
)
ASKING = _set("bertanya tanya nanya menanyakan menyampaikan konfirmasi info lapor share bergabung kirim masuk tidak")
QUESTION = _set("kapan jam pukul berapa apa apakah mana dimana kenapa mengapa siapa bagaimana gimana brp")
PAST = _set("kemarin tadi kemaren dulu lalu sudah udah")
LEADING = (
    TO_COME
    | CANNOT
    | LEAVE
    | _set("karena krn karna sebab soalnya maaf mohon ya pak bu ibu bapak mas mbak kak dulu pelatihan besok")
)
COUNTED = _set("orang org hari minggu bulan jam kali kodi meter peserta kursi lembar dari")
FILLER = _set(
    "saya sy aku kami kita ini itu ok oke baik baiklah pak bu ibu bapak mas mbak mba kak min admin ya yaa iya dong deh"
    " sih saja aja akan pasti besok nanti hari juga dan maaf mohon tolong terima kasih terimakasih makasih trims tks"
    " assalamualaikum salam pagi siang sore malam selamat insyaallah lagi lg mau ingin minta dengan untuk pelatihan"
    " acara di ke nya"
)
STOPPING = _set("berhenti stop setop unsub unsubscribe stopp")
WISHING = _set("saya sy aku kami mau ingin tolong mohon minta please pingin pengin harap bisa")
MESSAGES = _set("pesan pesannya kirim mengirim sms wa whatsapp langganan terima menerima kabar")
AIMED = _set("di ke tapi")
STARTING = _set("mulai start unstop lanjut lanjutkan")
ASKED = _set("jadwal jadual jadwalnya schedule")
ABOUT_SCHEDULE = FILLER | QUESTION | _set("berikutnya selanjutnya sesi info lihat kirim kirimi tahu tau minggu depan")
AIDING = _set("bantuan help bantu")
LISTED = _set("hadir peserta nama tamu isi ulang harga anak")  # "daftar hadir" is the sheet, not the wish to join
WRONG = re.compile(r"\b(salah (nomor|nomer|no|sambung|orang|alamat)|(nomor|nomer|no)(nya)? salah|wrong number)\b")
NOBODY = re.compile(r"\b(bukan (saya|nomor|nomer|no)|saya bukan)\b")
NO_MORE = re.compile(
    r"\b(jangan|jgn) (lagi )?(di)?(kirim|kirimi|hubungi|sms|wa|chat|ganggu)\b"
    r"|\b(tidak|tdk|gak|ga|nggak) mau (lagi )?(di)?(terima|kirim|kirimi|dapat|hubungi)\b"
)
TYPED: Final = ("hadir", "jadwal", "berhenti", "mulai", "bantuan", "daftar", "tidak")  # long enough for one slip
REAL_WORDS = _set("datar mulia mula hadis hadiri batuan tidur")


@dataclass(frozen=True)
class Meaning:
    """What a reply asks for; `more` says that it has words that no machine understood, so a person reads them too."""

    intent: Intent
    key: UUID | None = None  # of the message that a button answers
    reason: str = ""  # why somebody cannot come
    code: tuple[str, ...] = ()  # what stands after DAFTAR: a village's code, perhaps with more words
    more: bool = False


FREE: Final = Meaning(Intent.FREE)


def meaning_of(text: str, payload: str = "") -> Meaning:
    """Read one reply; a button first, then its words."""
    button = PAYLOAD.fullmatch(payload.strip())
    if button and (key := _key(button[1])):
        return Meaning(Intent.YES if button[2].lower() in ("yes", "ya") else Intent.NO, key=key)
    words = [found.group().lower() for found in WORD.finditer(text or payload)]
    if not words:
        return FREE
    if len(words) < SHORT:
        words = [_mended(word) for word in words]
    reading = _Reading(text or payload, words)
    for read in (_join, _wrong, _stop, _start, _schedule, _help, _no, _yes):
        if (found := read(reading)) is not None:
            return found
    return FREE


@dataclass(frozen=True)
class _Reading:
    """A text and its words, in small letters."""

    text: str
    words: list[str]

    @property
    def line(self) -> str:
        return " ".join(self.words)

    @property
    def asks(self) -> bool:
        return "?" in self.text or bool(QUESTION.intersection(self.words))

    def only(self, *allowed: frozenset[str]) -> bool:
        """Say whether every word is one of these."""
        return all(any(word in each for each in allowed) for word in self.words)

    def has(self, words: frozenset[str]) -> bool:
        """Say whether it has one of these."""
        return bool(words.intersection(self.words))

    def denies(self, index: int) -> bool:
        """Say whether the word stands behind a "not"."""
        return bool(NOT.intersection(self.words[max(0, index - 2) : index]))

    def after(self, index: int) -> str:
        """Give what stands after this word, as it was written."""
        found = list(WORD.finditer(self.text))
        return self.text[found[index].start() :].strip() if index < len(found) else ""


def _join(reading: _Reading) -> Meaning | None:
    first, *rest = reading.words
    if first != "daftar" or len(rest) > SENTENCE or (rest and rest[0] in LISTED):
        return None
    return Meaning(Intent.JOIN, code=tuple(rest))


def _wrong(reading: _Reading) -> Meaning | None:
    line, count = reading.line, len(reading.words)
    if re.search(r"\b(tidak|bukan|tdk|gak) salah\b", line):
        return None
    said = (WRONG.search(line) and count <= SENTENCE) or (NOBODY.search(line) and count <= SHORT + 1)
    return Meaning(Intent.WRONG_NUMBER) if said and not reading.asks and not reading.has(LEAVE) else None


def _stop(reading: _Reading) -> Meaning | None:
    """Hear it in short sentences that speak of us; rain that does not stop and a bus that does are something else."""
    words = reading.words
    if len(words) > SENTENCE:
        return None
    if NO_MORE.search(reading.line) and not reading.has(AIMED):
        return Meaning(Intent.STOP)
    index = next((place for place, word in enumerate(words) if word in STOPPING), None)
    if index is None or reading.denies(index) or reading.has(SURELY - WISHING) or reading.has(LEAVE):
        return None
    if index == 0:
        return None if set(words[1:2]) & AIMED else Meaning(Intent.STOP)
    ours = words[index - 1] in WISHING or set(words[index + 1 : index + 2]) & MESSAGES
    heard = ours or reading.only(STOPPING, FILLER, WISHING, MESSAGES)
    return Meaning(Intent.STOP) if heard and not reading.asks else None


def _start(reading: _Reading) -> Meaning | None:
    said = reading.has(STARTING) and reading.only(STARTING, FILLER, MESSAGES) and len(reading.words) <= SENTENCE
    return Meaning(Intent.START) if said and not reading.asks else None


def _schedule(reading: _Reading) -> Meaning | None:
    said = reading.has(ASKED) and reading.only(ASKED, ABOUT_SCHEDULE) and len(reading.words) <= SENTENCE
    return Meaning(Intent.SCHEDULE) if said else None


def _help(reading: _Reading) -> Meaning | None:
    said = reading.has(AIDING) and reading.only(AIDING, FILLER) and len(reading.words) <= SENTENCE
    alone = reading.line in ("tolong", "minta tolong", "mohon bantuannya")
    return Meaning(Intent.HELP) if said or alone else None


def _no(reading: _Reading) -> Meaning | None:
    words = reading.words
    index = next((place for place, word in enumerate(words[:SHORT]) if word in LEAVE or word in CANNOT), None)
    if words[0] in ("2", "no"):
        index = 0
    if index is None or not set(words[:index]) <= FILLER | BECAUSE | _set("ya") or reading.asks:
        return None
    reader = _leave if words[index] in LEAVE else _second if words[0] in ("2", "no") else _cannot
    return reader(reading, index)


def _leave(reading: _Reading, index: int) -> Meaning | None:
    """IZIN, with the reason after it; "izin bertanya" only asks politely."""
    rest = reading.words[index + 1 :]
    if rest and rest[0] in ("tidak", "tdk", "gak", "ga") and set(rest[1:2]) <= TO_COME:
        return Meaning(Intent.NO, reason=_reason(reading, index + 2))
    if set(rest[:SHORT]) & (ASKING | STOPPING):
        return None
    return Meaning(Intent.NO, reason=_reason(reading, index + 1))


def _second(reading: _Reading, index: int) -> Meaning | None:
    """Take the second choice, 2, with the reason after it; "2 orang hadir" counts people, "no 12" a number."""
    rest = reading.words[index + 1 :]
    counts = bool(rest) and (rest[0] in COUNTED or rest[0].isdigit() or reading.words[0] == "no")
    if counts or set(rest) & (SURELY - CANNOT) - _set("bisa") or set(rest) & STOPPING:
        return None
    return Meaning(Intent.NO, reason=_reason(reading, index + 1))


def _cannot(reading: _Reading, index: int) -> Meaning | None:
    """TIDAK alone, before a verb of coming, or before a reason; "tidak tahu" and "tidak lupa hadir" are neither."""
    rest = reading.words[index + 1 :]
    head = next((word for word in rest if word not in FILLER), "")
    wanted = rest[:1] == ["mau"] and set(rest[1:2]) <= TO_COME and len(rest) > 1
    if not wanted and (head in OTHERWISE - TO_COME or (rest and rest[0] in OTHERWISE - TO_COME)):
        return None
    undone = set(rest[:2] if head in TO_COME else rest) & (LEAVE | STOPPING | _set("batal"))
    if undone:
        return None
    if len(rest) > LONG and head not in TO_COME and not set(rest[:SHORT]) & BECAUSE:
        return None
    if reading.words[index] in ("belum", "blm", "tak", "batal") and head not in TO_COME:
        return None
    return Meaning(Intent.NO, reason=_reason(reading, index + 1))


def _yes(reading: _Reading) -> Meaning | None:
    words, second = reading.words, "2" in reading.words
    if reading.has(NOT) or reading.has(LEAVE) or reading.has(STOPPING) or second or not reading.has(COMING):
        return None
    if reading.only(COMING, FILLER) and len(words) <= SENTENCE and not _only_thanks(reading):
        return None if reading.asks else Meaning(Intent.YES)
    sure = words[0] == "hadir" or (words[0] in ("saya", "kami") and words[1:2] == ["hadir"])
    if sure and len(words) <= SHORT + 1 and not reading.asks and not reading.has(PAST):
        return Meaning(Intent.YES, more=True)
    return None


def _only_thanks(reading: _Reading) -> bool:
    """Tell "ok, terima kasih" from a promise to come."""
    thanks = reading.has(_set("terima terimakasih makasih trims tks kasih"))
    return thanks and not reading.has(_set("hadir datang ikut bisa siap 1 insyaallah"))


def _reason(reading: _Reading, index: int) -> str:
    """Take the words after the answer, without those that only lead to them."""
    words = reading.words
    while index < len(words) and words[index] in LEADING:
        index += 1
    return reading.after(index)


def _mended(word: str) -> str:
    """Put right one slip in a keyword that is long enough to stay itself."""
    if word in TYPED or word in REAL_WORDS or len(word) < SHORT:
        return word
    return next((key for key in TYPED if _one_slip(word, key)), word)


def _one_slip(word: str, key: str) -> bool:
    """Say whether one letter was missed, added, changed or swapped with its neighbour."""
    if abs(len(word) - len(key)) > 1 or word[0] != key[0]:
        return False
    start = next((index for index, pair in enumerate(zip(word, key, strict=False)) if pair[0] != pair[1]), len(word))
    rests = {(word[start + 1 :], key[start + 1 :]), (word[start:], key[start + 1 :]), (word[start + 1 :], key[start:])}
    swapped = word[start : start + 2] == key[start : start + 2][::-1] and word[start + 2 :] == key[start + 2 :]
    return swapped or any(one == other for one, other in rests)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
