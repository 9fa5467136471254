"""The table of cases: what each word, sentence and button means. Whatever is not sure is read by a person."""

from uuid import UUID

import pytest

from replies.intents import meaning_of
from replies.states import Intent

KEY = "5f6d0f3e-6d4b-4f0c-9f0e-0a3f3c7a2b11"

CASES = {
    Intent.YES: """
        HADIR | hadir | Hadir. | *HADIR* | YA | ya bu | Iya saya hadir | 1 | 1. | saya hadir | sy hadir | HADRI | hadirr
        | Saya akan hadir, insyaallah | ok siap hadir bu | Ya, bisa | nggih bu | siap | hadir berdua | 👍 hadir
        | Selamat pagi, saya hadir. Terima kasih
    """,
    Intent.NO: """
        TIDAK | tidak | tidka | 2 | IZIN | ijin | No | tidak bisa | gak bisa | sy tdk bs hadir | saya tidak bisa hadir
        | belum bisa hadir | saya berhalangan hadir | mboten saget | tidak mau hadir | tidak jadi hadir | batal hadir
        | tidak bisa hadir, mohon izin
    """,
    Intent.SCHEDULE: """
        JADWAL | jadwal? | jadwl | minta jadwal bu | kapan jadwal pelatihan berikutnya? | Jadwal hari apa ya
    """,
    Intent.STOP: """
        BERHENTI | STOP | Stop! | stop | setop | unsub | UNSUBSCRIBE | brhenti | jangan kirim lagi | Jgn kirim lg
        | Tolong jangan kirim pesan lagi | saya mau berhenti | tolong berhenti ya bu | Tolong stop kirim pesan
        | berhenti kirim sms | Maaf, saya minta STOP pesan ini | tidak mau terima pesan lagi | stop dulu ya pak
        | BERHENTI MENGIRIM PESAN | Tolong pak berhenti
    """,
    Intent.START: """
        MULAI | mulai lagi | start | saya mau mulai lagi
    """,
    Intent.HELP: """
        BANTUAN | help | minta bantuan | tolong | bantaun
    """,
    Intent.JOIN: """
        DAFTAR SUKARARA | daftar sukarara | dafatr sukarara | DAFTAR | daftar parengan nama saya ani
    """,
    Intent.WRONG_NUMBER: """
        salah nomor | Maaf salah nomor | nomor salah | bukan saya | Saya bukan Bu Ani | maaf bu, salah sambung
        | ini bukan nomor Bu Ani | wrong number
    """,
    Intent.FREE: """
        tidak berhenti hadir | Hujan tidak berhenti | jangan berhenti ya bu | tidak stop | bus berhenti di balai desa
        | bus berhenti dulu | Berhenti di mana? | stop hadir | Kemarin bus berhenti di jalan jadi saya terlambat
        | Apakah pelatihan ini bisa stop dulu kalau panen padi masih belum selesai di desa kami
        | Saya mau bertanya, apakah pelatihan akan berhenti setelah lebaran tahun depan nanti
        | izin bertanya, jam berapa mulai? | Izin bertanya | mohon izin konfirmasi | tidak tahu | belum tahu
        | tidak apa apa | tidak masalah | tidak lupa hadir | tidak jadi izin | tidak bisa izin | tidak salah nomor
        | 2 orang hadir | 1 dan 2 | 12 | no 12 | batal? | Ya Allah, saya sakit | ya tapi mungkin terlambat | ok
        | daftar hadir kemarin belum saya tanda tangani | jadwal kemarin salah | mulai jam berapa? | mulia
        | bantuan modal kapan cair | hadir jam berapa ya | hadir kemarin lupa tanda tangan | 👍 | ... | terima kasih
        | ok terima kasih | Apakah saya bisa datang? | kain saya sudah jadi 2 kodi | siapa ini | tidak, jam berapa?
        | nomor bu siti yang baru 081234567890
    """,
}
TABLE = [(text.strip(), intent) for intent, texts in CASES.items() for text in texts.split("|")]


@pytest.mark.parametrize(("text", "intent"), TABLE, ids=[text for text, _intent in TABLE])
def test_words_mean_what_they_say(text: str, intent: Intent) -> None:
    assert meaning_of(text).intent == intent


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("IZIN", ""),
        ("IZIN anak sakit", "anak sakit"),
        ("IZIN\nanak sakit", "anak sakit"),
        ("izin: anak saya sakit sejak kemarin, ke puskesmas", "anak saya sakit sejak kemarin, ke puskesmas"),
        ("tidak, anak sakit", "anak sakit"),
        ("Tidak bisa hadir karena ada hajatan", "ada hajatan"),
        ("tdk bisa bu, hujan", "hujan"),
        ("2 anak sakit", "anak sakit"),
        ("maaf saya izin, ke pasar", "ke pasar"),
        ("mohon izin tidak hadir karena Sakit", "Sakit"),
        (
            "Saya tidak dapat mengikuti pelatihan besok karena ada acara keluarga di Surabaya",
            "ada acara keluarga di Surabaya",
        ),
    ],
)
def test_the_rest_of_the_sentence_is_the_reason(text: str, reason: str) -> None:
    meaning = meaning_of(text)
    assert (meaning.intent, meaning.reason) == (Intent.NO, reason)


@pytest.mark.parametrize(("payload", "intent"), [("yes", Intent.YES), ("no", Intent.NO), ("YA", Intent.YES)])
def test_a_button_names_its_message(payload: str, intent: Intent) -> None:
    meaning = meaning_of("Saya hadir", f"rsvp:{KEY}:{payload}")
    assert (meaning.intent, meaning.key) == (intent, UUID(KEY))


@pytest.mark.parametrize("payload", ["rsvp:nonsense:yes", f"rsvp:{KEY}:maybe", f"rsvp:{'-' * 36}:yes"])
def test_a_broken_button_falls_back_to_its_words(payload: str) -> None:
    meaning = meaning_of("Tidak bisa", payload)
    assert (meaning.intent, meaning.key) == (Intent.NO, None)


def test_a_button_without_a_payload_of_ours_is_read_as_its_words() -> None:
    assert meaning_of("", "Saya hadir").intent == Intent.YES
    assert meaning_of("", "Tidak bisa").intent == Intent.NO


def test_daftar_keeps_what_stands_behind_it() -> None:
    assert meaning_of("DAFTAR desa Sukarara").code == ("desa", "sukarara")
    assert meaning_of("daftar").code == ()


def test_words_beside_a_clear_answer_are_read_by_a_person_too() -> None:
    assert meaning_of("hadir berdua").more
    assert not meaning_of("saya hadir bu").more
